//! The words that a candidate reads.

use chrono::{DateTime, TimeZone, Utc};
use mail::{Invitation, RenderError, Rendered};
use proptest::prelude::*;

const LINK: &str = "https://baton.example/take/kB7-x_93?a=1&b=2";

fn deadline() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 12, 9, 14, 0, 0).unwrap()
}

fn invitation() -> Invitation {
    Invitation {
        organization: "Acme".into(),
        platform: "Baton".into(),
        assessment_title: "Backend practical".into(),
        salutation: "Zoë".into(),
        link: LINK.into(),
        deadline: deadline(),
        minutes: Some(90),
        reply_to: Some("ada@acme.example".into()),
        subject_template: None,
        body_template: None,
    }
}

fn render(invitation: &Invitation) -> Rendered {
    invitation.render().expect("words")
}

#[test]
fn the_usual_words_say_who_asks_what_it_is_how_long_until_when_and_whom_to_answer() {
    let mail = render(&invitation());
    assert_eq!(mail.subject, "Acme invites you: Backend practical");
    insta::assert_snapshot!("usual_text", mail.text);
    insta::assert_snapshot!("usual_html", mail.html);
}

#[test]
fn without_a_time_limit_and_a_reader_of_answers_the_words_say_so() {
    let mail = render(&Invitation {
        minutes: None,
        reply_to: None,
        platform: String::new(),
        ..invitation()
    });
    insta::assert_snapshot!("open_ended_text", mail.text);
}

#[test]
fn an_organizations_own_words_become_paragraphs_with_the_link_as_a_button_and_in_full() {
    let mail = render(&Invitation {
        subject_template: Some("{{first_name}}, your {{assessment}} at {{organization}}".into()),
        body_template: Some(
            "Hi {{first_name}},\r\n\r\nplease take <b>{{assessment}}</b>:\r\n{{link}}\r\n\r\n\
             You have {{minutes}} minutes, until {{deadline}}.\r\n\r\n\r\nThe {{organization}} team"
                .into(),
        ),
        ..invitation()
    });
    assert_eq!(mail.subject, "Zoë, your Backend practical at Acme");
    insta::assert_snapshot!("own_text", mail.text);
    insta::assert_snapshot!("own_html", mail.html);
}

#[test]
fn a_body_without_the_link_gets_it_at_the_end() {
    let mail = render(&Invitation {
        body_template: Some("Hi {{first_name}}.\n\n".into()),
        ..invitation()
    });
    assert_eq!(mail.text, format!("Hi Zoë.\n\n{LINK}\n"));
    assert!(mail.html.contains("Open the assessment"));
}

#[test]
fn blank_templates_count_as_none() {
    let blank = Invitation {
        subject_template: Some(" ".into()),
        body_template: Some("\n".into()),
        ..invitation()
    };
    assert_eq!(render(&blank), render(&invitation()));
}

#[test]
fn an_unknown_placeholder_is_an_error_and_not_sent_to_anyone() {
    let broken = Invitation {
        body_template: Some("Dear {{surname}}".into()),
        ..invitation()
    };
    let error = broken.render().expect_err("a refusal");
    assert!(matches!(error, RenderError::Placeholder(it) if it.name == "surname"));
}

#[test]
fn a_name_cannot_carry_a_link_to_someone_elses_inbox() {
    let mail = render(&Invitation {
        salutation: "You won https://evil.example/prize".into(),
        organization: "www.evil.example".into(),
        ..invitation()
    });
    for words in [&mail.subject, &mail.text, &mail.html] {
        assert!(!words.contains("evil"), "{words}");
    }
    assert!(mail.subject.starts_with("The hiring team invites you"));
}

#[test]
fn neither_name_nor_link_shows_in_debug() {
    let shown = format!("{:?} {:?}", invitation(), render(&invitation()));
    assert!(!shown.contains("Zoë") && !shown.contains("take"), "{shown}");
}

/// What a reader of the HTML sees: tags off, entities read.
fn words_of(html: &str) -> String {
    let body = html.split_once("<body").expect("a body").1;
    let mut words = String::new();
    let mut in_tag = true;
    for c in body.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            c if !in_tag => words.push(c),
            _ => {}
        }
    }
    let entities = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    let read = entities
        .iter()
        .fold(words, |words, (from, to)| words.replace(from, to));
    let read = read.replacen("Open the assessment", " ", 1);
    read.split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #[test]
    fn whatever_the_names_the_html_says_what_the_text_says(
        organization in "[a-zA-Z<>&\"' é\r\n]{0,40}",
        salutation in "[a-zA-Z<>&\"' é]{0,40}",
        assessment_title in "[a-zA-Z<>&\"'/ é]{0,40}",
        own in proptest::option::of("[a-z<>&\"'\n]{0,80}"),
    ) {
        let mail = render(&Invitation {
            organization, salutation, assessment_title,
            body_template: own,
            ..invitation()
        });
        let text = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(words_of(&mail.html), text);
        prop_assert!(!mail.subject.contains(['\r', '\n']));
    }
}
