//! Which mail of which invite: what its Message-ID says.

use std::fmt;

use domain::{Invite, InviteId, ReferralId};
use serde::{Deserialize, Serialize};

/// Why a mail is sent. Each occasion is one message, however often it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Occasion {
    /// The first mail of an attempt.
    Invitation,
    /// One more mail with the same link; they are counted.
    Resend(i32),
    /// Before a deadline; counted from 1, since a deadline may move.
    Reminder(i32),
    /// After an interview: does the candidate want to go on?
    Consent,
}

impl Occasion {
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
        match text {
            "invitation" => Some(Self::Invitation),
            "reminder" => Some(Self::Reminder(1)),
            "consent" => Some(Self::Consent),
            _ => match text.split_once('-')? {
                ("resend", many) => number(many).map(Self::Resend),
                ("reminder", many) => number(many).map(Self::Reminder),
                _ => None,
            },
        }
    }
}

impl fmt::Display for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invitation => f.write_str("invitation"),
            Self::Consent => f.write_str("consent"),
            Self::Resend(number) => write!(f, "resend-{number}"),
            Self::Reminder(1) => f.write_str("reminder"),
            Self::Reminder(number) => write!(f, "reminder-{number}"),
        }
    }
}

/// One mail for one attempt; of a referral, under its own id. Displays as the first part of its Message-ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MailId {
    pub(crate) invite: InviteId,
    pub(crate) attempt: i32,
    pub(crate) occasion: Occasion,
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.invite, self.attempt, self.occasion)
    }
}

impl MailId {
    /// The mail of the present attempt.
    pub(crate) fn of(invite: &Invite, occasion: Occasion) -> Self {
        Self {
            invite: invite.id,
            attempt: invite.attempt.number,
            occasion,
        }
    }

    /// The mail that asks whether the candidate of a referral wants to go on.
    pub(crate) fn consent(referral: ReferralId) -> Self {
        Self {
            invite: InviteId(referral.0),
            attempt: 1,
            occasion: Occasion::Consent,
        }
    }

    /// Of which referral it is, if of one.
    pub(crate) fn referral(&self) -> Option<ReferralId> {
        (self.occasion == Occasion::Consent).then_some(ReferralId(self.invite.0))
    }

    /// As `storage` keeps it.
    pub(crate) fn from_parts(invite: InviteId, attempt: i32, occasion: &str) -> Option<Self> {
        Some(Self {
            invite,
            attempt,
            occasion: Occasion::parse(occasion)?,
        })
    }

    /// The mail that a Message-ID names, with or without brackets; none where it cannot be one of ours. Relays may write another
    /// host behind it.
    pub(crate) fn parse(message_id: &str) -> Option<Self> {
        let inner = message_id.trim_start_matches('<').trim_end_matches('>');
        let (name, _host) = inner.split_once('@')?;
        let mut parts = name.splitn(3, '.');
        let invite = parts.next()?.parse().ok()?;
        let attempt = parts.next()?.parse().ok().filter(|number| *number > 0)?;
        Self::from_parts(invite, attempt, parts.next()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_is_found_again_by_its_message_id() {
        let invite = InviteId(uuid::Uuid::from_u128(7));
        for occasion in [
            Occasion::Invitation,
            Occasion::Resend(1),
            Occasion::Resend(12),
            Occasion::Reminder(1),
            Occasion::Reminder(2),
            Occasion::Consent,
        ] {
            let mail = MailId {
                invite,
                attempt: 2,
                occasion,
            };
            let message_id = format!("<{mail}@baton.example>");
            assert_eq!(MailId::parse(&message_id), Some(mail), "{message_id}");
            let other_host = format!("{mail}@relay.example");
            assert_eq!(MailId::parse(&other_host), Some(mail), "{other_host}");
        }
    }

    #[test]
    fn what_is_no_mail_of_ours_is_found_to_be_none() {
        let invite = InviteId(uuid::Uuid::from_u128(7));
        for message_id in [
            String::new(),
            "<>".to_owned(),
            "<1@baton.example>".to_owned(),
            format!("<{invite}.1.invitation>"),
            format!("<{invite}.0.invitation@h>"),
            format!("<{invite}.1.resend@h>"),
            format!("<{invite}.1.resend-0@h>"),
            format!("<{invite}.1.resend--1@h>"),
            format!("<{invite}.1.farewell@h>"),
            format!("<{invite}.99999999999.invitation@h>"),
        ] {
            assert_eq!(MailId::parse(&message_id), None, "{message_id}");
        }
    }
}
