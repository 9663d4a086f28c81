//! Ways to spoil a request.

use serde_json::{Value, json};

use super::dice::Dice;
use super::request::{Framing, Request};

/// Texts that programs have stumbled over.
const ODD: [&str; 24] = [
    "",
    " ",
    "\0",
    "null",
    "true",
    "-1",
    "0",
    "1e400",
    "NaN",
    "18446744073709551616",
    "-9223372036854775809",
    "\u{feff}",
    "\u{202e}gpj",
    "\u{1F4A9}",
    "%00",
    "%ff%fe",
    "%2e%2e%2f",
    "../../etc/passwd",
    "' OR 1=1--",
    "<script>alert(1)</script>",
    "{{link}}",
    "\r\nSet-Cookie: a=b",
    "9999-12-31T23:59:60Z",
    "00000000-0000-0000-0000-000000000000",
];
const METHODS: [&str; 12] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get",
    "PROPFIND", "X\u{e9}",
];
const VERSIONS: [&str; 6] = [
    "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "http/1.1", "",
];
const HEADERS: [&str; 14] = [
    "Host",
    "Authorization",
    "Content-Type",
    "Content-Length",
    "Transfer-Encoding",
    "Cookie",
    "Idempotency-Key",
    "X-Request-Id",
    "Traceparent",
    "Expect",
    "Upgrade",
    "Origin",
    "X-Forwarded-For",
    "Range",
];
const VALUES: [&str; 14] = [
    "",
    "0",
    "-1",
    "chunked",
    "gzip, chunked",
    "100-continue",
    "h2c",
    "null",
    "Basic",
    "Bearer",
    "Basic OjpA",
    "application/json",
    "bytes=0-,-1",
    "text/html",
];

/// Spoils it in one to three ways; the bytes that go over the wire.
pub(super) fn spoil(mut request: Request, dice: &mut Dice) -> Vec<u8> {
    for _ in 0..=dice.below(3) {
        match dice.below(12) {
            0 => spoil_line(&mut request, dice),
            1 | 2 => spoil_header(&mut request, dice),
            3 => spoil_framing(&mut request, dice),
            4 | 5 => spoil_target(&mut request, dice),
            _ if request.body.is_empty() => spoil_target(&mut request, dice),
            _ => spoil_body(&mut request, dice),
        }
    }
    let mut bytes = request.bytes();
    if dice.once_in(6) {
        spoil_bytes(&mut bytes, dice);
    }
    bytes
}

fn spoil_line(request: &mut Request, dice: &mut Dice) {
    if dice.once_in(2) {
        request.method = (*dice.pick(&METHODS)).to_owned();
    } else {
        request.version = (*dice.pick(&VERSIONS)).to_owned();
    }
}

fn spoil_target(request: &mut Request, dice: &mut Dice) {
    let odd = odd(dice);
    request.target = match dice.below(6) {
        0 => format!("http://other.example{}", request.target),
        1 => format!("{}?{odd}={odd}&limit={odd}&cursor={odd}", request.target),
        2 => format!("{}/{odd}", request.target),
        3 => odd,
        4 => request.target.replacen('/', "//", 2),
        _ => {
            let at = dice.below(request.target.len());
            let at = request.target.floor_char_boundary(at);
            format!("{}{odd}{}", &request.target[..at], &request.target[at..])
        }
    };
}

fn spoil_header(request: &mut Request, dice: &mut Dice) {
    match dice.below(5) {
        0 if !request.headers.is_empty() => {
            let at = dice.below(request.headers.len());
            request.headers.remove(at);
        }
        1 if !request.headers.is_empty() => {
            let again = dice.pick(&request.headers).clone();
            request.headers.push(again);
        }
        2 if !request.headers.is_empty() => {
            let at = dice.below(request.headers.len());
            spoil_bytes(&mut request.headers[at].1, dice);
        }
        3 => {
            let length = dice.below(40);
            let value = dice.bytes(length);
            request
                .headers
                .push(((*dice.pick(&HEADERS)).to_owned(), value));
        }
        _ => {
            let value = (*dice.pick(&VALUES)).into();
            request
                .headers
                .push(((*dice.pick(&HEADERS)).to_owned(), value));
        }
    }
}

