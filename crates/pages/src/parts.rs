//! Components that several pages share; each renders itself.

use askama::Template;
use askama::filters::HtmlSafe;
use domain::{Target, WritebackState};

use crate::badge::Tone;
use crate::when::When;
use crate::words;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name; its element has the same id.
    pub field: String,
    /// What was wrong, then what to do.
    pub message: String,
}

impl FieldError {
    /// An error beside `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// The summary above a form, linking to each field at fault. Renders to nothing where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/error_summary.html")]
pub struct ErrorSummary {
    /// One by one, in the order of the fields.
    pub errors: Vec<FieldError>,
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// The message beside `field`.
    pub fn of(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.field == field);
        error.map(|error| error.message.as_str())
    }
}

/// A share of a whole as a bar beside its numbers.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "parts/bar.html")]
pub struct Bar {
    /// What it measures.
    pub name: String,
    /// "7.5".
    pub value: String,
    /// "10".
    pub of: String,
    /// 0 to 100, for the drawing.
    pub percent: u32,
    /// In words.
    pub comment: Option<String>,
}

impl HtmlSafe for Bar {}

impl Bar {
    /// `value` out of `of`.
    pub fn new(name: impl Into<String>, value: f64, of: f64, comment: Option<String>) -> Self {
        Self {
            name: name.into(),
            value: words::score(value),
            of: words::score(of),
            percent: percent(value, of),
            comment,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 100 after clamp"
)]
fn percent(value: f64, of: f64) -> u32 {
    let share = if of > 0.0 { value / of } else { 0.0 };
    (share * 100.0).clamp(0.0, 100.0).round() as u32
}

/// One fact on an invite's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/timeline_entry.html")]
pub struct TimelineEntry {
    /// When.
    pub when: When,
    /// What happened, in words.
    pub title: String,
    /// Why, or what was answered.
    pub detail: Option<String>,
    /// How it feels.
    pub tone: Tone,
}

impl HtmlSafe for TimelineEntry {}

impl TimelineEntry {
    /// The entry for a fact's `name` (`invite.started`); one that is not known here shows its name as it is.
    pub fn new(name: &str, detail: Option<String>, when: When) -> Self {
        let (title, tone) = describe(name);
        Self {
            when,
            title: title.map_or_else(|| name.to_owned(), str::to_owned),
            detail,
            tone,
        }
    }

