use mail_parser::MessageParser;
use proptest::prelude::*;

use super::*;

fn message() -> Message {
    Message {
        message_id: "<0192.1.invitation@baton.example>".into(),
        from_name: "Acme".into(),
        from_address: "invitations@vendor.example".into(),
        to_address: "zoe@candidate.example".into(),
        to_name: "Zoë Ng".into(),
        reply_to: Some("ada@acme.example".into()),
        subject: "Acme invites you: Backend practical".into(),
        text: "Hello\n".into(),
        html: "<p>Hello</p>\n".into(),
    }
}

fn head(bytes: &[u8]) -> Vec<String> {
    let parsed = MessageParser::default().parse(bytes).expect("a mail");
    let names = parsed.headers_raw().map(|(name, _)| name.to_lowercase());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

const HEAD: [&str; 9] = [
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "subject",
    "to",
];

#[test]
fn the_message_id_goes_out_as_given_and_the_rest_can_be_read_back() {
    let letter = Letter::write(&message()).expect("a letter");
    let parsed = MessageParser::default()
        .parse(&letter.bytes)
        .expect("a mail");
    assert_eq!(
        parsed.header_raw("Message-ID").map(str::trim),
        Some("<0192.1.invitation@baton.example>")
    );
    assert_eq!(
        parsed.subject(),
        Some("Acme invites you: Backend practical")
    );
    assert_eq!(parsed.body_text(0).as_deref(), Some("Hello\r\n"));
    assert_eq!(head(&letter.bytes), HEAD);
}

#[test]
fn a_bad_recipient_concerns_this_mail_alone_and_a_bad_sender_all_of_them() {
    for bad in [
        "",
        "zoe",
        "\"a b\"@x.example",
        "zoe@[1.2.3.4]",
        "a@x.example,b@x.example",
        "a@x.example\r\nBcc: b@x.example",
        "a\u{202E}@x.example",
    ] {
        let to = Message {
            to_address: bad.into(),
            ..message()
        };
        let from = Message {
            from_address: bad.into(),
            ..message()
        };
        let wrong = |message| Letter::write(message).err().expect("a refusal");
        assert!(matches!(wrong(&to), SendError::Rejected { .. }), "{bad:?}");
        assert!(
            matches!(wrong(&from), SendError::Misconfigured { .. }),
            "{bad:?}"
        );
    }
}

#[test]
fn the_sender_alone_may_come_with_a_name_which_gives_way_to_the_organizations() {
    let named = "Assessments <invitations@vendor.example>";
    let letter = Letter::write(&Message {
        from_address: named.into(),
        ..message()
    });
    let letter = letter.expect("a letter");
    assert_eq!(letter.from.to_string(), "invitations@vendor.example");
    let parsed = MessageParser::default()
        .parse(&letter.bytes)
        .expect("a mail");
    let from = parsed.from().and_then(|from| from.first());
    assert_eq!(from.and_then(|from| from.name()), Some("Acme"));
    assert!(is_mailable("invitations@vendor.example") && !is_mailable(named));
}

#[test]
fn a_reply_to_that_nobody_can_answer_stops_this_mail_alone() {
    let message = Message {
        reply_to: Some("Ada Lovelace".into()),
        ..message()
    };
    let refused = Letter::write(&message).err();
    assert!(matches!(refused, Some(SendError::Rejected { .. })));
}

#[test]
fn a_message_id_that_would_break_the_head_is_refused() {
    for bad in [
        "",
        "a@b",
        "<a>",
        "<a@b@c>",
        "<a b@c>",
        "<a@b>\r\nX: y",
        "<a@b\r\n>",
        "<ä@b>",
    ] {
        let message = Message {
            message_id: bad.into(),
            ..message()
        };
        assert!(Letter::write(&message).is_err(), "{bad:?}");
    }
}

#[test]
fn a_domain_in_another_script_goes_out_in_ascii() {
    let message = Message {
        to_address: "zoe@münchen.example".into(),
        ..message()
    };
    let letter = Letter::write(&message).expect("a letter");
    assert_eq!(letter.to.to_string(), "zoe@xn--mnchen-3ya.example");
    assert!(letter.bytes.is_ascii());
}

proptest! {
    #[test]
    fn no_name_title_or_text_adds_a_header_or_a_recipient(
        from_name in any::<String>(),
        to_name in ".{0,300}",
        subject in any::<String>(),
        text in any::<String>(),
        html in any::<String>(),
        injected in "[a-zA-Z ,<>@\"\\\\:;=?\r\n\u{202E}\u{0}é]{0,80}",
    ) {
        let names = [from_name, format!("{injected}{to_name}"), injected.clone()];
        for name in names {
            let message = Message {
                from_name: name.clone(),
                to_name: name,
                subject: format!("{injected}{subject}"),
                text: text.clone(),
                html: html.clone(),
                ..message()
            };
            let letter = Letter::write(&message).expect("a letter");
            let parsed = MessageParser::default().parse(&letter.bytes).expect("a mail");
            let to: Vec<_> = parsed.to().expect("a recipient").iter().collect();
            prop_assert_eq!(to.len(), 1);
            prop_assert_eq!(to[0].address(), Some("zoe@candidate.example"));
            prop_assert_eq!(parsed.from().expect("a sender").iter().count(), 1);
            prop_assert!(parsed.cc().is_none() && parsed.bcc().is_none());
            prop_assert_eq!(head(&letter.bytes), HEAD);
            prop_assert!(letter.bytes.is_ascii());
        }
    }
}
