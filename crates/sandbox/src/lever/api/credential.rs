//! Who calls, and what they may.

use super::answer::Problem;
use crate::greenhouse::basic;
use crate::lever::auth::app::Environment;
use crate::lever::auth::scopes;
use crate::lever::opportunity::{Actor, By};
use crate::lever::world::Lever;

/// The name under which calls with an account's API key are counted.
pub(crate) const API_KEY: &str = "api_key";

/// Someone with a credential that is accepted.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) account_id: String,
    /// Client id of the app; none for the API key.
    pub(crate) client_id: Option<String>,
    /// What was granted; none for the API key, which may everything.
    scopes: Option<Vec<String>>,
    /// The app belongs to Lever's other environment.
    foreign: bool,
}

impl Caller {
    /// Who sent this `Authorization` header.
    ///
    /// # Errors
    /// 401: there is no credential, or none that is accepted (any more).
    pub(crate) fn of(lever: &Lever, now: i64, header: Option<&str>) -> Result<Self, Problem> {
        let header = header.ok_or_else(|| Problem::new(401, "No credential was sent."))?;
        if let Some((key, password)) = basic::parse(header) {
            let mut accounts = lever.accounts.values();
            let account = accounts.find(|account| account.api_key.0 == key && password.is_empty());
            let account = account.ok_or_else(|| Problem::new(401, "The API key is unknown."))?;
            return Ok(Self {
                account_id: account.id.clone(),
                client_id: None,
                scopes: None,
                foreign: false,
            });
        }
        let refused = || Problem::new(401, "The access token is unknown or expired.");
        let (_, token) = header
            .trim()
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .ok_or_else(refused)?;
        let token = lever.access_tokens.get(token.trim()).ok_or_else(refused)?;
        let grant = lever.grants.get(&token.grant_id).ok_or_else(refused)?;
        if token.expires_at <= now {
            return Err(refused());
        }
        let app = lever.apps.get(&grant.client_id);
        Ok(Self {
            account_id: grant.account_id.clone(),
            client_id: Some(grant.client_id.clone()),
            scopes: Some(grant.scopes.clone()),
            foreign: app.is_some_and(|app| app.environment == Environment::Sandbox),
        })
    }

    /// Under which name calls are counted: each app has a bucket of its own at each account.
    pub(crate) fn bucket(&self) -> &str {
        self.client_id.as_deref().unwrap_or(API_KEY)
    }

    /// Whether a scope was granted.
    pub(crate) fn has(&self, scope: &str) -> bool {
        let granted = self.scopes.as_ref();
        granted.is_none_or(|granted| scopes::allow(granted, scope))
    }

    /// Requires the right environment and a scope.
    ///
    /// # Errors
    /// 403.
    pub(crate) fn require(&self, scope: &str) -> Result<(), Problem> {
        if self.foreign {
            let why = "Unable to find a signing key that matches";
            return Err(Problem::new(403, why));
        }
        if self.has(scope) {
            return Ok(());
        }
        Err(Problem::new(
            403,
            format!("The scope {scope} was not granted."),
        ))
    }

    /// As the one who did something in the name of `user_id`.
    pub(crate) fn acting_for(&self, user_id: Option<String>) -> Actor {
        Actor {
            by: By::Api,
            client_id: self.client_id.clone(),
            user_id,
        }
    }
}

/// What the log shows of an `Authorization` header.
pub(crate) fn redacted(header: &str) -> String {
    match header.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            // All tokens begin alike; their end tells two apart.
            let end: Vec<char> = token.chars().rev().take(6).collect();
            format!("Bearer …{}", end.iter().rev().collect::<String>())
        }
        _ => basic::redacted(header),
    }
}
