//! What the tests find in the house: an organization or two, and makers of rows with nothing special about them.

use std::pin::Pin;
use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiKeyKind, ApiKeyScope, Assessment, AssessmentStatus, AtsFacts, Attempt, CandidateDetails,
    CompleteOn, Email, EventId, Invite, Kind, Organization, OrganizationId, Origin, Role, Status,
};
use storage::api_keys::ApiKeyRecord;
use storage::events::EventRecord;
use storage::invites::{EmailState, InviteRecord};
use storage::organizations::OrganizationRecord;
use storage::users::User;
use storage::{AnyConnection, Db, Result};
use test_support::Database;
use uuid::Uuid;

/// A database that holds two organizations.
pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) ours: OrganizationId,
    pub(crate) foreign: OrganizationId,
}

impl House {
    pub(crate) async fn on(database: &Database) -> Self {
        let house = Self {
            db: database.open(),
            ours: id(1),
            foreign: id(2),
        };
        for it in [house.ours, house.foreign] {
            let record = organization(it);
            house
                .write(move |conn| storage::organizations::insert(conn, &record))
                .await;
        }
        house
    }

    /// One unit of work that has to succeed.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        body: impl Fn(&mut AnyConnection) -> Result<T> + Send + 'static,
    ) -> T {
        self.db.write(body).await.expect("the write succeeds")
    }

    /// One look-up that has to succeed.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        body: impl Fn(&mut AnyConnection) -> Result<T> + Send + 'static,
    ) -> T {
        self.db.read(body).await.expect("the read succeeds")
    }

    /// Stores invites.
    pub(crate) async fn has_invites(&self, records: &[InviteRecord]) {
        let records = records.to_vec();
        self.write(move |conn| storage::invites::insert(conn, &records))
            .await;
    }
}

/// The `number`th id of any kind: later numbers sort later.
pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// When the tests begin.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 123_456_000).expect("a moment in range")
}

pub(crate) fn days(many: i64) -> TimeDelta {
    TimeDelta::days(many)
}

pub(crate) fn hours(many: i64) -> TimeDelta {
    TimeDelta::hours(many)
}

pub(crate) fn organization(it: OrganizationId) -> OrganizationRecord {
    OrganizationRecord {
        organization: Organization {
            id: it,
            name: format!("Organization {it}"),
            logo_url: None,
            privacy_url: Some("https://example.com/privacy".into()),
            reply_to: None,
            note_visibility: domain::NoteVisibility::AdminOnly,
        },
        link_key: "encrypted link key".into(),
        signing_secret: "encrypted secret".into(),
        created_at: start(),
    }
}

pub(crate) fn user(number: u128, organization: Option<OrganizationId>, email: &str) -> User {
    User {
        id: id(number),
        organization,
        email: email.into(),
        role: organization.map_or(Role::Operator, |_| Role::Admin),
        password_hash: None,
        setup_hash: Some(format!("setup {number}").into_bytes()),
        setup_expires_at: Some(start() + days(3)),
        created_at: start(),
    }
}

pub(crate) fn api_key(number: u128, organization: OrganizationId) -> ApiKeyRecord {
    ApiKeyRecord {
        id: id(number),
        organization,
        kind: ApiKeyKind::GreenhouseAssessment,
        name: format!("Key {number}"),
        scopes: vec![ApiKeyScope::Assess],
        public_id: format!("public{number}"),
        secret_hash: vec![7; 32],
        encrypted_key: Some("encrypted key".into()),
        created_at: start(),
        ends_at: None,
        last_used_at: None,
    }
}

pub(crate) fn assessment(number: u128, organization: OrganizationId, title: &str) -> Assessment {
    Assessment {
        id: id(number),
        organization,
        status: AssessmentStatus::Published,
        version: 1,
        title: title.into(),
        description_html: None,
        kind: Kind::Questionnaire,
        time_limit_minutes: Some(30),
        invite_valid_days: 14.0,
        send_email: true,
        email_template: None,
        competencies: Vec::new(),
        questions: Vec::new(),
        external: None,
        category: None,
        greenhouse_job_id: None,
        greenhouse_complete_on: CompleteOn::Graded,
    }
}

pub(crate) fn candidate(first_name: &str, last_name: &str, email: &str) -> CandidateDetails {
    CandidateDetails {
        first_name: first_name.into(),
        last_name: last_name.into(),
        preferred_name: None,
        email: Email::parse(email).expect("the tests' addresses are good"),
        phone: None,
        linkedin_url: None,
        erased_at: None,
    }
}

pub(crate) fn invite(number: u128, organization: OrganizationId) -> InviteRecord {
    InviteRecord {
        invite: Invite {
            id: id(number),
            organization,
            assessment: id(900),
            assessment_version: 1,
            candidate: id(number + 1_000_000),
            origin: Origin::Greenhouse,
            status: Status::Invited,
            attempt: Attempt {
                number: 1,
                started_at: None,
                ends_at: None,
            },
            resends: 0,
            result: None,
            created_at: start(),
            submitted_at: None,
            completed_at: None,
            expires_at: start() + days(14),
        },
        assessment_title: "Rust basics".into(),
        complete_on: CompleteOn::Graded,
        candidate: candidate("Ada", "Lovelace", "ada@example.com"),
        ask_key: Some(format!("https://app.greenhouse.io/take/{number}")),
        ats: AtsFacts::default(),
        link_hash: link_hash(number),
        launch_url: None,
        mails: true,
        email_state: EmailState::None,
        grant_number: 1,
        edition: 1,
    }
}

/// A link's SHA-256, as far as storage can tell.
pub(crate) fn link_hash(number: u128) -> Vec<u8> {
    [number.to_be_bytes(), [0xAB; 16]].concat()
}

pub(crate) fn event(number: u128, organization: OrganizationId, name: &str) -> EventRecord {
    EventRecord {
        id: id::<EventId>(number),
        organization,
        invite: Some(id(500)),
        name: name.into(),
        detail: serde_json::json!({ "number": u64::try_from(number).unwrap_or(0) }),
        at: start(),
    }
}

/// A writer that does nothing but wait, so that what is asked meanwhile queues up behind it. (Open the database with one
/// connection, so that there is one writer on PostgreSQL too.)
pub(crate) struct HeldWriter {
    let_go: crossbeam_channel::Sender<()>,
    unit: tokio::task::JoinHandle<Result<()>>,
}

impl HeldWriter {
    pub(crate) fn of(db: &Db) -> Self {
        let (let_go, held) = crossbeam_channel::bounded::<()>(0);
        let (arrive, arrived) = crossbeam_channel::bounded::<()>(1);
        let db = db.clone();
        let unit = tokio::spawn(async move {
            db.write(move |_| {
                let _ = arrive.try_send(());
                let _ = held.recv();
                Ok(())
            })
            .await
        });
        arrived.recv().expect("the writer comes to wait");
        Self { let_go, unit }
    }

    pub(crate) async fn let_go(self) {
        drop(self.let_go);
        let outcome = self.unit.await.expect("the unit is not cancelled");
        outcome.expect("waiting succeeds");
    }
}

/// Starts each future, so that it waits in its queue, and gives them back to be awaited.
pub(crate) async fn queued<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<Pin<Box<F>>> {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    for future in &mut waiting {
        let started =
            std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
        assert!(started.is_pending(), "it has to wait for the writer");
    }
    waiting
}
