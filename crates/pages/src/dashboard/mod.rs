//! What people see once they are signed in: those of an organization, and operators.

mod assessment;
mod assessments;
mod import;
mod integrations;
mod interviews;
mod invite;
mod invites;
mod job_stages;
mod keys;
mod requests;

use domain::{ApiKeyKind, Role};

pub use assessment::{AssessmentPage, InLever, TagUse, tag_remarks};
pub use assessments::{AssessmentRow, AssessmentsPage};
pub use import::{DescriptionPage, DiffLine, ImportPage, JobRow, Side};
pub use integrations::{
    ActivityFilter, ActivityPage, ActivityRow, AddTriggerStagePage, Button, CardFact,
    ConnectionCard, DISCONNECT_LEVER, EventsView, HarvestSettingsPage, IntegrationsPage,
    LeverSettingsPage, Question, SWITCH_IT_ON, StageChoice, StageView, UserChoice,
    WebhookSecretPage, activity_href,
};
pub use interviews::{
    AnswerView, InterviewForm, InterviewPage, InterviewRow, InterviewsPage, NewInterviewPage,
    ScoreField,
};
pub use invite::{InvitePage, LinkView, MailNews, MailView, WritebackView};
pub use invites::{Choice, Filters, InviteRow, InvitesPage, href};
pub use job_stages::{JobStagesPage, MappingRow};
pub use keys::{ApiKeyRow, ApiKeysPage};
pub use requests::{RequestRow, RequestsPage};

/// Where in the dashboard a page is: marked in the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Invites, by candidate.
    Candidates,
    /// Assessments.
    Assessments,
    /// Interviews on the vendor's side.
    Interviews,
    /// Settings › Integrations.
    Integrations,
    /// Settings › API keys.
    ApiKeys,
    /// Operator › Requests.
    Requests,
    /// None of them.
    Elsewhere,
}

/// What stands around every page of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The vendor's name.
    pub platform: String,
    /// The organization's name; an operator has all of them.
    pub organization: String,
    /// The person's e-mail address.
    pub person: String,
    /// "Owner", "Admin", "Member".
    pub role: &'static str,
    /// May this person see keys?
    pub administers: bool,
    /// Is it an operator? They have pages of their own, and none of an organization.
    pub operates: bool,
    /// The session's token, for every form.
    pub csrf: String,
    /// Where we are.
    pub section: Section,
    /// Mail is not configured: says so on every page.
    pub mail_waits: bool,
    /// What just happened ("Grades saved"), once.
    pub toast: Option<String>,
}

/// A role as people read it.
pub fn role_words(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Member => "Member",
        Role::Operator => "Operator",
    }
}

/// What a key opens, as people read it.
pub fn key_words(kind: ApiKeyKind) -> &'static str {
    match kind {
        ApiKeyKind::Platform => "Platform (/v1)",
        ApiKeyKind::GreenhouseAssessment => "Greenhouse assessment",
    }
}
