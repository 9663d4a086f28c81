//! What Lever sends: deliveries, which anybody can post, and answers.

use lever::webhook::{parse, sign};
use lever::{Opportunity, Unreadable, list, single};
use secrecy::SecretString;
use serde_json::Value;

/// The signature token of the seeds.
const KEY: &str = "9e27c41f0b6a85d3e2f7104cb98a6d5f31c07ea42d6b8f19";

/// What is taken is what a plain reader of JSON finds, and only a true signature stands.
pub(crate) fn delivery(input: &[u8]) -> String {
    let Ok(delivery) = parse(input) else {
        return "refused".to_owned();
    };
    let body: Value = serde_json::from_slice(input).expect("what is taken is JSON");
    assert_eq!(body["token"].as_str(), Some(delivery.token.as_str()));
    assert_eq!(body["triggeredAt"].as_i64(), Some(delivery.triggered_at));
    let id = delivery.data.opportunity_id.as_ref();
    assert_eq!(
        body["data"]["opportunityId"].as_str(),
        id.map(AsRef::as_ref)
    );
    let key = SecretString::from(KEY);
    let verified = delivery.verify(&key);
    let signature = sign(&key, &delivery.token, delivery.triggered_at);
    assert_eq!(verified, body["signature"].as_str() == Some(&signature));
    let (test, named) = (delivery.is_test(), id.is_some());
    format!("verified: {verified}, a test: {test}, names an opportunity: {named}")
}

/// Any JSON is one object to the reader, and a list is never shorter than it says.
pub(crate) fn answer(input: &[u8]) -> String {
    let json = serde_json::from_slice::<Value>(input);
    assert_eq!(single::<Value>(input).is_ok(), json.is_ok());
    match list::<Opportunity>(input) {
        Ok(page) => {
            let more = says_more(&json.expect("what is taken is JSON"));
            assert_eq!(page.next.is_some(), more, "cut short");
            format!("{} of a list, more: {more}", page.items.len().min(3))
        }
        Err(Unreadable::NotJson) => "not JSON".to_owned(),
        Err(_) => "another shape".to_owned(),
    }
}

/// Whether the innermost wrapping that speaks of it claims to have more. A list was read, so each object on the way holds `data`.
fn says_more(json: &Value) -> bool {
    let (mut value, mut more) = (json, false);
    while let Value::Object(members) = value {
        if let Some(claim) = members.get("hasNext") {
            more = *claim == true;
        }
        value = &value["data"];
    }
    more
}
