//! The results note: its words, and how it is known again.

use domain::{InviteId, InviteView};

use crate::words;

/// The longest note; Lever documents no limit.
const LONGEST: usize = 9_000;

/// The note that shows `view`, with the result where there is one. It ends with the line by which it is found again.
pub fn text(view: &InviteView, result_url: &str) -> String {
    let mut lines = vec![harmless(&view.assessment_title), String::new()];
    lines.extend(result(view));
    let moments = [
        ("Started", view.invite.attempt.started_at),
        ("Submitted", view.invite.submitted_at),
    ];
    for (label, moment) in moments {
        lines.extend(moment.map(|moment| format!("{label}: {}", words::moment(moment))));
    }
    lines.push(format!("Results: {result_url}"));
    let body: String = lines.join("\n").chars().take(LONGEST).collect();
    format!("{body}\n\n{}", reference(view.invite.id))
}

/// The closing line: in no other invite's note.
pub fn reference(invite: InviteId) -> String {
    format!("ref: {invite}")
}

/// Is this a note about `invite`, as [`text`] writes them? White space that Lever adds or takes makes no difference.
pub fn is_about(invite: InviteId, text: &str) -> bool {
    let last = text.lines().map(str::trim).rfind(|line| !line.is_empty());
    last.is_some_and(|line| line == reference(invite))
}

fn result(view: &InviteView) -> Vec<String> {
    let Some(revision) = view.final_result() else {
        return vec!["Result: to follow".to_owned()];
    };
    let advice = revision.body.recommendation;
    let mut lines = vec![format!("Result: {}", words::outcome(&revision.body))];
    lines.extend(advice.map(|advice| format!("Recommendation: {}", advice.words())));
    lines
}

/// Lever reads `@name` in a note as a call to that user, so none is left in what others have written. On one line.
fn harmless(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text.replace('@', "@\u{200b}")
}
