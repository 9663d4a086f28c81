//! What a grant may be asked for. Each call needs exactly one scope; a list needs a Site Admin besides.

use crate::Resource;

/// What importing jobs, bringing candidates, and writing results back need.
pub const ASSESSMENT: [&str; 28] = [
    "harvest:users:list",
    "harvest:user_emails:list",
    "harvest:jobs:list",
    "harvest:job_posts:list",
    "harvest:job_interview_stages:list",
    "harvest:candidates:list",
    "harvest:candidates:create",
    "harvest:candidates:update",
    "harvest:applications:list",
    "harvest:applications:create",
    "harvest:applications:update",
    "harvest:applications:move",
    "harvest:application_stages:list",
    "harvest:notes:list",
    "harvest:notes:create",
    "harvest:attachments:list",
    "harvest:attachments:create",
    "harvest:candidate_tags:list",
    "harvest:candidate_tags:create",
    "harvest:applied_candidate_tags:list",
    "harvest:applied_candidate_tags:create",
    "harvest:applied_candidate_tags:destroy",
    "harvest:custom_fields:list",
    "harvest:custom_field_options:list",
    "harvest:sources:list",
    "harvest:referrers:list",
    "harvest:prospect_pools:list",
    "harvest:prospect_pool_stages:list",
];

/// What a list of `R` needs.
///
/// ```
/// use greenhouse_harvest::{Job, scope};
///
/// assert_eq!(scope::list::<Job>(), "harvest:jobs:list");
/// ```
pub fn list<R: Resource>() -> String {
    of::<R>("list")
}

/// What an action on `R` needs: `create`, `update`, `destroy`, `move`, `reject` and so on. There is no `read` and no `write`.
pub fn of<R: Resource>(action: &str) -> String {
    format!("harvest:{}:{action}", R::PATH)
}

/// Those of `needed` that were not granted, in their order.
///
/// ```
/// use greenhouse_harvest::scope;
///
/// let granted = ["harvest:jobs:list"];
/// let needed = ["harvest:jobs:list", "harvest:notes:create"];
/// assert_eq!(scope::missing(&needed, &granted), ["harvest:notes:create"]);
/// ```
pub fn missing<'a>(needed: &[&'a str], granted: &[impl AsRef<str>]) -> Vec<&'a str> {
    let has = |scope: &str| granted.iter().any(|granted| granted.as_ref() == scope);
    let missing = needed.iter().filter(|scope| !has(scope));
    missing.copied().collect()
}
