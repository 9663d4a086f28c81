//! `doctor`: looks everything through and says what to mend.

mod database;
mod keys;
mod log;
mod machine;
mod mail;
mod work;

use app::App;
use serde::Serialize;
use serde_json::json;
use server::OpenError;
use server::settings::Settings;

use crate::answer::Answer;

/// How bad it is; the program's exit status says the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    /// Nothing to do.
    Fine,
    /// To be mended soon.
    Warning,
    /// To be mended now.
    Error,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// What was looked at.
    pub(crate) check: &'static str,
    /// How it is.
    pub(crate) what: String,
    /// What to do.
    pub(crate) advice: Option<String>,
}

impl Finding {
    pub(crate) fn fine(check: &'static str, what: impl Into<String>) -> Self {
        Self {
            severity: Severity::Fine,
            check,
            what: what.into(),
            advice: None,
        }
    }

    pub(crate) fn warning(
        check: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            check,
            what: what.into(),
            advice: Some(advice.into()),
        }
    }

    pub(crate) fn error(
        check: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            ..Self::warning(check, what, advice)
        }
    }
}

/// Looks at everything; the answer carries the worst severity as the program's exit status.
pub(crate) async fn examine(settings: &Settings) -> Answer {
    let mut findings = of_settings(settings);
    findings.extend(machine::disk(settings));
    match server::open_as_it_is(settings) {
        Ok(app) => findings.extend(of_app(settings, &app).await),
        Err(OpenError::Keys(why)) => findings.push(Finding::error(
            "keys",
            why,
            "Put the keys into `secrets.keys`, or the key file back where it was.",
        )),
        Err(error) => findings.push(Finding::error(
            "database",
            error.to_string(),
            "Check `database.url` and `secrets.keys`, and that the server runs; then look again.",
        )),
    }
    findings.extend(mail::relay(settings).await);
    report(&findings)
}

fn of_settings(settings: &Settings) -> Vec<Finding> {
    let mut findings: Vec<Finding> = settings
        .warnings()
        .into_iter()
        .map(|warning| Finding::warning("settings", warning, "Change the setting, and restart."))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::fine("settings", "Nothing stands out."));
    }
    let secure = settings.public_url.starts_with("https://");
    findings.push(match (secure, settings.is_on_loopback()) {
        (true, _) => Finding::fine("public_url", "Links are https."),
        (false, true) => Finding::warning(
            "public_url",
            "Links lead to this machine: nobody else can open them.",
            "Set `public_url` to the https address under which candidates reach Baton.",
        ),
        (false, false) => Finding::error(
            "public_url",
            "Links are plain http: whoever listens on the way can open them.",
            "Set `public_url` to an https address.",
        ),
    });
    findings
}

async fn of_app(settings: &Settings, app: &App) -> Vec<Finding> {
    let engine = database::engine(app).await;
    let Ok(current) = database::schema(app).await else {
        return engine;
    };
    let mut findings = engine;
    findings.extend(database::set_up(settings));
    let usable = current.severity != Severity::Error;
    findings.push(current);
    if usable {
        findings.extend(keys::keys(app).await);
        findings.extend(log::chains(app).await);
        findings.extend(work::queue(app).await);
        findings.extend(work::workers(app).await);
        findings.extend(work::parked(app).await);
        findings.extend(work::erasures(app).await);
        findings.extend(work::requests(app).await);
        findings.extend(mail::waiting(settings, app).await);
        findings.extend(machine::backups(app).await);
    }
    findings
}

/// What went wrong while something was looked at.
fn failed(check: &'static str, error: &app::Error) -> Vec<Finding> {
    vec![Finding::error(
        check,
        error.to_string(),
        "Mend what is said of the database first, then look again.",
    )]
}

fn report(findings: &[Finding]) -> Answer {
    let worst = findings
        .iter()
        .map(|finding| finding.severity)
        .max()
        .unwrap_or(Severity::Fine);
    Answer::new(
        words(findings),
        json!({ "severity": worst, "findings": findings }),
    )
    .with_status(worst as u8)
}

fn words(findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for finding in findings {
        let mark = match finding.severity {
            Severity::Fine => "ok     ",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR  ",
        };
        lines.push(format!("{mark} {}: {}", finding.check, finding.what));
        if let Some(advice) = &finding.advice {
            lines.push(format!("        {advice}"));
        }
    }
    lines.push(sum(findings));
    lines.join("\n")
}

fn sum(findings: &[Finding]) -> String {
    let many = |severity| {
        let of_it = findings.iter().filter(|found| found.severity == severity);
        of_it.count()
    };
    match (many(Severity::Error), many(Severity::Warning)) {
        (0, 0) => "All is well.".to_owned(),
        (errors, warnings) => format!("{errors} to mend now, {warnings} to mend soon."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_says_what_is_and_what_to_do() {
        let findings = [
            Finding::fine("public_url", "Links are https."),
            Finding::warning(
                "backups",
                "No backup was ever made.",
                "Run baton-admin backup FILE.",
            ),
            Finding::error(
                "keys",
                "3 secrets hang on key `k1`, which is not there.",
                "Add it.",
            ),
        ];
        insta::assert_snapshot!(words(&findings), @r"
        ok      public_url: Links are https.
        WARNING backups: No backup was ever made.
                Run baton-admin backup FILE.
        ERROR   keys: 3 secrets hang on key `k1`, which is not there.
                Add it.
        1 to mend now, 1 to mend soon.
        ");
        assert_eq!(report(&findings).status(), 2);
        assert_eq!(report(&findings[..2]).status(), 1);
        assert_eq!(report(&findings[..1]).status(), 0);
    }
}
