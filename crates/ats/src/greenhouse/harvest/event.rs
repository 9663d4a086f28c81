//! What a delivery of Greenhouse's recruiting webhooks is worth: a hint at what to look at, and nothing more.

use greenhouse_harvest::webhook::{About, Action, Refused, receive};
use secrecy::SecretString;

use super::reason::Reason;

/// What is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Nothing: Greenhouse tries whether we answer.
    Ping,
    /// Whether an application has come into a stage that invites.
    Application(i64),
    /// Whether a person, who was deleted or anonymized, is gone.
    PersonGone(i64),
    /// Whether a person has become one with another: the one who is gone, and the one who stays.
    Merged(i64, i64),
    /// Whether an application is gone.
    ApplicationGone(i64),
}

/// A genuine delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What happened, in Greenhouse's word.
    pub action: String,
    /// What is to be looked at; or why nothing is.
    pub event: Result<Event, Reason>,
}

/// Judges a delivery; none for one that was not signed with `key`. What is signed and cannot be read is genuine all the same.
pub fn heard(key: &SecretString, signature: &[u8], body: &[u8]) -> Option<Heard> {
    let delivery = match receive(std::slice::from_ref(key), signature, body) {
        Ok(delivery) => delivery,
        Err(Refused::Signature) => return None,
        Err(_) => {
            return Some(Heard {
                action: "unreadable".to_owned(),
                event: Err(Reason::OtherEvent),
            });
        }
    };
    Some(Heard {
        event: worth(&delivery.action, &delivery.about),
        action: delivery.action.as_str().to_owned(),
    })
}

fn worth(action: &Action, about: &About) -> Result<Event, Reason> {
    match (action, about) {
        (Action::Ping, _) => Ok(Event::Ping),
        (
            Action::CandidateStageChange
            | Action::ApplicationUpdated
            | Action::NewCandidateApplication
            | Action::UnrejectCandidate,
            About::Application(application),
        ) => named(application.id).map(Event::Application),
        (Action::DeleteApplication, About::Application(application)) => {
            named(application.id).map(Event::ApplicationGone)
        }
        (Action::DeleteCandidate, About::Person(person)) => named(person.id).map(Event::PersonGone),
        (Action::CandidateAnonymized, About::Anonymized(person, _)) => {
            named(*person).map(Event::PersonGone)
        }
        (Action::MergeCandidate, About::Person(person)) => Ok(Event::Merged(
            named(person.id)?,
            named(person.new_candidate_id)?,
        )),
        (
            Action::CandidateStageChange
            | Action::DeleteApplication
            | Action::DeleteCandidate
            | Action::CandidateAnonymized
            | Action::MergeCandidate,
            _,
        ) => Err(Reason::NoSubject),
        _ => Err(Reason::OtherEvent),
    }
}

fn named<R>(id: Option<greenhouse_harvest::Id<R>>) -> Result<i64, Reason> {
    id.map(greenhouse_harvest::Id::get).ok_or(Reason::NoSubject)
}

#[cfg(test)]
mod tests {
    use greenhouse_harvest::webhook::sign;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn judged(action: &str, payload: &Value) -> Result<Event, Reason> {
        let key = SecretString::from("key");
        let body = json!({ "action": action, "payload": payload }).to_string();
        let signature = sign(&key, body.as_bytes());
        let heard = heard(&key, signature.as_bytes(), body.as_bytes()).expect("it is signed");
        assert_eq!(heard.action, action);
        heard.event
    }

    #[rstest]
    #[case("ping", json!({ "web_hook_id": 3 }), Ok(Event::Ping))]
    #[case("candidate_stage_change", json!({ "application": { "id": 5, "candidate": { "id": 4 } } }), Ok(Event::Application(5)))]
    #[case("application_updated", json!({ "application": { "id": 5, "jobs": [] } }), Ok(Event::Application(5)))]
    #[case("delete_application", json!({ "application": { "id": 5, "candidate_id": 4 } }), Ok(Event::ApplicationGone(5)))]
    #[case("delete_candidate", json!({ "person": { "id": 4, "deleted_application_ids": [5] } }), Ok(Event::PersonGone(4)))]
    #[case("candidate_anonymized", json!({ "candidate_id": 4, "anonymized_fields": ["full_name"] }), Ok(Event::PersonGone(4)))]
    #[case("merge_candidate", json!({ "person": { "id": 4, "new_candidate_id": 9 } }), Ok(Event::Merged(4, 9)))]
    #[case("merge_candidate", json!({ "person": { "id": 4 } }), Err(Reason::NoSubject))]
    #[case("candidate_stage_change", json!({}), Err(Reason::NoSubject))]
    #[case("offer_created", json!({ "id": 1 }), Err(Reason::OtherEvent))]
    #[case("something_new", json!({}), Err(Reason::OtherEvent))]
    fn an_event_says_what_to_look_at(
        #[case] action: &str,
        #[case] payload: Value,
        #[case] expected: Result<Event, Reason>,
    ) {
        assert_eq!(judged(action, &payload), expected);
    }

    #[test]
    fn what_was_signed_with_another_key_is_nothing() {
        let body = br#"{"action":"ping","payload":{}}"#;
        let signature = sign(&SecretString::from("other"), body);
        assert_eq!(
            heard(&SecretString::from("key"), signature.as_bytes(), body),
            None
        );
    }

    #[test]
    fn what_was_signed_and_cannot_be_read_calls_for_nothing() {
        let key = SecretString::from("key");
        let signature = sign(&key, b"no json");
        let heard = heard(&key, signature.as_bytes(), b"no json").expect("it is signed");
        assert_eq!(heard.event, Err(Reason::OtherEvent));
    }
}
