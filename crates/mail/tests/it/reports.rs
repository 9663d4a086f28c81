//! What mail servers say afterwards, and what anybody may send in their name.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail::reports::{MOST_NOTICES, Notice, NoticeKind, Unreadable, parse};
use proptest::prelude::*;

const ID: &str = "<0197.1.invitation@baton.example>";

/// A report as Postfix writes it, `returned` being what it gives back of the mail.
fn report(action: &str, status: &str, returned: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relay.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B1\"\r\n\
         Message-ID: <report-1@relay.example>\r\n\r\n\
         --B1\r\nContent-Type: text/plain\r\n\r\nI am sorry to have to tell you\r\n\r\n\
         --B1\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; relay.example\r\n\r\n\
         Final-Recipient: rfc822; zoe@candidate.example\r\n\
         Action: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 {status} <zoe@candidate.example>:\r\n    no such user here\r\n\r\n\
         --B1\r\n{returned}\r\n--B1--\r\n"
    )
}

fn whole() -> String {
    format!(
        "Content-Type: message/rfc822\r\n\r\nFrom: a@vendor.example\r\nMessage-ID: {ID}\r\nSubject: x\r\n\r\nHello\r\n"
    )
}

fn head() -> String {
    format!(
        "Content-Type: text/rfc822-headers\r\n\r\nFrom: a@vendor.example\r\nMessage-ID:\r\n {ID}\r\n"
    )
}

fn one(content_type: &str, body: &str) -> Notice {
    let mut notices = parse(content_type, body.as_bytes()).expect("it can be read");
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0)
}

#[test]
fn a_returned_mail_is_a_bounce_with_the_servers_words_and_without_the_address() {
    for returned in [whole(), head()] {
        let notice = one("message/rfc822", &report("failed", "5.1.1", &returned));
        let detail = "550 5.1.1 … no such user here".to_owned();
        let expected = Notice {
            message_id: ID.to_owned(),
            kind: NoticeKind::Bounced,
            detail: Some(detail),
        };
        assert_eq!(notice, expected);
    }
}

#[test]
fn a_report_whose_head_became_the_calls_head_is_read_too() {
    let whole = report("failed", "5.1.1", &head());
    let (_, body) = whole.split_once("\r\n\r\n").expect("a head");
    let notice = one("Multipart/Report; boundary=B1", body);
    assert_eq!(
        (notice.message_id.as_str(), notice.kind),
        (ID, NoticeKind::Bounced)
    );
    assert_eq!(
        parse("text/plain", body.as_bytes()),
        Err(Unreadable::NoReport)
    );
}

#[test]
fn what_the_server_did_decides_and_without_it_the_class_of_the_status() {
    for (action, status, expected) in [
        ("failed", "5.1.1", Some(NoticeKind::Bounced)),
        // Tried for days in vain.
        ("FAILED", "4.4.7", Some(NoticeKind::Bounced)),
        ("delayed", "4.4.1", Some(NoticeKind::Delayed)),
        ("delivered", "2.0.0", Some(NoticeKind::Delivered)),
        ("relayed", "2.0.0", None),
        ("", "5.2.2", Some(NoticeKind::Bounced)),
        ("", "4.2.2", Some(NoticeKind::Delayed)),
        ("", "", None),
    ] {
        let notices =
            parse("message/rfc822", report(action, status, &head()).as_bytes()).expect("a report");
        let kinds: Vec<_> = notices.iter().map(|notice| notice.kind).collect();
        assert_eq!(
            kinds,
            expected.into_iter().collect::<Vec<_>>(),
            "{action} {status}"
        );
    }
}

#[test]
fn a_complaint_is_told_from_a_bounce() {
    let body = report("failed", "5.1.1", &whole())
        .replace("message/delivery-status", "message/feedback-report")
        .replace(
            "Reporting-MTA: dns; relay.example\r\n\r\n",
            "Feedback-Type: abuse\r\n",
        );
    assert_eq!(one("", &body).kind, NoticeKind::Complained);
    let body = body.replace("abuse", "not-spam");
    assert_eq!(parse("", body.as_bytes()), Ok(Vec::new()));
}

#[test]
fn a_report_that_returns_nothing_says_so() {
    let body = report("failed", "5.1.1", "Content-Type: text/plain\r\n\r\nbye");
    assert_eq!(parse("", body.as_bytes()), Err(Unreadable::NoMessageId));
}

