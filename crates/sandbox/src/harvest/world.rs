//! Everything Harvest knows, in memory, and how it follows the partner's half.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::allowance::Allowance;
use super::auth::app::App;
use super::auth::grant::{AccessToken, Code, Grant};
use super::doings;
use super::office::Office;
use super::records::{
    ApplicationRecord, AppliedTag, Attachment, Candidate, JobPost, JobRecord, Note, Source, Tag,
    Times, User,
};
use super::webhooks::webhook::Webhook;
use crate::greenhouse::recruiting::Application;
use crate::outbox::Outbox;
use crate::refusal::Refusal;
use crate::world::World;

/// The whole state. Ids are drawn by the world, so that they are unique over both halves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Harvest {
    /// By client id.
    pub(crate) apps: BTreeMap<String, App>,
    /// By organization.
    pub(crate) offices: BTreeMap<u64, Office>,
    pub(crate) users: BTreeMap<u64, User>,
    pub(crate) sources: BTreeMap<u64, Source>,
    pub(crate) jobs: BTreeMap<u64, JobRecord>,
    pub(crate) posts: BTreeMap<u64, JobPost>,
    pub(crate) candidates: BTreeMap<u64, Candidate>,
    pub(crate) applications: BTreeMap<u64, ApplicationRecord>,
    pub(crate) notes: BTreeMap<u64, Note>,
    pub(crate) tags: BTreeMap<u64, Tag>,
    pub(crate) applied_tags: BTreeMap<u64, AppliedTag>,
    pub(crate) attachments: BTreeMap<u64, Attachment>,
    pub(crate) webhooks: BTreeMap<u64, Webhook>,
    pub(crate) outbox: Outbox,
    /// Codes on their way from the consent page to the token endpoint.
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) grants: BTreeMap<u64, Grant>,
    /// By the token itself.
    pub(crate) access_tokens: BTreeMap<String, AccessToken>,
    /// Calls of the token endpoint, by client id.
    pub(crate) token_calls: BTreeMap<String, Allowance>,
}

impl Harvest {
    /// An empty one whose deliveries are numbered on from where those of this one are.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            outbox: self.outbox.emptied(),
            ..Self::default()
        }
    }

    /// One candidate, of any organization.
    pub(crate) fn candidate(&self, id: u64) -> Result<&Candidate, Refusal> {
        let found = self.candidates.get(&id);
        found.ok_or_else(|| Refusal::unknown("candidate", id))
    }

    /// One webhook, of any organization.
    pub(crate) fn webhook(&self, id: u64) -> Result<&Webhook, Refusal> {
        let found = self.webhooks.get(&id);
        found.ok_or_else(|| Refusal::unknown("webhook", id))
    }

    /// One user.
    pub(crate) fn user(&self, organization_id: u64, id: u64) -> Option<&User> {
        let user = self.users.get(&id)?;
        (user.organization_id == organization_id).then_some(user)
    }

    /// An organization's people, oldest first.
    pub(crate) fn users_of(&self, organization_id: u64) -> impl Iterator<Item = &User> {
        let all = self.users.values();
        all.filter(move |user| user.organization_id == organization_id)
    }

    /// Who lets an app in: somebody who may log in, the first Site Admin unless named.
    pub(crate) fn consenting(&self, organization_id: u64, id: Option<u64>) -> Option<&User> {
        let user = match id {
            Some(id) => self.user(organization_id, id),
            None => self
                .users_of(organization_id)
                .find(|user| user.site_admin && !user.deactivated),
        };
        user.filter(|user| !user.deactivated && !user.service_account)
    }

    /// How an organization behaves.
    pub(crate) fn settings_of(&self, organization_id: u64) -> super::settings::Settings {
        let office = self.offices.get(&organization_id);
        office
            .map(|office| office.settings.clone())
            .unwrap_or_default()
    }
}

