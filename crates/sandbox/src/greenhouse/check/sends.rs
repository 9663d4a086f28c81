//! The part of a check that sends tests.

use serde_json::{Value, json};

use super::probe::{Credential, Heard, Prober};
use super::status_of;
use crate::greenhouse::validator::{self, Strictness, TestItem};
use crate::greenhouse::wire;

const CALL: &str = "send_test";

/// What `send_test` has to turn down.
pub(super) async fn check_refusals(prober: &mut Prober) {
    let body = ask(prober, "no-such-test", 0).to_string();
    let heard = post(prober, Credential::Wrong, &body).await;
    let mend = "Answer 401 when the key is unknown.";
    prober.expect_status(CALL, "Refuses a wrong key", &heard, &[401], mend);
    let heard = post(prober, Credential::Key, &body).await;
    let mend = "Answer 404 for unknown, unpublished and other customers' tests alike.";
    prober.expect_status(CALL, "Answers 404 to an unknown test", &heard, &[404], mend);
    for (what, body) in [
        ("Turns down a body that is not JSON", "not JSON"),
        ("Turns down an empty object", "{}"),
        ("Turns down an array", "[]"),
    ] {
        let heard = post(prober, Credential::Key, body).await;
        let mend = "Answer 400 or 422 and say what is missing.";
        prober.expect_status(CALL, what, &heard, &[400, 422, 415], mend);
    }
}

/// Sends to a person who cannot exist, in all the ways in which Greenhouse may.
pub(super) async fn check_sending(prober: &mut Prober, test: &TestItem) {
    let body = ask(prober, &test.partner_test_id, 1);
    let heard = post(prober, Credential::Key, &body.to_string()).await;
    let host = prober.callback_base.host_str().unwrap_or_default();
    let mend = format!(
        "Answer 200. If it takes no url at {host}, name a base it takes with --callback-base."
    );
    if !prober.expect_status(CALL, "Takes a candidate", &heard, &[200], &mend) {
        return;
    }
    let heard = heard.map(|heard| heard.body).unwrap_or_default();
    let (findings, id) = validator::send_test(&heard, Strictness::default());
    prober.findings(CALL, "Answers an interview id", &findings);
    let Some(id) = id else {
        return;
    };
    check_repeats(prober, test, &body, &id).await;
    check_forms(prober, test).await;
    check_status(prober, &id).await;
}

async fn check_repeats(prober: &mut Prober, test: &TestItem, body: &Value, id: &str) {
    let again = id_of(post(prober, Credential::Key, &body.to_string()).await);
    let mend = "The same url, test and e-mail is the same ask: answer the same id and mail once.";
    prober.fail_unless(
        again.as_deref() == Some(id),
        CALL,
        "Answers a repeat with the same id",
        mend,
    );
    let twice = ask(prober, &test.partner_test_id, 2).to_string();
    let (first, second) = tokio::join!(
        post(prober, Credential::Key, &twice),
        post(prober, Credential::Key, &twice)
    );
    let (first, second) = (id_of(first), id_of(second));
    let same = first.is_some() && first == second;
    prober.fail_unless(same, CALL, "Answers a double click with one id", mend);
    let other = id_of(
        post(
            prober,
            Credential::Key,
            &ask(prober, &test.partner_test_id, 3).to_string(),
        )
        .await,
    );
    let new = other.is_some_and(|other| other != id);
    let mend = "Another url is a new sending: answer a new id.";
    prober.fail_unless(new, CALL, "Answers another url with a new id", mend);
}

/// Forms that Greenhouse sent over the years, and members that it may leave empty.
async fn check_forms(prober: &mut Prober, test: &TestItem) {
    let mut sparse = ask(prober, &test.partner_test_id, 4);
    for member in ["phone_number", "resume_url", "preferred_name"] {
        sparse["candidate"][member] = Value::Null;
    }
    sparse["sent_by"] = Value::Null;
    let mut old = ask(prober, &test.partner_test_id, 5);
    if let Some(members) = old.as_object_mut() {
        members.remove("sent_by");
    }
    if let Some(members) = old["candidate"].as_object_mut() {
        for member in ["preferred_name", "phone_number", "resume_url"] {
            members.remove(member);
        }
    }
    let mut rich = ask(prober, &test.partner_test_id, 6);
    rich["application"] = json!({"id": 172_800_000_004_u64});
    rich["candidate"]["id"] = json!(163_900_000_004_u64);
    for (what, body) in [
        (
            "Takes a candidate without phone, résumé and sender (null)",
            sparse,
        ),
        (
            "Takes a candidate without phone, résumé and sender (left out)",
            old,
        ),
        ("Takes members it does not know", rich),
    ] {
        let heard = post(prober, Credential::Key, &body.to_string()).await;
        prober.expect_ok(CALL, what, &heard);
    }
}

async fn check_status(prober: &mut Prober, id: &str) {
    let call = "test_status";
    let url = wire::status_url(&prober.endpoints.test_status, id);
    let heard = prober.get(&url, Credential::Key).await;
    if !prober.expect_ok(call, "Knows the id that it gave", &heard) {
        return;
    }
    let first = heard.map(|heard| heard.body).unwrap_or_default();
    let (findings, answer) = validator::test_status(&first, Strictness::default());
    prober.findings(call, "Answers a well-formed status", &findings);
    let complete = answer.is_some_and(|answer| answer.partner_status == "complete");
    let mend = "Answer complete only once a result can be seen.";
    prober.fail_unless(
        !complete,
        call,
        "Is not complete before anybody took the test",
        mend,
    );
    let again = prober
        .get(&url, Credential::Key)
        .await
        .map(|heard| heard.body);
    let mend = "A read must change nothing.";
    prober.fail_unless(
        again.as_deref() == Some(first.as_str()),
        call,
        "Answers the same at every read",
        mend,
    );
    let mut url = url;
    url.query_pairs_mut().append_pair("tenant-id", "7");
    let heard = prober.get(&url, Credential::Key).await;
    let mend = "Read parameters by name and let others be.";
    prober.warn_unless(
        status_of(&heard) == Some(200),
        call,
        "Lets other parameters be",
        mend,
    );
}

async fn post(prober: &Prober, credential: Credential, body: &str) -> Option<Heard> {
    prober
        .post(&prober.endpoints.send_test, credential, body)
        .await
}

fn id_of(heard: Option<Heard>) -> Option<String> {
    let heard = heard.filter(|heard| heard.status == 200)?;
    validator::send_test(&heard.body, Strictness::default()).1
}

/// A full ask. Its `url` is unlike that of any other check, so that no earlier one is repeated by accident; nothing
/// is ever completed, so that nothing is ever PATCHed there.
fn ask(prober: &Prober, test_id: &str, number: u64) -> Value {
    let base = prober.callback_base.as_str().trim_end_matches('/');
    let run = getrandom::u32().unwrap_or_default();
    let id = 900_000_000_000 + u64::from(run) * 10 + number;
    json!({
        "partner_test_id": test_id,
        "candidate": {
            "first_name": "Zoë",
            "last_name": "Check",
            "preferred_name": null,
            "resume_url": "https://files.example/resume/1",
            "phone_number": "+44 20 7946 0018 ext 4",
            "email": format!("check-{number}@candidate.example"),
            "greenhouse_profile_url": format!("{base}/people/163900000004?application_id={id}"),
        },
        "sent_by": "recruiter@customer.example",
        "url": format!("{base}/integrations/testing_partners/take_home_tests/{id}"),
    })
}
