//! Bodies of errors, in all their shapes.

use greenhouse_harvest::Complaint;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

/// Message, then `field: message` of each detail.
fn seen(body: &str) -> (String, Vec<String>) {
    let complaint = Complaint::read(body.as_bytes());
    let details = complaint.details.iter();
    let details =
        details.map(|it| format!("{}: {}", it.field.as_deref().unwrap_or("-"), it.message));
    (complaint.message.clone(), details.collect())
}

#[rstest]
#[case::texts(
    r#"{"message":"Unprocessable Content","errors":["When passing a cursor, do not include other query params."]}"#,
    "Unprocessable Content",
    &["-: When passing a cursor, do not include other query params."]
)]
#[case::by_field(r#"{"message":"m","errors":[{"per_page":"too many"},"plain"]}"#, "m", &["per_page: too many", "-: plain"])]
#[case::by_field_in_lists(r#"{"errors":[{"email":["bad","worse"]}]}"#, "", &["email: bad", "email: worse"])]
#[case::with_a_field(r#"{"message":"m","errors":[{"message":"Must be given","field":"body"}]}"#, "m", &["body: Must be given"])]
#[case::without_a_field(r#"{"errors":[{"message":"Must be given"}]}"#, "", &["-: Must be given"])]
#[case::no_list(r#"{"message":"m","errors":{"per_page":"too many"}}"#, "m", &["per_page: too many"])]
#[case::one_text(r#"{"errors":"no"}"#, "", &["-: no"])]
#[case::nothing(r#"{"message":"Forbidden"}"#, "Forbidden", &[])]
#[case::other_things(r#"{"message":5,"errors":[null,7,{"a":1}]}"#, "", &[])]
#[case::not_json("Retry later", "Retry later", &[])]
#[case::html("<html>502</html>", "<html>502</html>", &[])]
#[case::empty("", "", &[])]
#[case::a_list("[1]", "", &[])]
fn errors_are_read(#[case] body: &str, #[case] message: &str, #[case] details: &[&str]) {
    let details = details.iter().map(|&it| it.to_owned()).collect();
    assert_eq!(seen(body), (message.to_owned(), details));
}

#[test]
fn what_is_kept_is_short() {
    let errors: Vec<_> = (0..200)
        .map(|_| json!({"field": "é".repeat(600)}))
        .collect();
    let body = json!({"message": "é".repeat(600), "errors": errors}).to_string();
    let complaint = Complaint::read(body.as_bytes());
    assert_eq!(complaint.message.chars().count(), 500);
    assert_eq!(complaint.details.len(), 50);
    assert_eq!(complaint.details[0].message.chars().count(), 500);
    assert_eq!(
        Complaint::read("é".repeat(600).as_bytes())
            .message
            .chars()
            .count(),
        500
    );
}

#[test]
fn greenhouses_words_are_not_shown() {
    let complaint =
        Complaint::read(br#"{"message":"Ada","errors":[{"message":"Ada","field":"email"}]}"#);
    let shown = format!("{complaint:?} {:?}", complaint.details);
    assert!(shown.contains("email") && !shown.contains("Ada"), "{shown}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(body in any::<Vec<u8>>()) {
        let complaint = Complaint::read(&body);
        prop_assert!(complaint.message.chars().count() <= 500);
    }

    #[test]
    fn the_order_of_errors_is_kept(messages in proptest::collection::vec("[a-z]{1,8}", 0..20)) {
        let errors: Vec<_> = messages
            .iter()
            .enumerate()
            .map(|(at, message)| match at % 3 {
                0 => json!(message),
                1 => json!({"field_name": message}),
                _ => json!({"message": message, "field": "f"}),
            })
            .collect();
        let complaint = Complaint::read(json!({"errors": errors}).to_string().as_bytes());
        let read: Vec<_> = complaint.details.into_iter().map(|it| it.message).collect();
        prop_assert_eq!(read, messages);
    }
}
