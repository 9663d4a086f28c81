//! The words that ask a candidate whether they want to go on.

use chrono::NaiveDate;
use mail::ConsentRequest;

const LINK: &str = "https://baton.example/consent/kB7-x_93";

fn request() -> ConsentRequest {
    ConsentRequest {
        organization: "Acme".into(),
        platform: "Interviews".into(),
        salutation: "Zoë".into(),
        interviewer: "Ines Ito".into(),
        interviewed_on: NaiveDate::from_ymd_opt(2026, 9, 8).expect("a day"),
        has_linkedin: true,
        link: LINK.into(),
        reply_to: Some("ada@acme.example".into()),
    }
}

#[test]
fn the_words_say_who_interviewed_who_asks_and_what_would_be_passed_on() {
    let mail = request().render().expect("words");
    assert_eq!(mail.subject, "Acme would go on with you");
    insta::assert_snapshot!("consent_text", mail.text);
    insta::assert_snapshot!("consent_html", mail.html);
}

#[test]
fn without_a_profile_and_a_reader_of_answers_the_words_promise_neither() {
    let plain = ConsentRequest {
        has_linkedin: false,
        reply_to: None,
        platform: String::new(),
        ..request()
    };
    insta::assert_snapshot!("consent_plain_text", plain.render().expect("words").text);
}

#[test]
fn names_carry_no_links_and_debug_shows_nothing() {
    let mail = ConsentRequest {
        organization: "www.evil.example".into(),
        interviewer: "https://evil.example/prize".into(),
        salutation: "You won https://evil.example/prize".into(),
        ..request()
    };
    let shown = format!("{mail:?}");
    let words = mail.render().expect("words");
    for text in [&words.subject, &words.text, &words.html, &shown] {
        assert!(!text.contains("evil"), "{text}");
    }
}
