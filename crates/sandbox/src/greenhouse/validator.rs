//! Judges a vendor's answers. Pure: text in, findings and what could be read out.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv6Addr};

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use url::{Host, Url};

use crate::call_log::Findings;

/// How strictly answers are judged.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Strictness {
    /// Numbers as ids are errors; else they are converted, with a warning.
    pub(crate) ids_must_be_strings: bool,
    /// A result on a private host is shown, with a warning; else it is an error and hidden.
    pub(crate) private_results_are_shown: bool,
}

/// One test that the vendor offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TestItem {
    /// The vendor's id.
    pub(crate) partner_test_id: String,
    /// What the recruiter sees.
    pub(crate) partner_test_name: String,
}

/// What a good `test_status` says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StatusAnswer {
    /// Only `complete` means anything.
    pub(crate) partner_status: String,
    /// None where it is missing or must stay hidden.
    pub(crate) profile_url: Option<String>,
    /// The address is private, so nothing of the result is shown.
    pub(crate) hidden: bool,
    pub(crate) score: Option<Number>,
    /// In the order in which it was sent.
    pub(crate) metadata: Vec<(String, Value)>,
}

/// Judges `list_tests`: the tests, or none when the answer is malformed.
pub(crate) fn list_tests(body: &str, rules: Strictness) -> (Findings, Option<Vec<TestItem>>) {
    let mut findings = Findings::default();
    let Some(value) = json(body, &mut findings) else {
        return (findings, None);
    };
    let Value::Array(items) = value else {
        findings.error("the answer must be an array of tests");
        return (findings, None);
    };
    let tests = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| test_item(at, item, rules, &mut findings))
        .collect::<Vec<_>>();
    warn_of_twins(&tests, &mut findings);
    let good = findings.errors.is_empty();
    (findings, good.then_some(tests))
}

fn test_item(
    at: usize,
    item: &Value,
    rules: Strictness,
    findings: &mut Findings,
) -> Option<TestItem> {
    let at = at + 1;
    if !item.is_object() {
        findings.error(format!("test {at} must be an object"));
        return None;
    }
    let id = text_member(
        item,
        "partner_test_id",
        &format!("test {at}: "),
        rules,
        findings,
    );
    let name = text_member(
        item,
        "partner_test_name",
        &format!("test {at}: "),
        rules_for_names(rules),
        findings,
    );
    let (id, name) = (id?, name?);
    for (member, value) in [("partner_test_id", &id), ("partner_test_name", &name)] {
        if value.trim().is_empty() {
            findings.warning(format!("test {at}: {member} is blank"));
        }
    }
    Some(TestItem {
        partner_test_id: id,
        partner_test_name: name,
    })
}

/// A name is never a number, however lenient we are about ids.
fn rules_for_names(rules: Strictness) -> Strictness {
    Strictness {
        ids_must_be_strings: true,
        ..rules
    }
}

fn warn_of_twins(tests: &[TestItem], findings: &mut Findings) {
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    for test in tests {
        if !ids.insert(&test.partner_test_id) {
            findings.warning(format!(
                "partner_test_id {} appears twice",
                test.partner_test_id
            ));
        }
        if !names.insert(&test.partner_test_name) {
            findings.warning(format!(
                "partner_test_name {} appears twice: recruiters cannot tell them apart",
                test.partner_test_name
            ));
        }
    }
}

/// Judges `send_test`: the interview id, or none when the answer is malformed.
pub(crate) fn send_test(body: &str, rules: Strictness) -> (Findings, Option<String>) {
    let mut findings = Findings::default();
    let Some(value) = object(body, &mut findings) else {
        return (findings, None);
    };
    let id = text_member(&value, "partner_interview_id", "", rules, &mut findings);
    let id = id.filter(|id| {
        let blank = id.trim().is_empty();
        if blank {
            findings.error("partner_interview_id must not be blank");
        }
        !blank
    });
    (findings, id)
}

/// Judges `test_status`: what it says, or none when the answer is malformed beyond use.
pub(crate) fn test_status(body: &str, rules: Strictness) -> (Findings, Option<StatusAnswer>) {
    let mut findings = Findings::default();
    let Some(value) = object(body, &mut findings) else {
        return (findings, None);
    };
    let status = string_member(&value, "partner_status", &mut findings);
    let score = score(&value, &mut findings);
    check_metadata(&value, &mut findings);
    warn_of_other_members(&value, &mut findings);
    let complete = status.as_deref() == Some("complete");
    let url = profile_url(&value, complete, &mut findings);
    let usable = findings.errors.is_empty();
    let private = url.as_ref().is_some_and(is_private);
    if private {
        judge_private_url(rules, &mut findings);
    }
    let hidden = private && !rules.private_results_are_shown;
    let answer = status
        .filter(|_| usable)
        .map(|partner_status| StatusAnswer {
            partner_status,
            profile_url: url.filter(|_| !hidden).map(String::from),
            hidden,
            score: score.filter(|_| !hidden),
            metadata: if hidden {
                Vec::new()
            } else {
                ordered_metadata(body)
            },
        });
    (findings, answer)
}

