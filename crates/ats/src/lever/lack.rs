//! Permissions that a connection lacks: Lever answers 403 and names none, so what was asked for tells which.

use std::fmt;

use ::lever::scope;

/// What Lever does not let us do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lack {
    /// Looking for opportunities that were moved.
    Opportunities,
    /// The same for confidential ones, where the operator asks for those.
    Confidential,
    /// Changing the tags of an opportunity that can be read.
    Tags,
    /// Writing a note on an opportunity that can be read.
    Notes,
}

impl Lack {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Opportunities,
        Self::Confidential,
        Self::Tags,
        Self::Notes,
    ];

    /// The scope that lets us.
    pub fn scope(self) -> &'static str {
        match self {
            Self::Opportunities | Self::Tags => scope::OPPORTUNITIES_WRITE,
            Self::Confidential => scope::CONFIDENTIAL_ACCESS,
            Self::Notes => scope::NOTES_WRITE,
        }
    }

    fn doing(self) -> &'static str {
        match self {
            Self::Opportunities => "look for opportunities that were moved",
            Self::Confidential => "look for confidential opportunities that were moved",
            Self::Tags => "change tags",
            Self::Notes => "write notes",
        }
    }
}

impl fmt::Display for Lack {
    /// For whoever may connect Lever: what is missing, and what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Lever does not let us {}: the permission {} is missing. Log in to Lever again and accept all permissions that are \
             asked for; what waits for it goes on then",
            self.doing(),
            self.scope()
        )
    }
}
