//! The parsers, and what must be true of each. Where there can be one, a second and simpler judge has to agree.

use std::time::{Duration, SystemTime};

use ats::greenhouse::partner::{Rules, ask};
use ats_http::{HostList, RETRY_AFTER_CAP, parse_retry_after};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Email, ResultBody, Traceparent};
use greenhouse_assessment::{Credential, KEY_LENGTH_MAX, Key, ResponseError, SendTest};
use serde_json::Value;
use vault::ApiKey;

use crate::{from_greenhouse, from_lever};

/// One parser under test.
#[derive(Debug)]
pub struct Target {
    /// Names its folder of seeds.
    pub name: &'static str,
    /// What its inputs are made of.
    pub words: &'static [&'static str],
    /// Panics where a promise is broken; else says what kind of input it was.
    pub check: fn(&[u8]) -> String,
}

/// All of them.
pub const TARGETS: [Target; 14] = [
    Target {
        name: "basic_header",
        words: &["Basic ", "basic ", "Bearer ", "Og==", "Z2hfZGVtbzo=", "="],
        check: basic_header,
    },
    Target {
        name: "api_key",
        words: &["gh_", "bt_", "_", "000000000000", "zz"],
        check: api_key,
    },
    Target {
        name: "send_test",
        words: &[
            "partner_test_id",
            "\"candidate\":{",
            "\"email\":\"a@b.example\"",
            "null",
            "\"url\":",
            "\\u0000",
            "https://app.greenhouse.io/",
            "1e400",
        ],
        check: send_test,
    },
    Target {
        name: "callback_url",
        words: &[
            "https://",
            "http://",
            "greenhouse.io",
            ".greenhouse.io",
            "@",
            ":443",
            ":80",
            "\\",
            "%2e",
            "/../",
            "[::1]",
            "127.0.0.1",
            "。",
            "ß",
        ],
        check: callback_url,
    },
    Target {
        name: "response_error",
        words: &[
            "\"errors\":[",
            "\"api_call\":",
            "null",
            "\\ud83d\\ude00",
            "\u{0}",
        ],
        check: response_error,
    },
    Target {
        name: "bounce",
        words: &[
            "\"message_id\":",
            "\"kind\":\"bounced\"",
            "Content-Type: ",
            "multipart/report; boundary=",
            "--x\r\n",
            "Message-ID: <1@b.example>",
            "Action: failed",
            "Status: 5.1.1",
        ],
        check: bounce,
    },
    Target {
        name: "traceparent",
        words: &[
            "00-",
            "ff-",
            "-01",
            "0000000000000000",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ],
        check: traceparent,
    },
    Target {
        name: "retry_after",
        words: &[
            "GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "18446744073709551616",
            "-",
            "+",
            ".",
        ],
        check: retry_after,
    },
    Target {
        name: "email",
        words: &[
            "@",
            ".example",
            "\"",
            "\r\nBcc: ",
            "[127.0.0.1]",
            "xn--",
            ",",
        ],
        check: email,
    },
    Target {
        name: "result",
        words: &[
            "\"score\":",
            "\"max_score\":",
            "1e308",
            "-0.0",
            "\"competencies\":[",
            "\"metadata\":{",
            "\"final\":false",
        ],
        check: result,
    },
    Target {
        name: "lever_delivery",
        words: &[
            "\"token\":",
            "\"triggeredAt\":",
            "\"signature\":",
            "\"data\":{",
            "\"opportunityId\":",
            "1.79e12",
            "-0",
            "18446744073709551616",
            "null",
        ],
        check: from_lever::delivery,
    },
    Target {
        name: "lever_answer",
        words: &[
            "{\"data\":",
            "\"hasNext\":true",
            "\"next\":\"x\"",
            "\"id\":\"x\"",
            "\"updatedAt\":\"17\"",
            "null",
            "[]",
        ],
        check: from_lever::answer,
    },
    Target {
        name: "harvest_delivery",
        words: &[
            "{\"action\":",
            "\"payload\":{",
            "\"application\":{",
            "\"person\":{",
            "\"job_post\":{",
            "\"id\":\"7\"",
            "\"jobs\":[",
            "9223372036854775808",
            "null",
        ],
        check: from_greenhouse::delivery,
    },
    Target {
        name: "harvest_link",
        words: &[
            "<", ">", "; rel=", "\"next\"", ", ", "\\\"", ";;", "=", "NEXT",
        ],
        check: from_greenhouse::link,
    },
];

