//! The words that a candidate is reminded with.

use chrono::{TimeZone, Utc};
use mail::Invitation;

fn invitation() -> Invitation {
    Invitation {
        organization: "Acme".into(),
        platform: "Baton".into(),
        assessment_title: "Backend practical".into(),
        salutation: "Zoë".into(),
        link: "https://baton.example/take/kB7-x_93".into(),
        deadline: Utc.with_ymd_and_hms(2026, 12, 9, 14, 0, 0).unwrap(),
        minutes: Some(90),
        reply_to: Some("ada@acme.example".into()),
        subject_template: Some("Come in, {{first_name}}".into()),
        body_template: Some("Welcome to {{assessment}}.".into()),
    }
}

#[test]
fn a_reminder_says_what_is_open_until_when_with_the_same_link_and_in_our_own_words() {
    let mail = invitation().remind(false).expect("words");
    assert_eq!(mail.subject, "Reminder from Acme: Backend practical");
    insta::assert_snapshot!("reminder_text", mail.text);
    insta::assert_snapshot!("reminder_html", mail.html);
}

#[test]
fn whoever_has_begun_is_told_that_the_answers_are_kept() {
    let nobody_reads_answers = Invitation {
        reply_to: None,
        platform: String::new(),
        ..invitation()
    };
    let mail = nobody_reads_answers.remind(true).expect("words");
    insta::assert_snapshot!("reminder_of_a_sitting_text", mail.text);
}

#[test]
fn a_name_cannot_carry_a_link_in_a_reminder_either() {
    let mail = Invitation {
        salutation: "You won https://evil.example/prize".into(),
        organization: "www.evil.example".into(),
        ..invitation()
    }
    .remind(false)
    .expect("words");
    for words in [&mail.subject, &mail.text, &mail.html] {
        assert!(!words.contains("evil"), "{words}");
    }
}
