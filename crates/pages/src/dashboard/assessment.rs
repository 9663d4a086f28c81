//! One assessment, `/assessments/{id}`.

use askama::Template;

use super::{Frame, Section};
use crate::badge::{Badge, Tone};
use crate::parts::{Copy, Remark};

/// The longest title that Lever is known to take as a tag, in characters. Its limit is published nowhere.
const LONGEST_TAG: usize = 100;

/// `GET /assessments/{id}`: its title to copy, and what somebody should know before using the title as a tag.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/assessment.html")]
pub struct AssessmentPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The title, to be copied.
    pub title: Copy,
    /// Where it is in its life.
    pub state: Badge,
    /// Is it on offer?
    pub published: bool,
    /// "8 questions", or "On example.com".
    pub contents: String,
    /// "45 minutes".
    pub time_limit: Option<String>,
    /// "14 days".
    pub valid: String,
    /// Grows with each change of a published one.
    pub version: i32,
    /// The invites of this assessment.
    pub invites_href: String,
    /// The job in Greenhouse that it was made for.
    pub greenhouse_job: Option<String>,
    /// Where stages that invite to it are chosen; none where Greenhouse is not connected.
    pub stages_href: Option<String>,
    /// Where its description is held against the one in Greenhouse; none where it was not imported.
    pub description_href: Option<String>,
    /// What becomes of the title in Lever.
    pub lever: TagUse,
    /// What stands against the title as a tag.
    pub remarks: Vec<Remark>,
}

/// What becomes of a title in Lever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagUse {
    /// Lever is not connected.
    NotConnected,
    /// Connected, and nobody has said yet which stages invite.
    NoStage,
    /// Moving into one of these stages invites.
    Stages(Vec<String>),
}

/// What a look into Lever says of an assessment's title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InLever {
    /// What else there goes by the title: "the posting Backend Engineer", "the team Platform".
    pub namesakes: Vec<String>,
    /// Postings that still carry an earlier title as a tag, with that title.
    pub outdated: Vec<(String, String)>,
}

/// What stands against `title` as a tag. `look` is what was seen in Lever; `Err` holds why nothing was.
pub fn tag_remarks(title: &str, look: Option<Result<InLever, String>>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if title.chars().count() > LONGEST_TAG {
        remarks.push(Remark::new(
            Tone::Warn,
            format!(
                "The title has {} characters. Lever may not take more than {LONGEST_TAG} as a tag: shorten the title before it is used there.",
                title.chars().count()
            ),
        ));
    }
    match look {
        None => {}
        Some(Err(why)) => remarks.push(Remark::new(
            Tone::Quiet,
            format!(
                "Whether the title means something else in Lever could not be looked up: {why}"
            ),
        )),
        Some(Ok(look)) => remarks.extend(look.remarks(title)),
    }
    remarks
}

impl InLever {
    fn remarks(&self, title: &str) -> Vec<Remark> {
        let namesakes = (!self.namesakes.is_empty()).then(|| {
            let names = self.namesakes.join(", ");
            let text = format!(
                "In Lever, {names} goes by the same words. Lever gives each candidate of a posting its title, team, department, location and work \
                 type as tags, so all of them would count as tagged with this assessment. Give the assessment another title."
            );
            Remark::new(Tone::Bad, text)
        });
        let outdated = self.outdated.iter().map(|(posting, old)| {
            let text = format!(
                "The posting {posting} still carries the earlier title “{old}” as a tag, which invites nobody any more. Replace it there with “{title}”."
            );
            Remark::new(Tone::Warn, text)
        });
        namesakes.into_iter().chain(outdated).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_longer_than_a_tag_is_warned_of() {
        assert_eq!(tag_remarks(&"x".repeat(100), None), []);
        let remarks = tag_remarks(&"ü".repeat(101), None);
        assert!(remarks[0].text.contains("101 characters"), "{remarks:?}");
    }

    #[test]
    fn a_title_that_lever_uses_for_something_else_is_warned_of() {
        let look = InLever {
            namesakes: vec!["the team Platform".into()],
            outdated: vec![("Engineer".into(), "Rust".into())],
        };
        let remarks = tag_remarks("Platform", Some(Ok(look)));
        let texts: Vec<&str> = remarks.iter().map(|remark| remark.text.as_str()).collect();
        assert!(texts[0].contains("the team Platform"), "{texts:?}");
        assert!(
            texts[1].contains("“Rust”") && texts[1].contains("“Platform”"),
            "{texts:?}"
        );
    }

    #[test]
    fn not_to_have_looked_is_said() {
        let remarks = tag_remarks("Rust", Some(Err("Lever did not answer in time.".into())));
        assert!(remarks[0].text.ends_with("Lever did not answer in time."));
    }
}