impl World {
    /// Lets Harvest know what the partner's half has come to know: organizations, jobs, applications and their people.
    pub(crate) fn sync_harvest(&mut self, now: DateTime<Utc>) {
        self.open_offices(now);
        let harvest = &mut self.harvest;
        for id in self.jobs.keys() {
            let record = || JobRecord::open(now);
            harvest.jobs.entry(*id).or_insert_with(record);
        }
        let known = |id: &u64| self.harvest.applications.contains_key(id);
        let new: Vec<Application> = self
            .applications
            .iter()
            .filter(|(id, _)| !known(id))
            .map(|(_, application)| application.clone())
            .collect();
        for application in new {
            self.take_over(&application, now);
            doings::applied(self, now, application.application_id);
        }
    }

    fn open_offices(&mut self, now: DateTime<Utc>) {
        let organizations: Vec<u64> = self.organizations.keys().copied().collect();
        for id in organizations {
            if self.harvest.offices.contains_key(&id) {
                continue;
            }
            self.harvest.offices.insert(id, Office::default());
            self.add_user(id, "Sofia Admin", "sofia.admin@customer.example", true, now);
            self.add_user(id, "Rosa Recruiter", crate::pages::RECRUITER, false, now);
            self.add_source(id, "LinkedIn", now);
        }
    }

    /// Somebody who is neither switched off nor an agency's.
    pub(crate) fn add_user(
        &mut self,
        organization_id: u64,
        name: &str,
        email: &str,
        site_admin: bool,
        now: DateTime<Utc>,
    ) -> u64 {
        let user = User {
            id: self.draw_id(),
            organization_id,
            name: name.to_owned(),
            emails: (!email.is_empty())
                .then(|| email.to_owned())
                .into_iter()
                .collect(),
            site_admin,
            deactivated: false,
            service_account: email.is_empty(),
            agency_id: None,
            times: Times::at(now),
        };
        let id = user.id;
        self.harvest.users.insert(id, user);
        id
    }

    fn add_source(&mut self, organization_id: u64, name: &str, now: DateTime<Utc>) {
        let source = Source {
            id: self.draw_id(),
            organization_id,
            name: name.to_owned(),
            times: Times::at(now),
        };
        self.harvest.sources.insert(source.id, source);
    }

    fn take_over(&mut self, application: &Application, now: DateTime<Utc>) {
        let Ok(organization) = self.organization_of_job(application.job_id) else {
            return;
        };
        let organization_id = organization.id;
        let candidate = Candidate {
            id: application.person_id,
            organization_id,
            members: members_of(application),
            visible_from: now,
            last_activity_at: now,
            times: Times::at(now),
        };
        let people = &mut self.harvest.candidates;
        people.entry(candidate.id).or_insert(candidate);
        let stage_id = self.draw_id();
        let record = ApplicationRecord {
            id: application.application_id,
            organization_id,
            candidate_id: application.person_id,
            job_id: Some(application.job_id),
            prospective_job_ids: Vec::new(),
            stage_id,
            entered_at: now,
            past: Vec::new(),
            rejected_at: None,
            source_id: None,
            recruiter_id: None,
            coordinator_id: None,
            prospect_owner_id: None,
            last_activity_at: now,
            times: Times::at(now),
        };
        self.harvest.applications.insert(record.id, record);
    }

    /// An organization's Harvest, to change it.
    pub(crate) fn office_mut(&mut self, organization_id: u64) -> Result<&mut Office, Refusal> {
        let found = self.harvest.offices.get_mut(&organization_id);
        found.ok_or_else(|| Refusal::unknown("organization", organization_id))
    }
}

/// What the partner's half knows of a person, in Harvest's words.
pub(crate) fn members_of(application: &Application) -> Map<String, Value> {
    let contacts = |value: &Option<String>, kind: &str| {
        let contact = value
            .iter()
            .map(|value| json!({"value": value, "type": kind}));
        contact.collect::<Vec<_>>()
    };
    let members = json!({
        "first_name": application.first_name,
        "last_name": application.last_name,
        "preferred_name": application.preferred_name,
        "can_email": !application.do_not_email,
        "email_addresses": contacts(&application.email, "personal"),
        "phone_numbers": contacts(&application.phone_number, "mobile"),
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
