//! Why nothing is sent, in words that an admin can act on.

use std::fmt;

use super::titles::Ambiguous;

/// Why an opportunity, or one of its tags, brings no invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The delivery says that it stayed where it was.
    SameStage,
    /// The delivery says that it went into a stage that triggers nothing.
    NotATrigger,
    /// The delivery is of a kind that calls for nothing.
    OtherEvent,
    /// The delivery names no opportunity.
    NoOpportunity,
    /// Lever is not connected.
    Disconnected,
    /// Lever knows it no longer.
    Gone,
    /// Lever does not let us read it.
    NotReadable,
    /// It is archived.
    Archived,
    /// The person's data was removed.
    Anonymized,
    /// The person may not be contacted.
    MayNotBeContacted,
    /// There is no trigger stage.
    NoTriggerStages,
    /// By the time we looked it was in no trigger stage.
    MovedOn,
    /// Lever's history does not say that it was moved there.
    NoMove,
    /// It was there before the stage became a trigger stage.
    AlreadyThere,
    /// It was moved there before Lever was connected.
    NotConnected,
    /// It was moved there too long ago.
    TooLongAgo,
    /// No tag names a published assessment.
    NoTag,
    /// A tag could mean several.
    Ambiguous(Ambiguous),
    /// No address to write to.
    NoEmail,
    /// An address that no mail can be sent to.
    EmailUnusable,
    /// This opportunity has an invite to this assessment.
    AlreadyInvited(String),
    /// It came back with the tag that our own tag had yet to replace.
    NotYetTagged(String),
    /// It came back with the title beside a status tag: that tag, and the title.
    StatusTagStands {
        /// The assessment's title.
        title: String,
        /// The status tag that stands there.
        tag: String,
    },
    /// It came back with a tag that is inherited from its posting.
    Inherited(String),
}

impl Reason {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SameStage => "same_stage",
            Self::NotATrigger => "not_a_trigger_stage",
            Self::OtherEvent => "other_event",
            Self::NoOpportunity => "no_opportunity",
            Self::Disconnected => "disconnected",
            Self::Gone => "gone",
            Self::NotReadable => "not_readable",
            Self::Archived => "archived",
            Self::Anonymized => "anonymized",
            Self::MayNotBeContacted => "may_not_be_contacted",
            Self::NoTriggerStages => "no_trigger_stages",
            Self::MovedOn => "moved_on",
            Self::NoMove => "no_move",
            Self::AlreadyThere => "already_there",
            Self::NotConnected => "not_connected",
            Self::TooLongAgo => "too_long_ago",
            Self::NoTag => "no_tag",
            Self::Ambiguous(_) => "ambiguous_tag",
            Self::NoEmail => "no_email",
            Self::EmailUnusable => "email_unusable",
            Self::AlreadyInvited(_) => "already_invited",
            Self::NotYetTagged(_) => "not_yet_tagged",
            Self::StatusTagStands { .. } => "status_tag_stands",
            Self::Inherited(_) => "inherited_tag",
        }
    }
}

impl Reason {
    /// Does it keep somebody from an invitation who was newly moved into a trigger stage?
    pub fn is_missed(&self) -> bool {
        matches!(
            self,
            Self::Anonymized
                | Self::MayNotBeContacted
                | Self::TooLongAgo
                | Self::NoTag
                | Self::Ambiguous(_)
                | Self::NoEmail
                | Self::EmailUnusable
                | Self::NotYetTagged(_)
                | Self::StatusTagStands { .. }
                | Self::Inherited(_)
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous(Ambiguous { tag, titles }) => write!(
                f,
                "The tag \"{tag}\" could mean several assessments ({}). Give the tag exactly as one of the titles.",
                titles.join(", ")
            ),
            Self::AlreadyInvited(title) => {
                write!(f, "This opportunity already has an invite to \"{title}\".")
            }
            Self::NotYetTagged(title) => write!(
                f,
                "It came back before its tag \"{title}\" was changed, so the tag asks for nothing new. To invite again, put the \
                 plain title in the place of the status tag, then move it out of the stage and in again."
            ),
            Self::StatusTagStands { title, tag } => write!(
                f,
                "The tag \"{tag}\" shows that \"{title}\" was sent before. To invite again, remove that tag, leave \"{title}\", \
                 then move the opportunity out of the stage and in again."
            ),
            Self::Inherited(title) => write!(
                f,
                "The tag \"{title}\" is inherited from the posting and cannot be taken off, so it asks for no second invite. \
                 Invite again from the candidate's page here."
            ),
            plain => f.write_str(plain.words()),
        }
    }
}

impl Reason {
    /// The sentence of a reason that names nothing.
    fn words(&self) -> &'static str {
        match self {
            Self::SameStage => "Lever reports a move into the stage where it already was.",
            Self::NotATrigger => "It was moved into a stage that is not a trigger stage.",
            Self::OtherEvent => "Baton has no use for this kind of event.",
            Self::NoOpportunity => "The event names no opportunity.",
            Self::Disconnected => "Lever is disconnected, and nobody is invited meanwhile.",
            Self::Gone => "Lever no longer knows this opportunity: it was deleted or merged.",
            Self::NotReadable => {
                "Lever does not let this connection read the opportunity: it is confidential, or a permission is missing."
            }
            Self::Archived => "The opportunity is archived.",
            Self::Anonymized => "The person's data was removed in Lever.",
            Self::MayNotBeContacted => "Lever says that this person may not be contacted.",
            Self::NoTriggerStages => "There is no trigger stage. Add one on the Integrations page.",
            Self::MovedOn => {
                "By the time Baton looked, the opportunity was no longer in a trigger stage."
            }
            Self::NoMove => "Lever's history shows no move into the trigger stage.",
            Self::AlreadyThere => {
                "It was in the stage before that became a trigger stage; only those moved there afterwards are invited. Move it \
                 out of the stage and in again."
            }
            Self::NotConnected => {
                "It was moved there before Lever was connected. Move it out of the stage and in again."
            }
            Self::TooLongAgo => {
                "It was moved there more than 7 days ago, too long for an invitation that nobody expects any more. Move it out of \
                 the stage and in again."
            }
            Self::NoTag => {
                "None of its tags is the title of a published assessment. Add the title as a tag, then move it out of the stage \
                 and in again."
            }
            Self::NoEmail => {
                "The opportunity has no e-mail address. Add one in Lever, then move it out of the stage and in again."
            }
            Self::EmailUnusable => {
                "The opportunity's first e-mail address is not one that mail can be sent to. Correct it in Lever, then move the \
                 opportunity out of the stage and in again."
            }
            _ => "",
        }
    }
}