/// What is taken is a key that Greenhouse and HTTP can carry, and survives being sent again.
fn basic_header(input: &[u8]) -> String {
    let read = match Key::from_authorization(input) {
        Ok(key) => key,
        Err(refused) => return format!("{refused:?}"),
    };
    let text = read.expose();
    assert!((1..=KEY_LENGTH_MAX).contains(&text.chars().count()));
    assert!(!text.contains(|c: char| c == ':' || c.is_control()));
    let sent = Credential::OrganizationKey(read.clone()).authorization();
    let again = Key::from_authorization(sent.as_bytes()).expect("what was read can be sent");
    assert_eq!(again.expose(), text);
    assert_eq!(text, user_name(input), "the second judge reads the same");
    "taken".to_owned()
}

/// The user name, read the plain way.
fn user_name(header: &[u8]) -> String {
    let header = std::str::from_utf8(header)
        .expect("a key is sent as text")
        .trim_ascii();
    let token = header[5..].trim_ascii().trim_end_matches('=');
    let padded = format!("{token}{}", "=".repeat((4 - token.len() % 4) % 4));
    let pair = String::from_utf8(STANDARD.decode(padded).expect("base64")).expect("UTF-8");
    pair.split(':').next().unwrap_or_default().to_owned()
}

/// What is taken has the parts it should have, and the checksum that a bit-by-bit CRC of them gives.
fn api_key(input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else {
        return "no text".to_owned();
    };
    let Ok(key) = ApiKey::parse(text) else {
        return format!("refused at {} parts", text.split('_').count().min(5));
    };
    assert!(
        text.len() == 65
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    );
    assert_eq!(key.public_id, text[3..15]);
    let mut sum = u64::from(crc32(&text.as_bytes()[..59]));
    for digit in text[59..].bytes().rev() {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'A'..=b'Z' => digit - b'A' + 10,
            _ => digit - b'a' + 36,
        };
        assert_eq!(sum % 62, u64::from(value), "the checksum");
        sum /= 62;
    }
    format!("{:?}", key.kind)
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| {
        if sum & 1 == 1 {
            (sum >> 1) ^ 0xEDB8_8320
        } else {
            sum >> 1
        }
    };
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum))
    })
}

/// What is taken was JSON with what is needed in it, is read the same again, and becomes an ask only with an address to mail to
/// and a URL that may be called.
fn send_test(input: &[u8]) -> String {
    let sent = match SendTest::parse(input) {
        Ok(sent) => sent,
        Err(refused) => return format!("{refused:?}"),
    };
    let plain = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
    let body: Value = serde_json::from_slice(plain).expect("what is taken is JSON");
    assert!(
        body["candidate"]["email"]
            .as_str()
            .is_some_and(|email| !email.trim().is_empty())
    );
    assert!(sent.url.is_some() || sent.candidate.greenhouse_profile_url.is_some());
    let again = serde_json::to_vec(&sent).expect("texts become JSON");
    let again = SendTest::parse(&again).expect("what was read can be sent");
    assert_eq!(
        (&again.candidate, &again.url, &again.partner_test_id),
        (&sent.candidate, &sent.url, &sent.partner_test_id)
    );
    let url = sent.url.clone();
    match ask(sent, &rules()) {
        Ok(ask) => {
            assert!(url.is_none_or(|url| may_be_called(&url)));
            assert!(
                ask.candidate.first_name.chars().count() <= 200
                    && ask.candidate.last_name.chars().count() <= 200
            );
            "asked".to_owned()
        }
        Err(fault) => format!("{} {}", fault.field, fault.problem),
    }
}

fn rules() -> Rules {
    Rules {
        callback_hosts: HostList::new(["greenhouse.io"]).expect("a host name"),
    }
}

/// What passes is https on a listed host and nothing else, by a judge that knows no URL standard; and it passes again as it was read.
fn callback_url(input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else {
        return "no text".to_owned();
    };
    let hosts = rules().callback_hosts;
    match hosts.check(text) {
        Ok(url) => {
            assert!(may_be_called(url.as_str()), "{text:?} became {url}");
            assert_eq!(hosts.check(url.as_str()).as_ref(), Ok(&url));
            assert!(url.username().is_empty() && url.password().is_none() && url.port().is_none());
            format!("taken, with a query: {}", url.query().is_some())
        }
        Err(refused) => format!("{refused:?}"),
    }
}