#[test]
fn notices_come_as_one_object_or_a_list_with_or_without_brackets() {
    let notice = one(
        "application/json",
        r#" {"message_id":"1@baton.example","kind":"Bounced","detail":"550 <zoe@candidate.example> unknown","more":[1]}"#,
    );
    assert_eq!(notice.message_id, "<1@baton.example>");
    assert_eq!(notice.detail.as_deref(), Some("550 … unknown"));
    let body = r#"[{"message_id":"<1@b.example>","kind":"delivered"},{"message_id":"<2@b.example>","kind":"complained","detail":null},
                   {"kind":"opened"}]"#;
    let notices = parse("text/plain", body.as_bytes()).expect("a list");
    let kinds: Vec<_> = notices.iter().map(|notice| notice.kind).collect();
    assert_eq!(kinds, [NoticeKind::Delivered, NoticeKind::Complained]);
}

#[test]
fn what_cannot_be_read_says_what_is_wrong() {
    for (body, told) in [
        ("{", "the body is not JSON: look at line 1, column 1"),
        ("[[]]", "a notice has to be an object"),
        (
            r#"[{"kind":"bounced"}]"#,
            "[0].message_id is missing: send the mail's Message-ID, such as <name@host>",
        ),
        (
            r#"{"message_id":"<1@b>"}"#,
            "kind is missing: send bounced, complained or delivered",
        ),
        (
            r#"{"message_id":"<1@b>\r\nBcc: x","kind":"bounced"}"#,
            "message_id is missing: send the mail's Message-ID, such as <name@host>",
        ),
        (
            "hello",
            "the body is neither JSON such as {\"message_id\": \"<…>\", \"kind\": \"bounced\"} nor a delivery report \
             (multipart/report, RFC 3464)",
        ),
    ] {
        let error = parse("application/json", body.as_bytes()).expect_err(body);
        assert_eq!(error.to_string(), told);
    }
    let many = format!("[{}]", vec!["{}"; MOST_NOTICES + 1].join(","));
    assert!(parse("", many.as_bytes()).is_err());
}

#[test]
fn a_megabyte_of_nesting_neither_overflows_nor_takes_long() {
    const MEGABYTE: usize = 1024 * 1024;
    for unit in [
        "Content-Type: message/rfc822\r\n\r\n",
        "Content-Type: Message / RFC822\r\n\r\n",
        "Content-Type: message/global\n\n",
        "Content-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=missing\r\n\r\n--B1\r\n",
    ] {
        let body = unit.repeat(MEGABYTE / unit.len());
        assert_eq!(
            parse("", body.as_bytes()),
            Err(Unreadable::TooDeep),
            "{unit}"
        );
        let body = format!("Content-Type: multipart/report; boundary=B1\r\n\r\n--B1\r\n{body}");
        assert_eq!(
            parse("", body.as_bytes()),
            Err(Unreadable::TooDeep),
            "{unit}"
        );
    }
    // The same, hidden by an encoding.
    let hidden = STANDARD.encode("Content-Type: message/rfc822\r\n\r\n".repeat(20_000));
    let head = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let body = format!("{head}{hidden}");
    assert_eq!(parse("", body.as_bytes()), Err(Unreadable::NoReport));
    let body = report("failed", "5.1.1", &body);
    assert_eq!(parse("", body.as_bytes()), Err(Unreadable::NoMessageId));
    assert!(parse("", &vec![b'['; MEGABYTE]).is_err());
    assert!(parse("", &vec![b'\n'; MEGABYTE]).is_err());
    assert!(parse("", &vec![0; MEGABYTE]).is_err());
}

/// A report with some of its bytes replaced, removed or doubled.
fn mangled() -> impl Strategy<Value = Vec<u8>> {
    let report = report("failed", "5.1.1", &whole()).into_bytes();
    let length = report.len();
    let changes = prop::collection::vec((0..length, any::<u8>(), 0..3_u8), 0..20);
    changes.prop_map(move |changes| {
        let mut bytes = report.clone();
        for (at, byte, change) in changes {
            let at = at.min(bytes.len().saturating_sub(1));
            match change {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn whatever_is_sent_it_is_read_or_refused(content_type in "\\PC{0,40}", body in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = parse(&content_type, &body);
    }

    #[test]
    fn a_mangled_report_names_no_mail_but_ours_or_a_like_one_and_no_address(bytes in mangled()) {
        for notice in parse("multipart/report; boundary=B1", &bytes).unwrap_or_default() {
            prop_assert!(notice.message_id.len() <= 302 && notice.message_id.starts_with('<'));
            let detail = notice.detail.unwrap_or_default();
            prop_assert!(!detail.contains('@') && detail.chars().count() <= 300, "{detail}");
            prop_assert!(!detail.contains(char::is_control));
        }
    }
}
