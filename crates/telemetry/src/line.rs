//! A log line as one JSON object: when, how grave, the event's fields, from where, and under `span` what belongs to the request.
//!
//! A busy server writes a line for each request, so the text is made in one pass: a span's fields are kept as the JSON they will
//! be, and copied.

use std::fmt::{self, Write};

use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Writes an event as a line.
pub(crate) struct JsonLine;

/// Writes fields as members of an object, without its braces.
pub(crate) struct JsonMembers;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        line.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut line)?;
        write!(line, "\",\"level\":\"{}\"", event.metadata().level())?;
        let mut members = Members::of(&mut line, true);
        event.record(&mut members);
        members.outcome?;
        line.write_str(",\"target\":")?;
        write_text(&mut line, event.metadata().target())?;
        let span = event.parent().and_then(|id| context.span(id));
        if let Some(span) = span.or_else(|| context.lookup_current()) {
            line.write_str(",\"span\":{")?;
            let kept = span.extensions();
            let fields = kept.get::<FormattedFields<N>>();
            if let Some(fields) = fields.filter(|fields| !fields.is_empty()) {
                write!(line, "{fields},")?;
            }
            line.write_str("\"name\":")?;
            write_text(&mut line, span.name())?;
            line.write_char('}')?;
        }
        line.write_str("}\n")
    }
}

impl<'w> FormatFields<'w> for JsonMembers {
    fn format_fields<R: RecordFields>(&self, mut text: Writer<'w>, fields: R) -> fmt::Result {
        let mut members = Members::of(&mut text, false);
        fields.record(&mut members);
        members.outcome
    }

    fn add_fields(&self, kept: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let follows = !kept.is_empty();
        let mut text = kept.as_writer();
        let mut members = Members::of(&mut text, follows);
        fields.record(&mut members);
        members.outcome
    }
}

/// Writes each field it is shown.
struct Members<'t, W> {
    text: &'t mut W,
    /// Something stands before the next member.
    follows: bool,
    outcome: fmt::Result,
}

impl<'t, W: Write> Members<'t, W> {
    fn of(text: &'t mut W, follows: bool) -> Self {
        let outcome = Ok(());
        Self {
            text,
            follows,
            outcome,
        }
    }

    fn write(&mut self, field: &Field, value: impl FnOnce(&mut W) -> fmt::Result) {
        if self.outcome.is_ok() {
            self.outcome = self.write_member(field.name(), value);
        }
        self.follows = true;
    }

    fn write_member(
        &mut self,
        name: &str,
        value: impl FnOnce(&mut W) -> fmt::Result,
    ) -> fmt::Result {
        if self.follows {
            self.text.write_char(',')?;
        }
        write_text(self.text, name.trim_start_matches("r#"))?;
        self.text.write_char(':')?;
        value(self.text)
    }
}

impl<W: Write> Visit for Members<'_, W> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON knows no infinity.
        self.write(field, |text| match value.is_finite() {
            true => write!(text, "{value}"),
            false => text.write_str("null"),
        });
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, |text| write!(text, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, |text| write!(text, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, |text| write!(text, "{value}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, |text| write_text(text, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.write(field, |text| {
            text.write_char('"')?;
            write!(Escaped(text), "{value:?}")?;
            text.write_char('"')
        });
    }
}

fn write_text(text: &mut impl Write, value: &str) -> fmt::Result {
    text.write_char('"')?;
    Escaped(text).write_str(value)?;
    text.write_char('"')
}

/// Writes text as it stands between JSON's quotes.
struct Escaped<'t, W>(&'t mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write_str(&mut self, value: &str) -> fmt::Result {
        let mut rest = value;
        while let Some(at) = rest
            .bytes()
            .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
        {
            self.0.write_str(&rest[..at])?;
            match rest.as_bytes()[at] {
                b'"' => self.0.write_str("\\\"")?,
                b'\\' => self.0.write_str("\\\\")?,
                b'\n' => self.0.write_str("\\n")?,
                byte => write!(self.0, "\\u{byte:04x}")?,
            }
            rest = &rest[at + 1..];
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::write_text;

    proptest! {
        #[test]
        fn any_text_can_be_read_back(text in any::<String>()) {
            let mut written = String::new();
            write_text(&mut written, &text).expect("a string takes all");
            let read: String = serde_json::from_str(&written).expect("it is JSON");
            prop_assert_eq!(read, text);
        }
    }

    #[test]
    fn text_that_comes_in_parts_is_escaped_throughout() {
        let mut written = String::new();
        let part = "\n\\";
        write!(super::Escaped(&mut written), "a\"{part}\u{1}").expect("a string takes all");
        assert_eq!(written, r#"a\"\n\\\u0001"#);
    }
}
