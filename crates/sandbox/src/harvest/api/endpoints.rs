//! Every endpoint: its path, the name under which it is counted, the one scope it needs, and what it does.

use actix_web::http::Method;

use super::ask::Ask;
use super::problem::Problem;
use super::{applications, attachments, candidates, jobs, notes, people, tags};
use crate::answer::Answer;

/// One endpoint.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// Below the API's address.
    pub(crate) path: &'static str,
    /// Its name in log and counts.
    pub(crate) call: &'static str,
    pub(crate) scope: &'static str,
    pub(crate) perform: fn(&mut Ask<'_>) -> Result<Answer, Problem>,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

macro_rules! endpoint {
    ($method:ident $path:literal $call:literal $scope:literal $perform:path) => {
        Endpoint {
            method: Method::$method,
            path: $path,
            call: $call,
            scope: concat!("harvest:", $scope),
            perform: $perform,
        }
    };
}

/// All of them.
#[rustfmt::skip]
pub(crate) static ENDPOINTS: &[Endpoint] = &[
    endpoint!(GET "/users" "list_users" "users:list" people::users),
    endpoint!(GET "/user_emails" "list_user_emails" "user_emails:list" people::user_emails),
    endpoint!(GET "/sources" "list_sources" "sources:list" people::sources),
    endpoint!(GET "/jobs" "list_jobs" "jobs:list" jobs::jobs),
    endpoint!(GET "/job_posts" "list_job_posts" "job_posts:list" jobs::job_posts),
    endpoint!(GET "/job_interview_stages" "list_job_interview_stages" "job_interview_stages:list" jobs::stages),
    endpoint!(GET "/candidates" "list_candidates" "candidates:list" candidates::list),
    endpoint!(POST "/candidates" "create_candidate" "candidates:create" candidates::create),
    endpoint!(PATCH "/candidates/{id}" "update_candidate" "candidates:update" candidates::update),
    endpoint!(GET "/applications" "list_applications" "applications:list" applications::list),
    endpoint!(POST "/applications" "create_application" "applications:create" applications::create),
    endpoint!(PATCH "/applications/{id}" "update_application" "applications:update" applications::update),
    endpoint!(POST "/applications/{id}/move" "move_application" "applications:move" applications::move_on),
    endpoint!(GET "/application_stages" "list_application_stages" "application_stages:list" applications::stages),
    endpoint!(GET "/notes" "list_notes" "notes:list" notes::list),
    endpoint!(POST "/notes" "create_note" "notes:create" notes::create),
    endpoint!(GET "/candidate_tags" "list_candidate_tags" "candidate_tags:list" tags::list),
    endpoint!(POST "/candidate_tags" "create_candidate_tag" "candidate_tags:create" tags::create),
    endpoint!(GET "/applied_candidate_tags" "list_applied_candidate_tags" "applied_candidate_tags:list" tags::applied),
    endpoint!(POST "/applied_candidate_tags" "apply_candidate_tag" "applied_candidate_tags:create" tags::apply),
    endpoint!(DELETE "/applied_candidate_tags/{id}" "remove_candidate_tag" "applied_candidate_tags:destroy" tags::remove),
    endpoint!(GET "/attachments" "list_attachments" "attachments:list" attachments::list),
    endpoint!(POST "/attachments" "create_attachment" "attachments:create" attachments::create),
    endpoint!(DELETE "/attachments/{id}" "delete_attachment" "attachments:destroy" attachments::remove),
];
