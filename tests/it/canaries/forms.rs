//! The forms in which a text might turn up somewhere.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A text that may not be found, and what it is.
#[derive(Debug, Clone)]
pub(super) struct Canary {
    pub(super) name: &'static str,
    text: Vec<u8>,
}

impl Canary {
    pub(super) fn new(name: &'static str, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref().to_vec();
        assert!(
            text.len() >= 8,
            "{name} is too short to be told from chance"
        );
        Self { name, text }
    }

    /// The name of the first form in which it stands in `place`.
    pub(super) fn found_in(&self, place: &[u8]) -> Option<&'static str> {
        let forms = forms(&self.text).into_iter();
        let mut found = forms.filter(|(_, form)| holds(place, form));
        found.next().map(|(name, _)| name)
    }
}

fn forms(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("plain", text.to_vec()),
        (
            "URL-encoded",
            url::form_urlencoded::byte_serialize(text)
                .collect::<String>()
                .into_bytes(),
        ),
        ("hexadecimal", hex.to_uppercase().into_bytes()),
        ("hexadecimal", hex.into_bytes()),
        (
            "as numbers",
            format!("{text:?}").trim_matches(['[', ']']).into(),
        ),
    ];
    if let Ok(text) = std::str::from_utf8(text) {
        let json = serde_json::to_string(text).expect("a text");
        forms.push(("JSON-escaped", json.trim_matches('"').into()));
        forms.push(("escaped", text.escape_default().to_string().into_bytes()));
    }
    // Inside of a longer text its bytes begin at any third.
    for shift in 0..3 {
        let padded = [&vec![0; shift], text].concat();
        let (from, to) = ([0, 2, 3][shift], padded.len() / 3 * 4);
        forms.push(("base64", STANDARD_NO_PAD.encode(&padded)[from..to].into()));
        forms.push(("base64", URL_SAFE_NO_PAD.encode(&padded)[from..to].into()));
    }
    forms
}

fn holds(place: &[u8], part: &[u8]) -> bool {
    let first = part[0];
    let mut at = 0;
    while let Some(next) = place[at..].iter().position(|byte| *byte == first) {
        at += next;
        if place[at..].starts_with(part) {
            return true;
        }
        at += 1;
    }
    false
}

#[test]
fn a_canary_is_found_in_every_form() {
    let secret = "s3cret/of \"someone\"";
    let canary = Canary::new("a secret", secret);
    for (form, text) in [
        ("plain", format!("x{secret}y")),
        ("URL-encoded", "a=s3cret%2Fof+%22someone%22&b".into()),
        ("JSON-escaped", r#"{"a":"s3cret/of \"someone\""}"#.into()),
        ("base64", STANDARD_NO_PAD.encode(format!("{secret}:"))),
        ("base64", STANDARD_NO_PAD.encode(format!("a{secret}:"))),
        ("base64", URL_SAFE_NO_PAD.encode(format!("ab{secret}:"))),
        (
            "hexadecimal",
            secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ),
        ("as numbers", format!("{:?}", secret.as_bytes())),
    ] {
        assert_eq!(canary.found_in(text.as_bytes()), Some(form), "{text}");
    }
    assert_eq!(canary.found_in(b"s3cret/of \"someone else\""), None);
}
