//! Everything Lever knows, in memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::account::{Account, Posting};
use super::api::paging::Offset;
use super::auth::app::App;
use super::auth::grant::{AccessToken, Code, Grant};
use super::ids::Ids;
use super::opportunity::{Contact, DeletedOpportunity, Opportunity};
use super::webhooks::webhook::Webhook;
use crate::outbox::Outbox;
use crate::refusal::Refusal;

/// The whole state. All keys are identifiers, which rise in the order of creation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Lever {
    pub(crate) ids: Ids,
    /// By client id.
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) postings: BTreeMap<String, Posting>,
    pub(crate) contacts: BTreeMap<String, Contact>,
    pub(crate) opportunities: BTreeMap<String, Opportunity>,
    pub(crate) deleted: Vec<DeletedOpportunity>,
    /// Codes on their way from the authorise page to the token endpoint.
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) grants: BTreeMap<String, Grant>,
    /// By the token itself.
    pub(crate) access_tokens: BTreeMap<String, AccessToken>,
    pub(crate) webhooks: BTreeMap<String, Webhook>,
    #[serde(default)]
    pub(crate) outbox: Outbox,
    #[serde(skip)]
    pub(crate) offsets: BTreeMap<String, Offset>,
}

impl Default for Lever {
    fn default() -> Self {
        Self::empty(0)
    }
}

impl Lever {
    /// Without accounts and apps; `seed` decides where identifiers begin.
    pub(crate) fn empty(seed: u64) -> Self {
        Self {
            ids: Ids::from_seed(seed),
            apps: BTreeMap::new(),
            accounts: BTreeMap::new(),
            postings: BTreeMap::new(),
            contacts: BTreeMap::new(),
            opportunities: BTreeMap::new(),
            deleted: Vec::new(),
            codes: BTreeMap::new(),
            grants: BTreeMap::new(),
            access_tokens: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            outbox: Outbox::default(),
            offsets: BTreeMap::new(),
        }
    }

    /// An empty one that goes on where the identifiers of this one are.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            ids: self.ids.clone(),
            outbox: self.outbox.emptied(),
            ..Self::empty(0)
        }
    }

    /// One account.
    pub(crate) fn account(&self, id: &str) -> Result<&Account, Refusal> {
        let found = self.accounts.get(id);
        found.ok_or_else(|| Refusal::unknown("account", id))
    }

    /// One account, to change it.
    pub(crate) fn account_mut(&mut self, id: &str) -> Result<&mut Account, Refusal> {
        let found = self.accounts.get_mut(id);
        found.ok_or_else(|| Refusal::unknown("account", id))
    }

    /// One posting.
    pub(crate) fn posting(&self, id: &str) -> Result<&Posting, Refusal> {
        let found = self.postings.get(id);
        found.ok_or_else(|| Refusal::unknown("posting", id))
    }

    /// One opportunity.
    pub(crate) fn opportunity(&self, id: &str) -> Result<&Opportunity, Refusal> {
        let found = self.opportunities.get(id);
        found.ok_or_else(|| Refusal::unknown("opportunity", id))
    }

    /// One opportunity, to change it.
    pub(crate) fn opportunity_mut(&mut self, id: &str) -> Result<&mut Opportunity, Refusal> {
        let found = self.opportunities.get_mut(id);
        found.ok_or_else(|| Refusal::unknown("opportunity", id))
    }

    /// One webhook.
    pub(crate) fn webhook(&self, id: &str) -> Result<&Webhook, Refusal> {
        let found = self.webhooks.get(id);
        found.ok_or_else(|| Refusal::unknown("webhook", id))
    }

    /// The person behind an opportunity.
    pub(crate) fn contact_of(&self, opportunity: &Opportunity) -> Contact {
        let found = self.contacts.get(&opportunity.contact_id);
        found.cloned().unwrap_or_default()
    }

    /// The account that an opportunity is in.
    pub(crate) fn account_of(&self, opportunity_id: &str) -> Result<&Account, Refusal> {
        self.account(&self.opportunity(opportunity_id)?.account_id)
    }

    /// The opportunities of an account, oldest first.
    pub(crate) fn opportunities_of<'a>(
        &'a self,
        account_id: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a Opportunity> {
        let all = self.opportunities.values();
        all.filter(move |opportunity| opportunity.account_id == account_id)
    }

    /// The postings of an account, oldest first.
    pub(crate) fn postings_of<'a>(
        &'a self,
        account_id: &'a str,
    ) -> impl Iterator<Item = &'a Posting> {
        let all = self.postings.values();
        all.filter(move |posting| posting.account_id == account_id)
    }

    /// The webhooks of an account, oldest first.
    pub(crate) fn webhooks_of<'a>(
        &'a self,
        account_id: &'a str,
    ) -> impl Iterator<Item = &'a Webhook> {
        let all = self.webhooks.values();
        all.filter(move |webhook| webhook.account_id == account_id)
    }
}
