//! The bodies that Greenhouse sends.

use serde_json::{Map, Value, json};
use url::Url;

use super::organization::Dialect;
use super::recruiting::Application;
use super::take_home_test::SentTest;

/// Links that a `send_test` carries.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    /// Where the recruiter sees the application.
    pub(crate) profile: String,
    /// Where the vendor PATCHes.
    pub(crate) callback: String,
}

/// The body of `send_test`, in the organization's dialect.
pub(crate) fn send_test_body(
    application: &Application,
    test: &SentTest,
    links: &Links,
    dialect: &Dialect,
) -> Value {
    let mut body = Map::new();
    let test_id = id_value(&test.partner_test_id, dialect);
    body.insert("partner_test_id".to_owned(), test_id);
    let mut candidate = candidate(application, links, dialect);
    let url = Value::from(links.callback.clone());
    if dialect.url_in_candidate && !dialect.omit_url {
        candidate.insert("url".to_owned(), url.clone());
    }
    if dialect.unknown_members {
        candidate.insert("id".to_owned(), application.person_id.into());
        body.insert(
            "application".to_owned(),
            json!({"id": application.application_id}),
        );
        body.insert(
            "job".to_owned(),
            json!({"id": application.job_id, "tags": []}),
        );
    }
    body.insert("candidate".to_owned(), candidate.into());
    if !dialect.omit_sent_by {
        put(&mut body, "sent_by", test.sent_by.as_deref(), dialect);
    }
    if !dialect.url_in_candidate && !dialect.omit_url {
        body.insert("url".to_owned(), url);
    }
    body.into()
}

fn candidate(application: &Application, links: &Links, dialect: &Dialect) -> Map<String, Value> {
    let mut candidate = Map::new();
    put(
        &mut candidate,
        "first_name",
        Some(&application.first_name),
        dialect,
    );
    put(
        &mut candidate,
        "last_name",
        Some(&application.last_name),
        dialect,
    );
    if !dialect.omit_preferred_name {
        let preferred = application.preferred_name.as_deref();
        put(&mut candidate, "preferred_name", preferred, dialect);
    }
    put(
        &mut candidate,
        "resume_url",
        application.resume_url.as_deref(),
        dialect,
    );
    put(
        &mut candidate,
        "phone_number",
        application.phone_number.as_deref(),
        dialect,
    );
    put(
        &mut candidate,
        "email",
        application.email.as_deref(),
        dialect,
    );
    put(
        &mut candidate,
        "greenhouse_profile_url",
        Some(&links.profile),
        dialect,
    );
    candidate
}

/// A member without a value is `null`, unless the dialect leaves it out.
fn put(body: &mut Map<String, Value>, name: &str, value: Option<&str>, dialect: &Dialect) {
    if value.is_some() || !dialect.omit_absent {
        body.insert(name.to_owned(), value.into());
    }
}

fn id_value(id: &str, dialect: &Dialect) -> Value {
    match id.parse::<u64>() {
        Ok(number) if dialect.numeric_ids => number.into(),
        _ => id.into(),
    }
}

/// What Greenhouse knows when an answer turns out malformed. It sends that much and no more.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownAtError {
    /// From the stage.
    pub(crate) partner_test_id: Option<String>,
    /// From the last list.
    pub(crate) partner_test_name: Option<String>,
    /// From the vendor's answer to `send_test`.
    pub(crate) partner_interview_id: Option<String>,
    /// From the application.
    pub(crate) candidate_email: Option<String>,
}

/// The body of `response_error`.
pub(crate) fn error_notice(
    api_call: &str,
    errors: &[String],
    known: &KnownAtError,
    dialect: &Dialect,
) -> Value {
    let mut body = Map::new();
    body.insert("api_call".to_owned(), api_call.into());
    body.insert("errors".to_owned(), errors.into());
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    let id = |id: &Option<String>| id.as_deref().map(|id| id_value(id, dialect));
    add("partner_test_id", id(&known.partner_test_id));
    add(
        "partner_test_name",
        known.partner_test_name.clone().map(Value::from),
    );
    add("partner_interview_id", id(&known.partner_interview_id));
    add(
        "candidate_email",
        known.candidate_email.clone().map(Value::from),
    );
    body.into()
}

/// The registered `test_status` URL with the id in its query, percent-encoded, after whatever query is there already.
pub(crate) fn status_url(registered: &Url, partner_interview_id: &str) -> Url {
    // In a query `form_urlencoded` writes a blank as "+"; Greenhouse percent-encodes.
    let encoded = url::form_urlencoded::byte_serialize(partner_interview_id.as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    let pair = format!("partner_interview_id={encoded}");
    let query = match registered.query().filter(|query| !query.is_empty()) {
        Some(query) => format!("{query}&{pair}"),
        None => pair,
    };
    let mut url = registered.clone();
    url.set_query(Some(&query));
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "https://v.example/status",
        "inv_1",
        "https://v.example/status?partner_interview_id=inv_1"
    )]
    #[case(
        "https://v.example/s?tenant-id=4",
        "a",
        "https://v.example/s?tenant-id=4&partner_interview_id=a"
    )]
    #[case(
        "https://v.example/s",
        "owner/repo 12+",
        "https://v.example/s?partner_interview_id=owner%2Frepo%2012%2B"
    )]
    fn the_id_goes_into_the_query(#[case] registered: &str, #[case] id: &str, #[case] url: &str) {
        let registered = Url::parse(registered).expect("a URL");
        assert_eq!(status_url(&registered, id).as_str(), url);
    }

    proptest! {
        #[test]
        fn any_id_arrives_as_it_was(id in ".{1,60}") {
            let registered = Url::parse("https://v.example/status?a=b").expect("a URL");
            let url = status_url(&registered, &id);
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            prop_assert_eq!(&pairs[1], &("partner_interview_id".to_owned(), id));
        }
    }
}
