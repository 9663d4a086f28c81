//! A customer of Greenhouse and its connection to an assessment partner.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::validator::TestItem;
use crate::secret::Secret;

/// The four URLs that a partner registers with Greenhouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoints {
    /// Answers the drop-down of tests.
    pub(crate) list_tests: Url,
    /// Takes one candidate for one test.
    pub(crate) send_test: Url,
    /// Answers state and result.
    pub(crate) test_status: Url,
    /// Hears of malformed answers.
    pub(crate) response_error: Url,
}

impl Endpoints {
    /// The usual four below one base; a query of the base stays on each.
    pub(crate) fn below(base: &Url) -> Self {
        let below = |name: &str| {
            let mut url = base.clone();
            url.set_path(&format!("{}/{name}", base.path().trim_end_matches('/')));
            url
        };
        Self {
            list_tests: below("list_tests"),
            send_test: below("send_test"),
            test_status: below("test_status"),
            response_error: below("response_errors"),
        }
    }
}

/// What the PATCH endpoint accepts. Which of them the real one takes is not documented.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PatchAuth {
    /// The organization's key as user name.
    #[default]
    OrgKey,
    /// A user name and a password that Greenhouse gave to the partner.
    PartnerPair,
    /// One of the two.
    Either,
    /// Anything, even no credential.
    None,
}

/// When `test_status` is read without a PATCH.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Polling {
    /// Never: partners since October 2019.
    #[default]
    PatchOnly,
    /// Hourly, and a PATCH only stirs the log.
    Legacy,
    /// Hourly and on a PATCH.
    Both,
}

/// How Greenhouse's requests look: today's form, or an older one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Dialect {
    /// Leave a member without a value out instead of sending `null`.
    pub(crate) omit_absent: bool,
    /// Send ids that are numbers as numbers.
    pub(crate) numeric_ids: bool,
    /// Put `url` inside `candidate`.
    pub(crate) url_in_candidate: bool,
    /// Send no `url` at all.
    pub(crate) omit_url: bool,
    /// Leave `candidate.preferred_name` out.
    pub(crate) omit_preferred_name: bool,
    /// Leave `sent_by` out.
    pub(crate) omit_sent_by: bool,
    /// Add members that nobody documented.
    pub(crate) unknown_members: bool,
    /// Sent as `User-Agent`.
    pub(crate) user_agent: String,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            omit_absent: false,
            numeric_ids: false,
            url_in_candidate: false,
            omit_url: false,
            omit_preferred_name: false,
            omit_sent_by: false,
            unknown_members: false,
            user_agent: "Greenhouse-Sandbox/1".to_owned(),
        }
    }
}

/// The forms that were documented over the years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DialectYear {
    /// Numbers as ids, no `url`, no `sent_by`, no preferred name.
    #[serde(rename = "2016")]
    Y2016,
    /// `url` inside `candidate`, no `sent_by`, no preferred name.
    #[serde(rename = "2019")]
    Y2019,
    /// Without preferred name.
    #[serde(rename = "2024")]
    Y2024,
    /// Today's form.
    #[serde(rename = "2025")]
    Y2025,
}

impl From<DialectYear> for Dialect {
    fn from(year: DialectYear) -> Self {
        let before_2024 = matches!(year, DialectYear::Y2016 | DialectYear::Y2019);
        Self {
            numeric_ids: year == DialectYear::Y2016,
            omit_url: year == DialectYear::Y2016,
            url_in_candidate: year == DialectYear::Y2019,
            omit_sent_by: before_2024,
            omit_preferred_name: year != DialectYear::Y2025,
            ..Self::default()
        }
    }
}

/// A dialect as asked for: a year, or each switch.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum DialectChoice {
    /// `"2019"`
    Year(DialectYear),
    /// `{"omit_absent": true}`
    Switches(Dialect),
}

impl From<DialectChoice> for Dialect {
    fn from(choice: DialectChoice) -> Self {
        match choice {
            DialectChoice::Year(year) => year.into(),
            DialectChoice::Switches(dialect) => dialect,
        }
    }
}

/// A key that Greenhouse's staff will enter later: until then the old one is used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NextKey {
    /// The new key.
    pub(crate) key: Secret,
    /// From when on it is used, by the sandbox's clock.
    pub(crate) from: DateTime<Utc>,
}

/// One customer organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) id: u64,
    /// The customer's name.
    pub(crate) name: String,
    /// The assessment partner's name, as Greenhouse shows it on stages.
    pub(crate) partner_name: String,
    /// What was entered as base of the four URLs, if they came from one.
    pub(crate) base_url: Option<String>,
    /// The vendor's four URLs.
    pub(crate) endpoints: Option<Endpoints>,
    /// The vendor's key.
    pub(crate) key: Option<Secret>,
    /// A key on its way.
    pub(crate) next_key: Option<NextKey>,
    /// What PATCH accepts.
    pub(crate) patch_auth: PatchAuth,
    /// User name of the partner pair.
    pub(crate) partner_username: Option<String>,
    /// Password of the partner pair.
    pub(crate) partner_password: Option<Secret>,
    /// How requests look.
    pub(crate) dialect: Dialect,
    /// When status is read without a PATCH.
    pub(crate) polling: Polling,
    /// Numbers as ids are malformed instead of converted.
    pub(crate) strict: bool,
    /// Also report failures that are no malformed answers.
    pub(crate) notify_failures: bool,
    /// Read `test_status` before the PATCH is answered, to catch vendors that deadlock.
    pub(crate) read_before_answer: bool,
    /// Read again at a PATCH of a test that is complete already.
    pub(crate) reread_complete: bool,
    /// Show results whose URL names a private host; unset: only where the vendor itself is on one.
    pub(crate) accept_private_results: Option<bool>,
    /// What the last good `list_tests` held.
    pub(crate) tests: Vec<TestItem>,
}

impl Organization {
    /// A new organization, not connected yet.
    pub(crate) fn named(id: u64, name: String) -> Self {
        Self {
            id,
            name,
            partner_name: "Assessment partner".to_owned(),
            base_url: None,
            endpoints: None,
            key: None,
            next_key: None,
            patch_auth: PatchAuth::default(),
            partner_username: None,
            partner_password: None,
            dialect: Dialect::default(),
            polling: Polling::default(),
            strict: false,
            notify_failures: false,
            read_before_answer: true,
            reread_complete: true,
            accept_private_results: None,
            tests: Vec::new(),
        }
    }

    /// The key that Greenhouse uses at `now`.
    pub(crate) fn key_at(&self, now: DateTime<Utc>) -> Option<&Secret> {
        match &self.next_key {
            Some(next) if next.from <= now => Some(&next.key),
            _ => self.key.as_ref(),
        }
    }

    /// Whether a result on a private host is shown.
    pub(crate) fn shows_private_results(&self) -> bool {
        let vendor_is_private = || {
            self.endpoints
                .as_ref()
                .is_some_and(|endpoints| super::validator::is_private(&endpoints.test_status))
        };
        self.accept_private_results
            .unwrap_or_else(vendor_is_private)
    }
}