fn may_be_called(url: &str) -> bool {
    let lower = url.to_lowercase();
    let Some(rest) = lower.strip_prefix("https://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.strip_suffix(":443").unwrap_or(authority);
    host == "greenhouse.io" || host.ends_with(".greenhouse.io") || !host.is_ascii()
}

/// Whatever comes, what is kept of it is short and can be stored as text.
fn response_error(input: &[u8]) -> String {
    let report = ResponseError::read(input);
    assert!(report.body.len() <= 16 * 1024 && !report.body.contains('\0'));
    assert!(report.errors.len() <= 50);
    let texts = [
        &report.api_call,
        &report.partner_test_id,
        &report.partner_test_name,
        &report.partner_interview_id,
        &report.candidate_email,
    ];
    for text in texts.into_iter().flatten().chain(&report.errors) {
        assert!(
            text.chars().count() <= 500 && !text.contains('\0'),
            "{text:?}"
        );
    }
    format!(
        "{} errors, of a call: {}",
        report.errors.len().min(3),
        report.api_call.is_some()
    )
}

/// Notices name a mail by an id that fits into a header, are few, and say nothing over several lines.
fn bounce(input: &[u8]) -> String {
    let report = "multipart/report; report-type=delivery-status; boundary=x";
    let kinds =
        ["application/json", report, ""].map(|kind| match mail::reports::parse(kind, input) {
            Ok(notices) => {
                assert!(notices.len() <= mail::reports::MOST_NOTICES);
                for notice in &notices {
                    let id = &notice.message_id;
                    assert!(
                        id.starts_with('<')
                            && id.ends_with('>')
                            && id.bytes().all(|byte| byte.is_ascii_graphic()),
                        "{id}"
                    );
                    assert!(
                        notice
                            .detail
                            .as_ref()
                            .is_none_or(|detail| !detail.contains(char::is_control)),
                        "{notice:?}"
                    );
                }
                format!(
                    "{:?}",
                    notices
                        .iter()
                        .map(|notice| notice.kind)
                        .take(3)
                        .collect::<Vec<_>>()
                )
            }
            Err(refused) => format!("{:?}", std::mem::discriminant(&refused)),
        });
    kinds.concat()
}

/// What is taken has the one form that the recommendation gives, and is written as it was read.
fn traceparent(input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else {
        return "no text".to_owned();
    };
    let Some(trace) = Traceparent::parse(text) else {
        return format!("refused at {} parts", text.split('-').count().min(6));
    };
    assert_eq!(Traceparent::parse(&trace.to_string()), Some(trace.clone()));
    assert_eq!(trace.to_string(), text);
    let parts: Vec<_> = text.split('-').collect();
    assert_eq!(
        parts.iter().map(|part| part.len()).collect::<Vec<_>>(),
        [2, 32, 16, 2]
    );
    assert!(
        text.bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
    );
    assert!(parts[1].contains(|c| c != '0') && parts[2].contains(|c| c != '0'));
    "taken".to_owned()
}

/// A wait is never longer than a day; of plain digits it is those seconds.
fn retry_after(input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else {
        return "no text".to_owned();
    };
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    let wait = parse_retry_after(text, now);
    assert!(wait.is_none_or(|wait| wait <= RETRY_AFTER_CAP));
    let digits = text.trim();
    let plain =
        !digits.is_empty() && digits.len() < 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain {
        let seconds: u64 = digits.parse().expect("five digits");
        assert_eq!(
            wait,
            Some(Duration::from_secs(seconds.min(RETRY_AFTER_CAP.as_secs())))
        );
    }
    assert!(!digits.starts_with(['-', '+']) || wait.is_none());
    format!(
        "plain: {plain}, a wait: {}, capped: {}",
        wait.is_some(),
        wait == Some(RETRY_AFTER_CAP)
    )
}

/// What is taken is one address that can stand in a header, and is taken again as it was read.
fn email(input: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(input) else {
        return "no text".to_owned();
    };
    match Email::parse(text) {
        Ok(email) => {
            let address = email.as_str();
            assert!(address.len() <= 254);
            assert_eq!(address.matches('@').count(), 1, "{address:?}");
            assert!(
                !address.contains(|c: char| c.is_control()
                    || c.is_whitespace()
                    || "\"<>,;".contains(c)),
                "{address:?}"
            );
            assert!(
                address
                    .rsplit('@')
                    .next()
                    .is_some_and(|host| host.contains('.'))
            );
            assert_eq!(Email::parse(address).as_ref(), Ok(&email));
            "taken".to_owned()
        }
        Err(refused) => format!("{refused:?}"),
    }
}

/// What passes has a score between 0 and 100, and is the same after being stored.
fn result(input: &[u8]) -> String {
    let Ok(body) = serde_json::from_slice::<ResultBody>(input) else {
        return "unreadable".to_owned();
    };
    if let Err(fault) = body.check() {
        return format!("{} {}", fault.field, fault.problem);
    }
    let percent = body.percent();
    assert!(
        percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)),
        "{percent:?}"
    );
    let stored = serde_json::to_vec(&body).expect("a checked result becomes JSON");
    let again: ResultBody = serde_json::from_slice(&stored).expect("it is read again");
    assert_eq!(again.percent(), percent);
    format!("taken, with a score: {}", percent.is_some())
}
