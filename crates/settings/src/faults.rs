//! What is wrong with the settings, for the person who sets them.

use std::fmt;

/// One fault: which setting, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The setting, as in the file (`http.listen`); the file's path where the file itself is at fault.
    pub key: String,
    /// The environment variable that set it, if one did.
    pub variable: Option<String>,
    /// What is wrong and what to do. Never shows a secret.
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.key)?;
        if let Some(variable) = &self.variable {
            write!(f, " (set by {variable})")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// All faults; `Display` is the list that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// Each fault, in the order of the settings.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => writeln!(f, "One setting has to be changed:")?,
            count => writeln!(f, "{count} settings have to be changed:")?,
        }
        self.0.iter().try_for_each(|fault| writeln!(f, "- {fault}"))
    }
}

impl std::error::Error for Faults {}
