//! Why a mail did not go out, sorted by who has to act.

/// Why a mail was not handed over. The reasons are in words and hold neither addresses nor secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The relay could not be reached, gave no answer in time or asked to try later. Try again with the same message.
    #[error("The mail relay did not take the mail yet: {reason}")]
    Transient {
        /// What the relay or the network said.
        reason: String,
        /// The whole message was on its way when the connection broke: the relay may have taken it.
        perhaps_sent: bool,
    },
    /// The relay refuses this recipient for good (5xx at RCPT): a bounce that came at once. Other mails are not concerned.
    #[error("The recipient was refused: {reason}")]
    Bounced {
        /// What the relay said.
        reason: String,
    },
    /// This message cannot be sent. Trying again does not help; other mails are not concerned.
    #[error("The mail was refused: {reason}")]
    Rejected {
        /// What the relay said, or what is wrong with the address.
        reason: String,
    },
    /// No mail can go out until an operator mends the settings.
    #[error("Mail cannot be sent until the settings are mended: {reason}")]
    Misconfigured {
        /// What does not fit and what to do.
        reason: String,
    },
}

impl SendError {
    pub(crate) fn bounced(reason: impl Into<String>) -> Self {
        Self::Bounced {
            reason: reason.into(),
        }
    }

    pub(crate) fn rejected(reason: impl Into<String>) -> Self {
        Self::Rejected {
            reason: reason.into(),
        }
    }

    pub(crate) fn misconfigured(reason: impl Into<String>) -> Self {
        Self::Misconfigured {
            reason: reason.into(),
        }
    }

    pub(crate) fn transient(reason: impl Into<String>, perhaps_sent: bool) -> Self {
        Self::Transient {
            reason: reason.into(),
            perhaps_sent,
        }
    }
}
