//! An organization's Harvest: how it behaves, and what was counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::allowance::Allowance;
use super::settings::Settings;
use crate::faults::Faults;

/// One organization's part.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Office {
    pub(crate) settings: Settings,
    #[serde(default)]
    pub(crate) faults: Faults,
    /// By client id: each has windows of its own.
    pub(crate) allowances: BTreeMap<String, Allowance>,
}