fn judge_private_url(rules: Strictness, findings: &mut Findings) {
    let text =
        "partner_profile_url names a private host: Greenhouse shows nothing of such a result";
    if rules.private_results_are_shown {
        findings.warning(format!(
            "{text}; this sandbox does, because you are on a private host too"
        ));
    } else {
        findings.error(text);
    }
}

fn profile_url(value: &Value, complete: bool, findings: &mut Findings) -> Option<Url> {
    let text = match value.get("partner_profile_url") {
        None | Some(Value::Null) if complete => {
            findings.error("partner_profile_url is missing although partner_status is complete");
            return None;
        }
        None | Some(Value::Null) => return None,
        Some(Value::String(text)) => text,
        Some(_) => {
            findings.error("partner_profile_url must be a string");
            return None;
        }
    };
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Some(url),
        _ => {
            findings.error("partner_profile_url must be an http or https URL");
            None
        }
    }
}

fn score(value: &Value, findings: &mut Findings) -> Option<Number> {
    match value.get("partner_score") {
        None | Some(Value::Null) => None,
        Some(Value::Number(number)) => Some(number.clone()),
        Some(_) => {
            findings.error("partner_score must be a number");
            None
        }
    }
}

fn check_metadata(value: &Value, findings: &mut Findings) {
    match value.get("metadata") {
        None | Some(Value::Null) => {}
        Some(Value::Object(entries)) => {
            for (label, value) in entries {
                if value.is_array() || value.is_object() {
                    findings.error(format!(
                        "metadata must be flat: {label} is no string, number or boolean"
                    ));
                }
            }
        }
        Some(_) => findings.error("metadata must be an object"),
    }
}

fn warn_of_other_members(value: &Value, findings: &mut Findings) {
    const KNOWN: [&str; 4] = [
        "partner_status",
        "partner_profile_url",
        "partner_score",
        "metadata",
    ];
    let members = value
        .as_object()
        .into_iter()
        .flat_map(|members| members.keys());
    for member in members.filter(|member| !KNOWN.contains(&member.as_str())) {
        findings.warning(format!("{member} is none of the four documented members"));
    }
}

fn json(body: &str, findings: &mut Findings) -> Option<Value> {
    let value = serde_json::from_str(body);
    if value.is_err() {
        findings.error("the answer must be JSON");
    }
    value.ok()
}

fn object(body: &str, findings: &mut Findings) -> Option<Value> {
    let value = json(body, findings)?;
    if !value.is_object() {
        findings.error("the answer must be an object");
        return None;
    }
    Some(value)
}

fn string_member(value: &Value, name: &str, findings: &mut Findings) -> Option<String> {
    let strict = Strictness {
        ids_must_be_strings: true,
        ..Strictness::default()
    };
    text_member(value, name, "", strict, findings)
}

/// A string, or where the rules let it pass an integer turned into one.
fn text_member(
    value: &Value,
    name: &str,
    place: &str,
    rules: Strictness,
    findings: &mut Findings,
) -> Option<String> {
    match value.get(name) {
        None | Some(Value::Null) => {
            findings.error(format!("{place}{name} is missing"));
            None
        }
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) if !rules.ids_must_be_strings && !number.is_f64() => {
            findings.warning(format!("{place}{name} should be a string, not a number"));
            Some(number.to_string())
        }
        Some(_) => {
            findings.error(format!("{place}{name} must be a string"));
            None
        }
    }
}

/// Whether a URL's host is loopback, private, link-local, or a name without a dot.
pub(crate) fn is_private(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.') || name.ends_with(".localhost") || name.ends_with(".local")
        }
        Some(Host::Ipv4(address)) => is_private_address(address.into()),
        Some(Host::Ipv6(address)) => is_private_address(address.into()),
    }
}

fn is_private_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && (64..128).contains(&second);
            shared
                || first == 0
                || address.is_private()
                || address.is_loopback()
                || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback()
                || address == Ipv6Addr::UNSPECIFIED
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

/// `metadata` in the order of the text, which a JSON map would lose.
fn ordered_metadata(body: &str) -> Vec<(String, Value)> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        metadata: Option<Ordered>,
    }
    let body: Result<Body, _> = serde_json::from_str(body);
    let entries = body.ok().and_then(|body| body.metadata);
    let entries = entries.map(|ordered| ordered.0).unwrap_or_default();
    entries
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect()
}

struct Ordered(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Ordered;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
#[path = "validator_tests.rs"]
mod tests;
