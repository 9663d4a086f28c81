//! The worker: every kind of job and all periodic work, with the tools they need.

use std::sync::Arc;
use std::time::Duration;

use domain::ConnectionKind;

use ats::greenhouse::partner::{CompletionClient, Credential};
use jobs::{Every, Registry, Worker, WorkerConfig};
use mail::SmtpSender;

use crate::connections::{self, CheckHarvest, EnsureWebhook, LeaveAccount};
use crate::jobs::{
    HarvestApplication, HarvestPerson, HarvestSweep, LeverOpportunity, LeverSweep, MailInvite,
    MailNotice, PlaceInFeed, SendReferral, ShowAt,
};
use crate::{App, clock, erasure, intake, mails};

/// How often reminders and held mail are looked for: each is one look into an index where there is nothing to do.
const MAIL_LOOK: Duration = Duration::from_secs(2);

/// How often it is looked for grants that are idle or end soon.
const CONNECTIONS_LOOK: Duration = Duration::from_secs(60);
/// How often it is looked for trigger stages whose names were not looked at for a day.
const STAGES_LOOK: Duration = Duration::from_secs(5 * 60);

/// How often deliveries and activity that are old are looked for.
const INTAKE_LOOK: Duration = Duration::from_secs(3600);

/// What jobs work with, beside the use cases.
#[derive(Debug)]
pub struct Tools {
    /// The use cases.
    pub app: App,
    /// Hands mail to the relay; none where no relay is set, and then mail waits.
    pub mailer: Option<Mailer>,
    /// Tells Greenhouse of completion.
    pub completion: CompletionClient,
    /// Who we are when we tell it.
    pub patch_credential: PatchCredential,
}

/// A relay and the address that mail comes from.
#[derive(Debug)]
pub struct Mailer {
    /// The relay.
    pub sender: SmtpSender,
    /// The vendor's address.
    pub from: String,
}

/// Which credential goes with the completion PATCH.
#[derive(Debug, Clone)]
pub enum PatchCredential {
    /// The organization's own active keys.
    OrganizationKey,
    /// One user name and password that Greenhouse gave to the vendor.
    PartnerPair(Credential),
}

/// Puts the worker together; it works until it is told to stop.
pub fn worker(tools: Tools, config: WorkerConfig) -> Worker<Tools> {
    let app = tools.app.clone();
    let registry = Registry::new()
        .with::<MailInvite>()
        .with::<MailNotice>()
        .with::<ShowAt>()
        .with::<SendReferral>()
        .with::<PlaceInFeed>()
        .with::<LeverOpportunity>()
        .with::<LeverSweep>()
        .with::<EnsureWebhook>()
        .with::<LeaveAccount>()
        .with::<CheckHarvest>()
        .with::<HarvestApplication>()
        .with::<HarvestPerson>()
        .with::<HarvestSweep>();
    let reconcile = app.config().lever.reconcile;
    let harvest_reconcile = app.config().harvest.reconcile;
    Worker::new(
        app.db().clone(),
        app.clock(),
        app.ids(),
        registry,
        tools,
        config,
    )
    .every(Every::new(
        "end_overdue",
        Duration::from_secs(1),
        |tools: Arc<Tools>| async move { clock::end_overdue(&tools.app).await.map(drop) },
    ))
    .every(Every::new(
        "remind",
        MAIL_LOOK,
        |tools: Arc<Tools>| async move { mails::remind(&tools.app).await.map(drop) },
    ))
    .every(Every::new(
        "let_held_mail_go",
        MAIL_LOOK,
        |tools: Arc<Tools>| async move { mails::let_go(&tools.app).await.map(drop) },
    ))
    .every(
        Every::new(
            "forget_answers",
            Duration::from_secs(60),
            |tools: Arc<Tools>| async move { clock::forget_answers(&tools.app).await },
        )
        .once_for_all(),
    )
    .every(
        Every::new("sweep_lever", reconcile, |tools: Arc<Tools>| async move {
            let kind = ConnectionKind::Lever;
            intake::sweep_all(&tools.app, kind).await.map(drop)
        })
        .once_for_all(),
    )
    .every(
        Every::new(
            "sweep_harvest",
            harvest_reconcile,
            |tools: Arc<Tools>| async move {
                let kind = ConnectionKind::GreenhouseHarvest;
                intake::sweep_all(&tools.app, kind).await.map(drop)
            },
        )
        .once_for_all(),
    )
    .every(
        Every::new(
            "forget_intake",
            INTAKE_LOOK,
            |tools: Arc<Tools>| async move { intake::forget(&tools.app).await },
        )
        .once_for_all(),
    )
    .every(Every::new(
        "finish_erasures",
        Duration::from_secs(60),
        |tools: Arc<Tools>| async move { erasure::finish_all(&tools.app).await.map(drop) },
    ))
    .every(
        Every::new(
            "keep_grants_alive",
            CONNECTIONS_LOOK,
            |tools: Arc<Tools>| async move { connections::keep_alive(&tools.app).await.map(drop) },
        )
        .once_for_all(),
    )
    .every(Every::new(
        "watch_connections",
        CONNECTIONS_LOOK,
        |tools: Arc<Tools>| async move { connections::watch(&tools.app).await },
    ))
    .every(
        Every::new(
            "check_trigger_stages",
            STAGES_LOOK,
            |tools: Arc<Tools>| async move { connections::check_trigger_stages(&tools.app).await },
        )
        .once_for_all(),
    )
    .every(
        Every::new(
            "forget_ways_back",
            STAGES_LOOK,
            |tools: Arc<Tools>| async move { connections::forget_old(&tools.app).await },
        )
        .once_for_all(),
    )
}
