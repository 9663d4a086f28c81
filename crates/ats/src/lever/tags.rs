//! The tags of an opportunity as a level: which of them show where an invite is, and what has to change until they do.

use domain::{Invite, Status};

/// Where an invite is, as its status tag says. An invite that expired or was cancelled keeps the tag it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Level {
    Invited,
    Started,
    Submitted,
}

impl Level {
    /// All of them, in the order of life.
    pub const ALL: [Self; 3] = [Self::Invited, Self::Started, Self::Submitted];

    /// Where `invite` is.
    pub fn of(invite: &Invite) -> Self {
        match invite.status {
            Status::Submitted | Status::Completed => Self::Submitted,
            Status::Started => Self::Started,
            _ if invite.attempt.started_at.is_some() => Self::Started,
            _ => Self::Invited,
        }
    }

    /// The tag that says so of the assessment with this title: "Rust Basics - Invited".
    pub fn tag(self, title: &str) -> String {
        let word = match self {
            Self::Invited => "Invited",
            Self::Started => "Started",
            Self::Submitted => "Submitted",
        };
        format!("{title} - {word}")
    }

    /// The number of this level in an attempt: another number, another showing.
    pub fn number(self, attempt: i32) -> i32 {
        attempt.saturating_mul(10).saturating_add(self as i32)
    }
}

/// Is `tag`, to the letter, a status tag of the assessment with this title?
pub fn is_status_of(title: &str, tag: &str) -> bool {
    tag.starts_with(title) && Level::ALL.iter().any(|level| level.tag(title) == tag)
}

/// What is known of an invite's tags.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The assessment's title as it was when the invite was made.
    pub title: &'a str,
    /// The tag that called for the invite, exactly as it stood there.
    pub found: &'a str,
    /// Has Lever put the found tag back before? Then it is inherited from the posting, and stays.
    pub sticky: bool,
    /// Where the invite is.
    pub level: Level,
    /// Which sitting this is, from 1: after a reset the tags go back.
    pub attempt: i32,
    /// The status tag that was last seen in place; none before the first swap is confirmed.
    pub last: Option<&'a str>,
}

/// What has to be done, in this order: a crash between the two leaves both tags, never neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// To be added first.
    pub add: Vec<String>,
    /// To be removed then.
    pub remove: Vec<String>,
}

impl Plan {
    /// Is everything as it should be?
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }
}

/// What turns the `present` tags of an opportunity into those that show `wanted`. `titles` are the other published assessments':
/// a tag that is one of them to the letter is not ours to remove, unless we put it there ourselves.
pub fn plan(present: &[String], wanted: &Wanted<'_>, titles: &[String]) -> Plan {
    let status = wanted.level.tag(wanted.title);
    let is_there = |tag: &String| present.contains(tag);
    let outdated = Level::ALL
        .into_iter()
        .filter(|level| *level < wanted.level || (*level > wanted.level && wanted.attempt > 1))
        .map(|level| level.tag(wanted.title))
        .filter(|tag| wanted.last == Some(tag) || !titles.contains(tag));
    // Once a swap is confirmed a plain title is there by the recruiter's hand.
    let is_swapped = wanted.sticky || wanted.last.is_some();
    let found = (!is_swapped && wanted.found != status).then(|| wanted.found.to_owned());
    Plan {
        remove: found.into_iter().chain(outdated).filter(is_there).collect(),
        add: Some(status)
            .into_iter()
            .filter(|tag| !is_there(tag))
            .collect(),
    }
}
