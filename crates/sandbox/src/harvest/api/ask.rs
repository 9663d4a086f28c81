//! A call whose caller is known.

use chrono::{DateTime, Utc};

use super::fields::Fields;
use super::problem::Problem;
use crate::harvest::records::{Candidate, User};
use crate::harvest::settings::Settings;
use crate::harvest::world::Harvest;
use crate::world::World;

/// Who calls, and what they may.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) organization_id: u64,
    pub(crate) client_id: String,
    /// Who acts.
    pub(crate) user_id: u64,
    pub(crate) site_admin: bool,
    scopes: Vec<String>,
}

impl Caller {
    /// Who sent this `Authorization` header. The acting user is looked at each time: they may have been switched off.
    ///
    /// # Errors
    /// 401: there is no access token, or none that is accepted (any more).
    pub(crate) fn of(
        world: &World,
        now: DateTime<Utc>,
        header: Option<&str>,
    ) -> Result<Self, Problem> {
        Self::known(&world.harvest, now, header).ok_or_else(Problem::unauthorized)
    }

    fn known(harvest: &Harvest, now: DateTime<Utc>, header: Option<&str>) -> Option<Self> {
        let (scheme, token) = header?.trim().split_once(' ')?;
        let issued = harvest.access_tokens.get(token.trim())?;
        if !scheme.eq_ignore_ascii_case("bearer") || issued.expires_at <= now {
            return None;
        }
        let grant = harvest.grants.get(&issued.grant_id)?;
        let user = harvest.user(grant.organization_id, grant.user_id)?;
        // What was taken from the app is enforced at once, what was added needs a new consent.
        let app = harvest.apps.get(&grant.client_id)?;
        let scopes = grant.scopes.iter().filter(|scope| app.may_ask_for(scope));
        (!user.deactivated).then(|| Self {
            organization_id: grant.organization_id,
            client_id: grant.client_id.clone(),
            user_id: user.id,
            site_admin: user.site_admin,
            scopes: scopes.cloned().collect(),
        })
    }

    /// Requires a scope.
    ///
    /// # Errors
    /// 403.
    pub(crate) fn require(&self, scope: &str) -> Result<(), Problem> {
        if self.scopes.iter().any(|granted| granted == scope) {
            return Ok(());
        }
        Err(Problem::forbidden(format!(
            "The scope {scope} was not granted."
        )))
    }
}

/// One call, with the world to answer it from.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) now: DateTime<Utc>,
    pub(crate) caller: Caller,
    pub(crate) path: &'a str,
    /// The id in the path; none where it is no number.
    pub(crate) id: Option<u64>,
    pub(crate) query: &'a str,
    pub(crate) body: &'a [u8],
    /// The API's address.
    pub(crate) base: &'a str,
}

impl Ask<'_> {
    pub(crate) fn harvest(&self) -> &Harvest {
        &self.world.harvest
    }

    pub(crate) fn organization_id(&self) -> u64 {
        self.caller.organization_id
    }

    pub(crate) fn settings(&self) -> Settings {
        self.harvest().settings_of(self.organization_id())
    }

    /// The body, which has to be a JSON object.
    pub(crate) fn fields(&self) -> Result<Fields, Problem> {
        Fields::read(self.body)
    }

    /// A candidate of the organization.
    pub(crate) fn candidate(&self, id: u64) -> Option<&Candidate> {
        let candidate = self.harvest().candidates.get(&id)?;
        (candidate.organization_id == self.organization_id()).then_some(candidate)
    }

    /// A user of the organization, or 422 naming the member.
    pub(crate) fn user(&self, member: &str, id: u64) -> Result<&User, Problem> {
        let user = self.harvest().user(self.organization_id(), id);
        user.ok_or_else(|| Problem::field(member, "There is no such user."))
    }

    /// Whether a job is one of the organization's.
    pub(crate) fn has_job(&self, id: u64) -> bool {
        let job = self.world.jobs.get(&id);
        job.is_some_and(|job| job.organization_id == self.organization_id())
    }
}
