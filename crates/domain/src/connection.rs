//! One organization's link to one ATS: which there are, how they stand, and what a grant that comes back from an ATS means.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The kinds of connection: a closed list of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    /// Greenhouse calls us with a key of ours.
    GreenhouseAssessment,
    /// We call Greenhouse's Harvest under a grant.
    GreenhouseHarvest,
    /// We call Lever under a grant.
    Lever,
}

impl ConnectionKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 3] = [
        Self::GreenhouseAssessment,
        Self::GreenhouseHarvest,
        Self::Lever,
    ];

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GreenhouseAssessment => "greenhouse_assessment",
            Self::GreenhouseHarvest => "greenhouse_harvest",
            Self::Lever => "lever",
        }
    }

    /// Reads the name used in the API and the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::GreenhouseAssessment => "Greenhouse (assessments)",
            Self::GreenhouseHarvest => "Greenhouse (Harvest)",
            Self::Lever => "Lever",
        }
    }
}

/// How a connection stands, as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Nobody has set it up.
    NotConfigured,
    /// Somebody has asked the operator to set it up.
    Requested,
    /// Set up on our side; the ATS has not called yet.
    Waiting,
    /// It works.
    Connected,
    /// It works, and will not for much longer unless somebody logs in again.
    Expiring,
    /// It does not work until a person mends it.
    NeedsAttention,
    /// Somebody ended it.
    Disconnected,
}

impl ConnectionState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::NotConfigured,
        Self::Requested,
        Self::Waiting,
        Self::Connected,
        Self::Expiring,
        Self::NeedsAttention,
        Self::Disconnected,
    ];

    /// The name used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::Requested => "requested",
            Self::Waiting => "waiting",
            Self::Connected => "connected",
            Self::Expiring => "expiring",
            Self::NeedsAttention => "needs_attention",
            Self::Disconnected => "disconnected",
        }
    }

    /// May the ATS be called?
    pub fn works(self) -> bool {
        matches!(self, Self::Connected | Self::Expiring)
    }
}

/// What is kept of how a connection under a grant stands; the rest of its state follows from requests and the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It never had a grant.
    NotConfigured,
    /// It has one.
    Connected,
    /// The ATS no longer accepts the one it has.
    NeedsAttention,
    /// Somebody ended it.
    Disconnected,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::NotConfigured,
        Self::Connected,
        Self::NeedsAttention,
        Self::Disconnected,
    ];

    /// The name used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::Connected => "connected",
            Self::NeedsAttention => "needs_attention",
            Self::Disconnected => "disconnected",
        }
    }

    /// Reads the name used in the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// The state that people see at `now`: `requested` says whether somebody has asked for set-up since, `life` how long the
    /// grant lives.
    pub fn state(
        self,
        requested: bool,
        life: Option<&GrantLife>,
        now: DateTime<Utc>,
    ) -> ConnectionState {
        match self {
            Self::Connected if life.is_some_and(|life| life.is_ending(now)) => {
                ConnectionState::Expiring
            }
            Self::Connected => ConnectionState::Connected,
            Self::NeedsAttention => ConnectionState::NeedsAttention,
            Self::NotConfigured | Self::Disconnected if requested => ConnectionState::Requested,
            Self::NotConfigured => ConnectionState::NotConfigured,
            Self::Disconnected => ConnectionState::Disconnected,
        }
    }

    /// Does a connection that becomes connected from here go on where it was, so that what happened meanwhile counts? Not
    /// after somebody ended it, nor with another account.
    pub fn goes_on(self, same_account: bool) -> bool {
        same_account && matches!(self, Self::Connected | Self::NeedsAttention)
    }
}

/// What an organization's admins chose for Lever.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LeverSettings {
    /// The id of the user there whose name tags and notes carry; none: they carry nobody's.
    pub perform_as: Option<String>,
    /// Is a note shown only to those who may see sensitive things there?
    pub note_secret: bool,
    /// Are the candidate's followers there told of a note?
    pub note_notify: bool,
}

/// What an organization's admins chose for Greenhouse's Harvest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HarvestSettings {
    /// The address of the user there to whom what we write about people is attributed; none: nobody was named.
    pub created_by_email: Option<String>,
}

/// How long an ATS lets a grant live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantRules {
    /// A grant that is not refreshed for this long is over.
    pub idle: TimeDelta,
    /// A grant is over after this long in any case; none where there is no such end.
    pub absolute: Option<TimeDelta>,
    /// Somebody is told when refreshing has failed for this long; none where only the end counts.
    pub alarm: Option<TimeDelta>,
}

/// The life of one grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantLife {
    /// What its ATS says.
    pub rules: GrantRules,
    /// When a person gave it.
    pub granted_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub refreshed_at: DateTime<Utc>,
    /// Since when refreshing fails, where it does.
    pub failing_since: Option<DateTime<Utc>>,
}

impl GrantLife {
    /// When it is lost if nothing is done.
    pub fn ends_at(&self) -> DateTime<Utc> {
        let idle = self.refreshed_at + self.rules.idle;
        match self.rules.absolute {
            Some(absolute) => idle.min(self.granted_at + absolute),
            None => idle,
        }
    }

    /// Is less than a quarter of an idle life left, or does refreshing fail for too long? Whoever keeps it alive in time never
    /// comes here, so somebody should know.
    pub fn is_ending(&self, now: DateTime<Utc>) -> bool {
        let failing = self.failing_since.zip(self.rules.alarm);
        self.ends_at() - now < self.rules.idle / 4
            || failing.is_some_and(|(since, alarm)| now - since >= alarm)
    }
}

/// What a grant that came back from an ATS means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It is taken.
    Taken {
        /// Is it for the account of before, as far as that is known? Then work that waits goes on.
        same_account: bool,
    },
    /// It is kept aside for this reason until somebody confirms it.
    Held(Hold),
}

/// Why a grant is kept aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// It is for another account than the connection was for before: one of the organization's admins decides.
    AnotherAccount,
    /// Another organization holds its account: an operator decides.
    HeldElsewhere,
    /// The operator has let it through, and it is for another account than before: one of the organization's admins decides.
    LetThrough,
}

impl Hold {
    /// The name used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AnotherAccount => "another_account",
            Self::HeldElsewhere => "held_elsewhere",
            Self::LetThrough => "let_through",
        }
    }

    /// Reads the name used in the database.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::AnotherAccount, Self::HeldElsewhere, Self::LetThrough]
            .into_iter()
            .find(|it| it.as_str() == text)
    }

    /// Is it for one of the organization's admins to decide?
    pub fn is_for_admins(self) -> bool {
        self != Self::HeldElsewhere
    }
}

impl Arrival {
    /// Judges a grant for account `arriving`: `before` is the account the connection was last for, `held_elsewhere` says whether
    /// another organization has a connection to `arriving`. Accounts that are not told are taken to be the same.
    pub fn judge(before: Option<&str>, arriving: Option<&str>, held_elsewhere: bool) -> Self {
        match (before, arriving) {
            (_, Some(_)) if held_elsewhere => Self::Held(Hold::HeldElsewhere),
            (Some(before), Some(arriving)) if before != arriving => {
                Self::Held(Hold::AnotherAccount)
            }
            (before, _) => Self::Taken {
                same_account: before.is_some(),
            },
        }
    }
}
