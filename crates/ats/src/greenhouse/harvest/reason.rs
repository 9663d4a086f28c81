//! Why nothing is sent, in words that an admin can act on.

use std::fmt;

/// Why something that came from Harvest brings no invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The event is of a kind that calls for nothing.
    OtherEvent,
    /// The event does not name what it is about.
    NoSubject,
    /// Greenhouse is not connected.
    Disconnected,
    /// Greenhouse does not show it (any more).
    Gone,
    /// Greenhouse does not let us read it.
    NotReadable,
    /// The application was rejected, hired or converted.
    NotRunning,
    /// A prospect is in no stage of a job.
    Prospect,
    /// The stage it is in invites nobody.
    NotMapped,
    /// Greenhouse does not say when it came there.
    NoMove,
    /// It was there before the stage was chosen.
    AlreadyThere,
    /// It came there before Greenhouse was connected.
    NotConnected,
    /// It came there too long ago.
    TooLongAgo,
    /// The application has an invite to this assessment.
    AlreadyInvited(String),
    /// The assessment is a draft, or archived.
    NotPublished(String),
    /// The person may not be mailed.
    MayNotBeContacted,
    /// No address to write to.
    NoEmail,
    /// An address that no mail can be sent to.
    EmailUnusable,
    /// Nobody here came from there.
    NobodyHere,
    /// The person is still in Greenhouse.
    StillThere,
}

impl Reason {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherEvent => "other_event",
            Self::NoSubject => "no_subject",
            Self::Disconnected => "disconnected",
            Self::Gone => "gone",
            Self::NotReadable => "not_readable",
            Self::NotRunning => "not_running",
            Self::Prospect => "prospect",
            Self::NotMapped => "not_a_trigger_stage",
            Self::NoMove => "no_move",
            Self::AlreadyThere => "already_there",
            Self::NotConnected => "not_connected",
            Self::TooLongAgo => "too_long_ago",
            Self::AlreadyInvited(_) => "already_invited",
            Self::NotPublished(_) => "not_published",
            Self::MayNotBeContacted => "may_not_be_contacted",
            Self::NoEmail => "no_email",
            Self::EmailUnusable => "email_unusable",
            Self::NobodyHere => "nobody_here",
            Self::StillThere => "still_there",
        }
    }

    /// Does it keep somebody from an invitation who newly came into a stage that invites?
    pub fn is_missed(&self) -> bool {
        matches!(
            self,
            Self::NoMove
                | Self::TooLongAgo
                | Self::NotPublished(_)
                | Self::MayNotBeContacted
                | Self::NoEmail
                | Self::EmailUnusable
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyInvited(title) => write!(
                f,
                "This application has an invite to \"{title}\" already. To ask again, resend or reset that invite."
            ),
            Self::NotPublished(title) => write!(
                f,
                "\"{title}\" is not published: publish it, then move the candidate out of the stage and in again."
            ),
            plain => f.write_str(plain.words()),
        }
    }
}

impl Reason {
    fn words(&self) -> &'static str {
        match self {
            Self::OtherEvent => "An event of this kind calls for nothing.",
            Self::NoSubject => "The event does not say what it is about.",
            Self::Disconnected => {
                "Greenhouse is not connected. Connect to Greenhouse, then move the candidate again."
            }
            Self::Gone => {
                "Greenhouse does not show it (any more): it was deleted, or it is for a confidential job or private, and whoever connected may not see it."
            }
            Self::NotReadable => {
                "Greenhouse does not let us read it: connect again as a Site Admin and accept all permissions."
            }
            Self::NotRunning => {
                "The application is not running: it was rejected, hired or converted."
            }
            Self::Prospect => "A prospect is in no stage of a job.",
            Self::NotMapped => "The stage it is in invites nobody.",
            Self::NoMove => {
                "Greenhouse does not say when the candidate came into the stage. Move them out and in again."
            }
            Self::AlreadyThere => {
                "The candidate was in the stage before it was chosen. Move them out and in again to invite them."
            }
            Self::NotConnected => {
                "The candidate came into the stage before Greenhouse was connected. Move them out and in again to invite them."
            }
            Self::TooLongAgo => {
                "The candidate came into the stage more than 7 days ago. Move them out and in again to invite them."
            }
            Self::MayNotBeContacted => {
                "The candidate may not be mailed, as their profile in Greenhouse says."
            }
            Self::NoEmail => {
                "The candidate has no e-mail address in Greenhouse. Add one, then move them out and in again."
            }
            Self::EmailUnusable => {
                "The candidate's first e-mail address in Greenhouse cannot be written to. Correct it, then move them out and in again."
            }
            Self::NobodyHere => "Nobody here came from there.",
            Self::StillThere => {
                "The person is still in Greenhouse, with a name or an address: nothing was erased here."
            }
            Self::AlreadyInvited(_) | Self::NotPublished(_) => "",
        }
    }
}
