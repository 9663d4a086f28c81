//! What Greenhouse sends: deliveries, which anybody can post, and the places of next pages.

use greenhouse_harvest::link;
use greenhouse_harvest::webhook::{About, parse, receive, sign};
use secrecy::SecretString;
use serde_json::Value;

/// What is taken is what a plain reader of JSON finds, only a true signature stands, and it stands for these bytes alone.
pub(crate) fn delivery(input: &[u8]) -> String {
    let keys = [SecretString::from("a long secret key")];
    let signature = sign(&keys[0], input);
    let mut other = input.to_vec();
    other.push(b' ');
    assert!(receive(&keys, signature.as_bytes(), &other).is_err());
    let Ok(delivery) = parse(input) else {
        return "refused".to_owned();
    };
    assert_eq!(
        receive(&keys, signature.as_bytes(), input).as_ref(),
        Ok(&delivery)
    );
    let body: Value = serde_json::from_slice(input).expect("what is taken is JSON");
    assert_eq!(body["action"].as_str(), Some(delivery.action.as_str()));
    let shown = match &delivery.about {
        About::Application(it) => {
            let said = &body["payload"]["application"]["id"];
            let digits = said.as_str().and_then(|text| text.trim().parse().ok());
            assert_eq!(it.id.map(|id| id.get()), said.as_i64().or(digits));
            format!("an application, jobs: {}", it.job_ids.len().min(2))
        }
        About::Person(it) => format!("a person, merged: {}", it.new_candidate_id.is_some()),
        About::Anonymized(id, fields) => format!("{}, {}", id.is_some(), fields.len().min(2)),
        About::Candidate(id) => format!("a candidate: {}", id.is_some()),
        About::Job(id) => format!("a job: {}", id.is_some()),
        About::JobPost(id, _) => format!("a post: {}", id.is_some()),
        _ => "something else".to_owned(),
    };
    format!("{shown}, empty: {}", delivery.payload.is_empty())
}

/// Each target stood between angle brackets, and written plainly the links are read the same again.
pub(crate) fn link(input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else {
        return "no text".to_owned();
    };
    let Ok(links) = link::parse(text) else {
        return "refused".to_owned();
    };
    for link in &links {
        assert!(text.contains(&link.target) && !link.target.contains('>'));
    }
    let plain: Vec<_> = links
        .iter()
        .map(|link| format!("<{}>; rel=\"{}\"", link.target, escaped(&link.relations)))
        .collect();
    assert_eq!(link::parse(&plain.join(", ")).as_ref(), Ok(&links));
    let next = links.iter().filter(|link| link.is("next")).count();
    format!("{} links, next: {}", links.len().min(3), next.min(2))
}

fn escaped(relations: &[String]) -> String {
    relations
        .join(" ")
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
}
