//! `baton-sandbox check` against an honest vendor and rude ones.

use rstest::rstest;
use sandbox::{CheckConfig, Report, Verdict, check};
use url::Url;

use crate::vendor::{KEY, Vendor};

async fn judge(vendor: &Vendor) -> Report {
    check(&CheckConfig::new(Url::parse(&vendor.base).unwrap(), KEY))
        .await
        .unwrap()
}

#[tokio::test]
async fn an_honest_vendor_fails_nothing() {
    let vendor = Vendor::start();
    let report = judge(&vendor).await;
    assert!(!report.fails(), "{report}");
    assert!(report.count(Verdict::Pass) > 25, "{report}");
    assert!(!report.to_string().contains(KEY));
}

#[rstest]
#[case::open_list("list_tests", 200, "[]", "Refuses a wrong key")]
#[case::object("list_tests", 200, "{}", "Is an array of tests")]
#[case::broken_list("list_tests", 500, "{}", "Answers 200 to the key")]
#[case::null_id(
    "send_test",
    200,
    r#"{"partner_interview_id":null}"#,
    "Answers 404 to an unknown test"
)]
#[case::crash("test_status", 500, "{}", "Answers 404 to an unknown id")]
#[case::complete(
    "test_status",
    200,
    r#"{"partner_status":"complete","partner_profile_url":"https://v.example/1"}"#,
    "Is not complete before anybody took the test"
)]
#[case::notice("response_errors", 500, "{}", "Takes a notice")]
#[tokio::test]
async fn a_rude_vendor_fails(
    #[case] call: &str,
    #[case] status: u16,
    #[case] body: &str,
    #[case] what: &str,
) {
    let vendor = Vendor::start();
    vendor.say(call, status, body);
    let report = judge(&vendor).await;
    let failed: Vec<_> = report
        .rows
        .iter()
        .filter(|row| row.verdict == Verdict::Fail)
        .collect();
    let row = failed.iter().find(|row| row.what.starts_with(what));
    assert!(row.is_some_and(|row| !row.mend.is_empty()), "{report}");
}

#[tokio::test]
async fn a_vendor_that_forgets_asks_fails() {
    let vendor = Vendor::start();
    vendor.forget_asks();
    let report = judge(&vendor).await;
    let failed = |what: &str| {
        let mut rows = report.rows.iter();
        rows.any(|row| row.what == what && row.verdict == Verdict::Fail)
    };
    assert!(failed("Answers a repeat with the same id"), "{report}");
    assert!(failed("Answers a double click with one id"), "{report}");
}

#[tokio::test]
async fn a_vendor_that_is_not_there_fails() {
    let base = Url::parse("http://127.0.0.1:1/").unwrap();
    let report = check(&CheckConfig::new(base, KEY)).await.unwrap();
    assert!(report.fails());
    assert!(report.rows[0].mend.contains("No answer came"));
}
