//! One page of a list, newest first.

use uuid::Uuid;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// At most this many; 1 to 100.
    pub limit: i64,
    /// Only what is older than this id.
    pub before: Option<Uuid>,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            limit: 50,
            before: None,
        }
    }
}

impl Page {
    /// The id to start below: the highest there is where none was given. (A bound value keeps the statement one.)
    pub(crate) fn start(&self) -> crate::value::Id {
        crate::value::Id(self.before.unwrap_or(Uuid::max()))
    }
}
