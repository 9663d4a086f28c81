//! Which trace a call belongs to (W3C Trace Context, level 1).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The value of a `traceparent` header: `00-{trace}-{parent}-{flags}`. Read strictly, since whoever calls writes it and it goes
/// into the log: only version 00, only lower-case hexadecimal, neither id all zeros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Traceparent {
    text: String,
}

/// How long each part is.
const PARTS: [usize; 4] = [2, 32, 16, 2];

impl Traceparent {
    /// Reads a header's value; `None` for any other form, which counts as none sent.
    ///
    /// ```
    /// use domain::Traceparent;
    ///
    /// let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let trace = Traceparent::parse(text).expect("a trace");
    /// assert_eq!(trace.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
    /// assert_eq!(trace.to_string(), text);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let lengths = parts.iter().map(|part| part.len());
        let fits = lengths.eq(PARTS) && parts.iter().all(|part| part.bytes().all(is_digit));
        let names = fits && parts[0] == "00" && !is_zero(parts[1]) && !is_zero(parts[2]);
        names.then(|| Self {
            text: text.to_owned(),
        })
    }

    /// Names the whole trace.
    pub fn trace_id(&self) -> &str {
        let start = PARTS[0] + 1;
        &self.text[start..start + PARTS[1]]
    }

    /// The same trace, with a call of ours as the parent of what comes after it. `call` names the call; zero, which is no name,
    /// counts as 1.
    ///
    /// ```
    /// use domain::Traceparent;
    ///
    /// let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let trace = Traceparent::parse(text).expect("a trace");
    /// assert_eq!(trace.at(0xabc).to_string(), "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000abc-01");
    /// ```
    #[must_use]
    pub fn at(&self, call: u64) -> Self {
        let flags = &self.text[self.text.len() - PARTS[3]..];
        let (trace, call) = (self.trace_id(), call.max(1));
        Self {
            text: format!("00-{trace}-{call:016x}-{flags}"),
        }
    }
}

/// What was stored is none.
#[derive(Debug, thiserror::Error)]
#[error("this is no traceparent")]
pub struct NoTraceparent;

impl TryFrom<String> for Traceparent {
    type Error = NoTraceparent;

    fn try_from(text: String) -> Result<Self, NoTraceparent> {
        Self::parse(&text).ok_or(NoTraceparent)
    }
}

impl From<Traceparent> for String {
    fn from(trace: Traceparent) -> Self {
        trace.text
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_zero(id: &str) -> bool {
    id.bytes().all(|digit| digit == b'0')
}

#[cfg(test)]
mod tests {
    use super::Traceparent;

    #[test]
    fn only_the_one_form_is_taken() {
        let sound = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert!(Traceparent::parse(sound).is_some());
        for other in [
            String::new(),
            format!(" {sound}"),
            format!("{sound}-"),
            sound.to_uppercase(),
            sound.replacen("00", "01", 1),
            sound.replacen("00", "ff", 1),
            sound.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            sound.replace("00f067aa0ba902b7", &"0".repeat(16)),
            sound.replace("-01", "-0g"),
            sound.replace('-', "_"),
        ] {
            assert_eq!(Traceparent::parse(&other), None, "{other}");
        }
    }
}
