//! Organizations on Baton's side, each with a test that scores itself.

use std::path::Path;
use std::process::Stdio;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use super::Vendor;
use crate::broken::{Broken, Result, broken};

/// One organization: its keys, and what candidates answer.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) platform_key: String,
    pub(crate) greenhouse_key: String,
    pub(crate) assessment: String,
    pub(crate) question: String,
    /// The right choice and the wrong one.
    pub(crate) choices: [String; 2],
}

/// What `baton-admin` needs to be run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Admin<'a> {
    pub(crate) programs: &'a Path,
    pub(crate) folder: &'a Path,
    pub(crate) environment: &'a [(String, String)],
}

impl Admin<'_> {
    /// Runs it; its answer.
    async fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let path = self.programs.join("baton-admin");
        let ended = Command::new(&path)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .current_dir(self.folder)
            .arg("--json")
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(|error| Broken(format!("{} cannot be run: {error}", path.display())))?;
        serde_json::from_slice(&ended.stdout)
            .map_err(|_| Broken(String::from_utf8_lossy(&ended.stderr).into_owned()))
    }

    /// Makes an organization with a key of each kind; the platform key and the Greenhouse key.
    pub(crate) async fn create(&self, name: &str) -> Result<[String; 2]> {
        let made = self.ask(&["organization", "create", name]).await?;
        let organization = text(&made["id"])?;
        let mut keys = [String::new(), String::new()];
        for (key, kind) in keys.iter_mut().zip(["platform", "greenhouse_assessment"]) {
            let of = ["--organization", &organization, "--kind", kind];
            let arguments = ["api-key", "create"].into_iter().chain(of);
            let made = self.ask(&arguments.collect::<Vec<_>>()).await?;
            *key = text(&made["key"])?;
        }
        Ok(keys)
    }
}

impl Customer {
    /// Publishes the organization's test.
    pub(crate) async fn open(vendor: &Vendor, name: &str, keys: [String; 2]) -> Result<Self> {
        let [platform_key, greenhouse_key] = keys;
        let draft = json!({
            "title": "Sums",
            "questions": [{
                "kind": "single_choice",
                "prompt": "Two and two?",
                "choices": [{ "text": "Four", "correct": true }, { "text": "Five" }],
            }],
        });
        let made = vendor
            .ask(&platform_key, Method::POST, "assessments", Some(&draft))
            .await?;
        let assessment = text(&made["id"])?;
        let publish = format!("assessments/{assessment}/publish");
        vendor
            .ask(&platform_key, Method::POST, &publish, None)
            .await?;
        let question = &made["questions"][0];
        Ok(Self {
            name: name.to_owned(),
            question: text(&question["id"])?,
            choices: [
                text(&question["choices"][0]["id"])?,
                text(&question["choices"][1]["id"])?,
            ],
            platform_key,
            greenhouse_key,
            assessment,
        })
    }
}

fn text(value: &Value) -> Result<String> {
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => broken(format!("{value} is no text")),
    }
}
