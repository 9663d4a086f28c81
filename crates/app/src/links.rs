//! The links we hand out: made when needed from the organization's own key, stored nowhere.

use domain::{Invite, InviteId, ReferralId};
use storage::organizations::OrganizationRecord;
use storage::secrets::Place;
use url::Url;
use vault::{LinkKey, token_hash};

use crate::{App, Error, Result, secrets};

/// Makes the links of one organization.
#[derive(Debug)]
pub(crate) struct Links {
    key: LinkKey,
    base: Url,
}

impl Links {
    /// Unwraps the organization's link key.
    pub(crate) fn of(app: &App, record: &OrganizationRecord) -> Result<Self> {
        let place = Place::LinkKey(record.organization.id);
        let bytes = secrets::open(app, &place, &record.link_key)?;
        let key = LinkKey::from_bytes(&bytes).ok_or(Error::Internal("a link key has 32 bytes"))?;
        let base = app.config().public_url.clone();
        Ok(Self { key, base })
    }

    /// SHA-256 of the present attempt's token: how a visitor's link is looked up.
    pub(crate) fn take_hash(&self, invite: InviteId, attempt: i32) -> Vec<u8> {
        token_hash(&self.key.take_token(invite, attempt)).to_vec()
    }

    /// Where the candidate takes the present attempt.
    pub(crate) fn candidate_url(&self, invite: &Invite) -> String {
        let token = self.key.take_token(invite.id, invite.attempt.number);
        self.url(&format!("take/{token}"))
    }

    /// SHA-256 of the token in the link of a referral's candidate.
    pub(crate) fn consent_hash(&self, referral: ReferralId) -> Vec<u8> {
        token_hash(&self.key.consent_token(referral)).to_vec()
    }

    /// Where the candidate of a referral says whether they want to go on.
    pub(crate) fn consent_url(&self, referral: ReferralId) -> String {
        self.url(&format!("consent/{}", self.key.consent_token(referral)))
    }

    /// Where a person who is signed in reads the result.
    pub(crate) fn result_url(&self, invite: InviteId) -> String {
        self.url(&format!("results/{invite}"))
    }

    /// Where an ATS' user reads the result: with a grant for this invite alone.
    pub(crate) fn granted_result_url(&self, invite: InviteId, grant: i32) -> String {
        let token = self.key.grant_token(invite, grant);
        self.url(&format!("results/{invite}?grant={token}"))
    }

    /// Is this the grant of that number?
    pub(crate) fn is_grant(&self, invite: InviteId, grant: i32, presented: &str) -> bool {
        self.key.verify_grant(invite, grant, presented)
    }

    /// The verifier that the code behind a `state` is bound to.
    pub(crate) fn code_verifier(&self, state_hash: &[u8]) -> String {
        self.key.code_verifier(state_hash)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base.as_str().trim_end_matches('/'))
    }
}