fn spoil_framing(request: &mut Request, dice: &mut Dice) {
    match dice.below(5) {
        0 => request.framing = Framing::Chunks,
        1 => request.framing = Framing::None,
        2 => {
            let length = (*dice.pick(&[
                "0",
                "1",
                "99999",
                "-1",
                "+5",
                "0x10",
                "5 5",
                "18446744073709551615",
            ]))
            .into();
            request.headers.push(("Content-Length".to_owned(), length));
        }
        3 => request
            .headers
            .push(("Transfer-Encoding".to_owned(), b"chunked".to_vec())),
        _ => {
            request.framing = Framing::None;
            request
                .headers
                .push(("Transfer-Encoding".to_owned(), b"chunked".to_vec()));
            let size = *dice.pick(&[
                "zz",
                "-1",
                "ffffffffffffffff",
                "5;x",
                "",
                "00000000000000000001",
            ]);
            request.body = [size.as_bytes(), b"\r\n", &request.body].concat();
        }
    }
}

fn spoil_body(request: &mut Request, dice: &mut Dice) {
    match request.json() {
        Some(mut json) if !dice.once_in(4) => {
            let many = count(&json);
            let at = dice.below(many);
            spoil_value(&mut json, at, dice);
            request.body = json.to_string().into_bytes();
        }
        _ => match dice.below(4) {
            0 => request.body.truncate(request.body.len() / 2),
            1 => request.body.extend_from_slice(odd(dice).as_bytes()),
            2 => request.body = [b"\xEF\xBB\xBF", request.body.as_slice()].concat(),
            _ => spoil_bytes(&mut request.body, dice),
        },
    }
}

/// How many values there are in it, itself among them.
fn count(json: &Value) -> usize {
    match json {
        Value::Array(values) => 1 + values.iter().map(count).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

/// Puts something else in the place of value number `at`; what is left of `at` when it was not in here.
fn spoil_value(json: &mut Value, at: usize, dice: &mut Dice) -> usize {
    if at == 0 {
        *json = another(json, dice);
        return usize::MAX;
    }
    let mut left = at - 1;
    let inner: Vec<&mut Value> = match json {
        Value::Array(values) => values.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for value in inner {
        left = spoil_value(value, left, dice);
        if left == usize::MAX {
            break;
        }
    }
    left
}

fn another(value: &Value, dice: &mut Dice) -> Value {
    match dice.below(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(i64::MIN),
        4 => json!(1e300),
        5 => json!([value]),
        6 => json!({ "a": value }),
        7 => json!(vec![value; 60]),
        8 => json!("x".repeat(*dice.pick(&[201, 255, 2_049, 10_001, 300_000]))),
        9 => (0..40).fold(value.clone(), |inner, _| json!([inner])),
        10 => json!(f64::MIN_POSITIVE),
        _ => json!(odd(dice)),
    }
}

fn odd(dice: &mut Dice) -> String {
    let odd = *dice.pick(&ODD);
    if dice.once_in(8) {
        odd.repeat(500)
    } else {
        odd.to_owned()
    }
}

/// Cuts, turns, repeats or adds bytes, wherever.
fn spoil_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len());
    match dice.below(5) {
        0 => bytes.truncate(at),
        1 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
        2 if !bytes.is_empty() => bytes[at] = *dice.pick(b"\0\r\n\t\x7f\xff\xc3:;\"{}[]"),
        3 => {
            let length = dice.below(20);
            let more = dice.bytes(length);
            bytes.splice(at..at, more);
        }
        _ => {
            let end = (at + dice.below(200)).min(bytes.len());
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
    }
}