    /// The entry for how far a write-back to `target` has come.
    pub fn of_writeback(
        target: Target,
        state: WritebackState,
        detail: Option<String>,
        when: When,
    ) -> Self {
        let (title, tone) = describe_writeback(target, state);
        Self {
            when,
            title,
            detail,
            tone,
        }
    }
}

fn describe_writeback(target: Target, state: WritebackState) -> (String, Tone) {
    let ats = words::ats(target);
    let title = match (state, target) {
        (WritebackState::Pending, _) => format!("{ats} is to be told"),
        (WritebackState::Retrying, _) => format!("{ats} did not take it yet; trying again"),
        (WritebackState::Blocked, Target::GreenhouseNote) => {
            "Waits for somebody to mend something".to_owned()
        }
        (WritebackState::Blocked, _) => format!("{ats} refuses it; needs a person"),
        (WritebackState::Failed, _) => format!("{ats} could not be told"),
        (WritebackState::Sent, Target::GreenhouseStatus) => "Told Greenhouse".to_owned(),
        (WritebackState::Seen, Target::GreenhouseStatus) => {
            "Greenhouse fetched the result".to_owned()
        }
        (WritebackState::Sent, Target::GreenhouseNote) => "Note written in Greenhouse".to_owned(),
        (WritebackState::Seen, Target::GreenhouseNote) => "Note seen in Greenhouse".to_owned(),
        (WritebackState::Sent, Target::LeverTags) => "Tag changed in Lever".to_owned(),
        (WritebackState::Seen, Target::LeverTags) => "Tag seen in Lever".to_owned(),
        (WritebackState::Sent, Target::LeverNote) => "Note written in Lever".to_owned(),
        (WritebackState::Seen, Target::LeverNote) => "Note seen in Lever".to_owned(),
    };
    let tone = match state {
        WritebackState::Pending => Tone::Quiet,
        WritebackState::Retrying => Tone::Warn,
        WritebackState::Sent => Tone::Active,
        WritebackState::Seen => Tone::Good,
        WritebackState::Blocked | WritebackState::Failed => Tone::Bad,
    };
    (title, tone)
}

fn describe(name: &str) -> (Option<&'static str>, Tone) {
    let (title, tone) = match name {
        "invite.created" => ("Invite created", Tone::Quiet),
        "invite.started" => ("Candidate started", Tone::Active),
        "invite.submitted" => ("Answers submitted", Tone::Active),
        "invite.completed" => ("Completed", Tone::Good),
        "invite.expired" => ("Deadline passed", Tone::Bad),
        "invite.cancelled" => ("Cancelled", Tone::Bad),
        "invite.reset" => (
            "Reset: a new link, the old one is no longer in use",
            Tone::Quiet,
        ),
        "invite.resent" => ("Sent once more", Tone::Quiet),
        "invite.extended" => ("Given more time", Tone::Quiet),
        "result.revised" => ("Result recorded", Tone::Good),
        "result.graded" => ("Answers graded", Tone::Quiet),
        "interview.filed" => ("Interview filed", Tone::Quiet),
        "interview.answered" => ("Candidate answered", Tone::Active),
        "mail.waits" => ("Mail waits", Tone::Warn),
        "mail.repeated" => ("Mail sent again, as the same message", Tone::Warn),
        "mail.sent" => ("Mail sent", Tone::Good),
        "mail.failed" => ("Mail could not be sent", Tone::Bad),
        "mail.not_sent" => ("Mail not sent", Tone::Quiet),
        "mail.delayed" => ("Mail still under way", Tone::Warn),
        "mail.delivered" => ("Mail delivered", Tone::Good),
        "mail.complained" => ("Mail marked as spam", Tone::Bad),
        "greenhouse.response_error" => ("Greenhouse reported an error", Tone::Bad),
        "mail.bounced" => ("Mail came back", Tone::Bad),
        "greenhouse.no_person" => ("No note in Greenhouse", Tone::Quiet),
        "candidate.erased" => ("Candidate's data erased", Tone::Quiet),
        "links.withdrawn" => ("Shared links withdrawn", Tone::Quiet),
        _ => return (None, Tone::Quiet),
    };
    (Some(title), tone)
}

/// An empty list: says how to fill it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/empty.html")]
pub struct Empty {
    /// What is not there.
    pub heading: String,
    /// How to fill it.
    pub text: String,
    /// Label and address of the one useful link.
    pub link: Option<(String, String)>,
}

impl HtmlSafe for Empty {}

/// A text to be copied: a link, an id. The button needs scripts; without them the text can be marked.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/copy.html")]
pub struct Copy {
    /// What it is, for those who don't see it: "Candidate's link".
    pub label: String,
    /// The text.
    pub text: String,
    /// What the button says: "Copy".
    pub button: &'static str,
}

impl HtmlSafe for Copy {}

impl Copy {
    /// `text`, which is a `label`.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
            button: "Copy",
        }
    }

    /// An assessment's title, to be pasted as a tag.
    pub fn title(title: impl Into<String>) -> Self {
        Self {
            button: "Copy title",
            ..Self::new("Title", title)
        }
    }

    /// Does the button say by itself what it copies?
    fn names_it(&self) -> bool {
        self.button != "Copy"
    }
}

/// One thing to know beside what it is about: a warning, a hint.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/remark.html")]
pub struct Remark {
    /// How it feels.
    pub tone: Tone,
    /// What is so, then what to do.
    pub text: String,
}

impl HtmlSafe for Remark {}

impl Remark {
    /// `text` in a tone.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_frame() {
        for (value, of, drawn) in [
            (7.5, 10.0, 75),
            (0.0, 10.0, 0),
            (20.0, 10.0, 100),
            (-1.0, 10.0, 0),
            (1.0, 0.0, 0),
            (f64::NAN, 10.0, 0),
        ] {
            assert_eq!(
                Bar::new("x", value, of, None).percent,
                drawn,
                "{value} of {of}"
            );
        }
    }

    #[test]
    fn a_form_without_faults_has_no_summary() {
        let rendered = ErrorSummary::default().render().expect("renders");
        assert_eq!(rendered.trim(), "");
    }

    #[test]
    fn names_are_text_everywhere() {
        let bar = Bar::new("<b>x</b>", 1.0, 2.0, Some("\"><script>".into()));
        let html = bar.render().expect("renders");
        assert!(!html.contains("<b>") && !html.contains("<script"), "{html}");
    }
}
