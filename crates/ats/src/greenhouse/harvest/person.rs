//! Which of several persons is meant, and what is missing of one.

use std::cmp::Reverse;

use domain::CandidateDetails;
use greenhouse_harvest::write::CandidateUpdate;
use greenhouse_harvest::{Candidate, CandidateId, Contact, ContactKind};

/// The person meant among those with one address: one with an application for the job, else the one to whom something happened
/// last.
pub fn choose(found: &[Candidate], applied: &[CandidateId]) -> Option<CandidateId> {
    let rank = |candidate: &&Candidate| {
        let last = candidate.last_activity_at.or(candidate.updated_at);
        (
            applied.contains(&candidate.id),
            last,
            Reverse(candidate.id.get()),
        )
    };
    found.iter().max_by_key(rank).map(|it| it.id)
}

/// What to change so that address and profile are there, with all that is there already; none where nothing is missing.
pub fn missing(there: &Candidate, wanted: &CandidateDetails) -> Option<CandidateUpdate> {
    let mut update = None;
    if !has_address(there, wanted) {
        let mut all = there.email_addresses.clone();
        all.push(Contact::new(ContactKind::Personal, wanted.email.as_str()));
        update =
            Some(update.unwrap_or_default()).map(|it: CandidateUpdate| it.email_addresses(&all));
    }
    if let Some(profile) = wanted
        .linkedin_url
        .as_deref()
        .filter(|it| !has_profile(there, it))
    {
        let mut all = there.social_media_addresses.clone();
        all.push(Contact::social(profile));
        update = Some(update.unwrap_or_default().social_media_addresses(&all));
    }
    update
}

fn has_address(there: &Candidate, wanted: &CandidateDetails) -> bool {
    let key = wanted.email.key();
    let same = |it: &Contact| it.value.trim().to_lowercase() == key;
    there.email_addresses.iter().any(same)
}

fn has_profile(there: &Candidate, wanted: &str) -> bool {
    let wanted = plain(wanted);
    let mut pages = there
        .social_media_addresses
        .iter()
        .chain(&there.website_addresses);
    pages.any(|it| plain(&it.value) == wanted)
}

/// A page's address as people mean it: without scheme, `www.`, country, query and the slash at its end, whatever its letter case.
fn plain(address: &str) -> String {
    let text = address.trim().to_lowercase();
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let host = if host.ends_with(".linkedin.com") {
        "linkedin.com"
    } else {
        host.strip_prefix("www.").unwrap_or(host)
    };
    format!("{host}/{}", path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use domain::Email;
    use serde_json::{Value, json};

    use super::*;

    fn candidate(id: i64, more: &Value) -> Candidate {
        let mut body = json!({ "id": id, "can_email": true });
        for (name, value) in more.as_object().expect("members") {
            body[name] = value.clone();
        }
        serde_json::from_value(body).expect("a candidate")
    }

    fn wanted(linkedin_url: Option<&str>) -> CandidateDetails {
        CandidateDetails {
            first_name: "Zoë".into(),
            last_name: "Nowak".into(),
            preferred_name: None,
            email: Email::parse("Zoe@Candidate.example").expect("an address"),
            phone: None,
            linkedin_url: linkedin_url.map(str::to_owned),
            erased_at: None,
        }
    }

    #[test]
    fn of_several_the_applicant_is_meant_else_the_liveliest() {
        let old = candidate(1, &json!({ "last_activity_at": "2026-01-01T00:00:00Z" }));
        let lively = candidate(2, &json!({ "last_activity_at": "2026-11-01T00:00:00Z" }));
        let still = candidate(3, &json!({}));
        let all = [old, lively, still];
        assert_eq!(choose(&all, &[]), Some(CandidateId::new(2)));
        assert_eq!(
            choose(&all, &[CandidateId::new(1)]),
            Some(CandidateId::new(1))
        );
        assert_eq!(choose(&all[2..], &[]), Some(CandidateId::new(3)));
        assert_eq!(choose(&[], &[]), None);
    }

    #[test]
    fn what_is_missing_is_added_to_all_that_is_there() {
        let there = candidate(
            1,
            &json!({
                "email_addresses": [{ "value": "z@work.example", "type": "work" }],
                "social_media_addresses": [{ "value": "https://social.example/zoe" }],
            }),
        );
        let update = missing(&there, &wanted(Some("https://www.linkedin.com/in/zoe")))
            .expect("both are missing");
        assert_eq!(
            Value::Object(update.as_json().clone()),
            json!({
                "email_addresses": [{ "value": "z@work.example", "type": "work" }, { "value": "Zoe@Candidate.example", "type": "personal" }],
                "social_media_addresses": [{ "value": "https://social.example/zoe" }, { "value": "https://www.linkedin.com/in/zoe" }],
            })
        );
    }

    #[test]
    fn what_is_there_in_another_spelling_is_not_missing() {
        let there = candidate(
            1,
            &json!({
                "email_addresses": [{ "value": "zoe@candidate.EXAMPLE", "type": "personal" }],
                "website_addresses": [{ "value": "http://de.linkedin.com/in/Zoe/?trk=x", "type": "other" }],
            }),
        );
        for profile in [
            None,
            Some("https://www.linkedin.com/in/zoe"),
            Some("https://linkedin.com/in/zoe/"),
        ] {
            assert!(missing(&there, &wanted(profile)).is_none(), "{profile:?}");
        }
        assert!(missing(&there, &wanted(Some("https://www.linkedin.com/in/zoe-2"))).is_some());
    }
}
