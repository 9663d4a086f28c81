//! The commands, one function each.

mod backup;
mod erase;
mod jobs;
mod keys;

use std::path::PathBuf;

use app::api_keys::{self, NewKey, ShownKey};
use app::audit::{Actor, By};
use app::{App, organizations, sign_in};
use clap::{Subcommand, ValueEnum};
use domain::{ApiKeyId, ApiKeyKind, OrganizationId, Role};
use secrecy::ExposeSecret;
use serde_json::json;
use server::settings::Settings;

use crate::answer::Answer;
use crate::doctor;

type Outcome = Result<Answer, String>;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring the database's schema up to date.
    Migrate,
    /// Customers of the vendor.
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// People who sign in.
    #[command(subcommand)]
    User(UserCommand),
    /// Keys of an organization.
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
    /// Write a backup of the database to a new file, while everything goes on. It holds no key.
    #[command(after_help = "Example: baton-admin backup /backups/baton-2026-12-01.backup")]
    Backup {
        /// A file that is not there yet.
        file: PathBuf,
    },
    /// Put a backup where `database.url` says; Baton has to be stopped. It may come from the other kind of database.
    #[command(
        after_help = "Example: baton-admin restore /backups/baton-2026-12-01.backup --replace --erasures /backups/erased.json"
    )]
    Restore(backup::Restore),
    /// Encrypt every secret anew with the first of `secrets.keys`, while everything goes on. Links stay good.
    #[command(after_help = "Example: baton-admin rotate-keys --json")]
    RotateKeys,
    /// End every candidate and result link that was handed out, and give open invites new ones.
    #[command(
        after_help = "Example: baton-admin revoke-links --organization 01890000-0000-7000-8000-000000000000"
    )]
    RevokeLinks {
        /// Of one organization.
        #[arg(long, value_name = "ID", required_unless_present = "all")]
        organization: Option<OrganizationId>,
        /// Of every organization.
        #[arg(long, conflicts_with = "organization")]
        all: bool,
    },
    /// Erase a person: names, addresses and answers, everywhere. The invites stay as numbers.
    #[command(
        after_help = "Example: baton-admin erase --organization 01890000-0000-7000-8000-000000000000 --email zoe@candidate.example"
    )]
    Erase(erase::Erase),
    /// Work that was given up.
    #[command(subcommand)]
    Jobs(jobs::JobsCommand),
    /// Look everything through and say what to mend. Ends with status 0 (well), 1 (mend soon) or 2 (mend now).
    #[command(after_help = "Example: baton-admin doctor --json")]
    Doctor,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Make one.
    Create {
        /// Its name, as candidates see it.
        #[arg(required_unless_present = "sample")]
        name: Option<String>,
        /// With two published tests and a Greenhouse key that never mails: for an ATS's reviewers.
        #[arg(long)]
        sample: bool,
    },
    /// List them, newest first.
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a person and show a one-time link to choose a password. Without an organization: an operator.
    Create {
        /// Whose.
        #[arg(long, value_name = "ID")]
        organization: Option<OrganizationId>,
        /// The address to sign in with.
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// What the person may do in the organization.
        #[arg(long, value_enum)]
        role: Option<RoleName>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    Owner,
    Admin,
    Member,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Owner => Self::Owner,
            RoleName::Admin => Self::Admin,
            RoleName::Member => Self::Member,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiKeyCommand {
    /// Make a key; it is shown this once.
    Create {
        /// Whose.
        #[arg(long, value_name = "ID")]
        organization: OrganizationId,
        /// Which door it opens.
        #[arg(long, value_enum)]
        kind: KindName,
        /// What people call it.
        #[arg(long, default_value = "Made by the operator")]
        name: String,
    },
    /// List an organization's keys, newest first.
    List {
        /// Whose.
        #[arg(long, value_name = "ID")]
        organization: OrganizationId,
    },
    /// Replace a key; the new one is shown this once.
    Rotate {
        /// Whose.
        #[arg(long, value_name = "ID")]
        organization: OrganizationId,
        /// Which.
        id: ApiKeyId,
        /// How long the old one works on; 0: it stops at once.
        #[arg(long, default_value_t = 0)]
        overlap_seconds: i64,
    },
    /// End a key now.
    Revoke {
        /// Whose.
        #[arg(long, value_name = "ID")]
        organization: OrganizationId,
        /// Which.
        id: ApiKeyId,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KindName {
    /// For the vendor's own programs, at /v1.
    #[value(name = "platform")]
    Platform,
    /// For Greenhouse, at /api/greenhouse.
    #[value(name = "greenhouse_assessment")]
    GreenhouseAssessment,
}

impl From<KindName> for ApiKeyKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Platform => Self::Platform,
            KindName::GreenhouseAssessment => Self::GreenhouseAssessment,
        }
    }
}

/// Carries a command out.
///
/// # Errors
/// What went wrong, in words for the person at the terminal.
pub(crate) async fn run(settings: &Settings, command: Command) -> Outcome {
    let command = match command {
        Command::Migrate => return migrate(settings),
        Command::Doctor => return Ok(doctor::examine(settings).await),
        Command::Restore(wanted) => {
            return backup::restore(settings, by_the_account(), wanted).await;
        }
        command => command,
    };
    let app = server::open(settings)
        .map_err(|error| error.to_string())?
        .acting(by_the_account());
    let outcome = match command {
        Command::Backup { file } => return backup::back_up(settings, &app, file).await,
        Command::RotateKeys => keys::rotate(&app).await,
        Command::RevokeLinks { organization, .. } => keys::revoke(&app, organization).await,
        Command::Erase(wanted) => erase::run(&app, wanted).await,
        Command::Jobs(command) => jobs::run(&app, command).await,
        Command::Organization(OrganizationCommand::Create { name, sample }) => {
            create_organization(&app, name, sample).await
        }
        Command::Organization(OrganizationCommand::List) => list_organizations(&app).await,
        Command::User(UserCommand::Create {
            organization,
            email,
            role,
        }) => create_user(&app, organization, email, role).await,
        Command::ApiKey(command) => api_key(&app, command).await,
        Command::Migrate | Command::Doctor | Command::Restore(_) => {
            unreachable!("they open nothing, and were carried out above")
        }
    };
    outcome.map_err(|error: app::Error| error.to_string())
}

/// Whoever sits at the terminal, as the operating system knows them.
fn by_the_account() -> By {
    let account = ["SUDO_USER", "USER", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .map(|name| name.chars().take(64).collect());
    By {
        actor: Actor::CommandLine(account),
        ..By::default()
    }
}

fn migrate(settings: &Settings) -> Outcome {
    let done = server::migrate(settings).map_err(|error| error.to_string())?;
    let lines = match done.as_slice() {
        [] => "The schema is up to date.".to_owned(),
        some => format!("Brought the schema up to date: {}", some.join(", ")),
    };
    Ok(Answer::new(lines, json!({ "migrations": done })))
}

async fn create_organization(app: &App, name: Option<String>, sample: bool) -> app::Result<Answer> {
    let name = name.unwrap_or_else(|| "Sample".to_owned());
    if !sample {
        let made = app
            .write(move |app, conn| organizations::create(app, conn, &name))
            .await?
            .organization;
        let lines = format!("Made organization {} ({})", made.name, made.id);
        return Ok(Answer::new(
            lines,
            json!({ "id": made.id, "name": made.name }),
        ));
    }
    let made = app
        .write(move |app, conn| organizations::create_sample(app, conn, &name))
        .await?;
    let organization = made.organization.organization;
    let titles: Vec<&str> = made.assessments.iter().map(|a| a.title.as_str()).collect();
    let key = made.key.text.expose_secret();
    let lines = format!(
        "Made organization {} ({})\nPublished tests: {}\nGreenhouse key, shown this once (it never mails): {key}",
        organization.name,
        organization.id,
        titles.join(", "),
    );
    let json = json!({
        "id": organization.id,
        "name": organization.name,
        "assessments": made.assessments.iter().map(|a| json!({ "id": a.id, "title": a.title })).collect::<Vec<_>>(),
        "key": { "id": made.key.record.id, "kind": "greenhouse_assessment", "key": key },
    });
    Ok(Answer::new(lines, json))
}

async fn list_organizations(app: &App) -> app::Result<Answer> {
    let page = storage::Page {
        limit: 100,
        before: None,
    };
    let found = app
        .read(move |_, conn| organizations::list(conn, page))
        .await?;
    let lines: Vec<String> = found
        .iter()
        .map(|one| format!("{}  {}", one.organization.id, one.organization.name))
        .collect();
    let json = found
        .iter()
        .map(|one| json!({ "id": one.organization.id, "name": one.organization.name }))
        .collect();
    Ok(Answer::new(lines.join("\n"), json))
}

async fn create_user(
    app: &App,
    organization: Option<OrganizationId>,
    email: String,
    role: Option<RoleName>,
) -> app::Result<Answer> {
    let role = match (organization, role) {
        (None, None) => Role::Operator,
        (_, Some(role)) => role.into(),
        (Some(_), None) => Role::Member,
    };
    let made = app
        .write(move |app, conn| sign_in::create(app, conn, organization, &email, role))
        .await?;
    let lines = format!(
        "Added {}. Choose a password here, once, within 7 days:\n{}",
        made.id, made.setup_url
    );
    let json = json!({ "id": made.id, "setup_url": made.setup_url });
    Ok(Answer::new(lines, json))
}

async fn api_key(app: &App, command: ApiKeyCommand) -> app::Result<Answer> {
    match command {
        ApiKeyCommand::Create {
            organization,
            kind,
            name,
        } => {
            let new = NewKey {
                kind: kind.into(),
                name,
                scopes: None,
            };
            let made = app
                .write(move |app, conn| api_keys::create(app, conn, organization, &new))
                .await?;
            Ok(shown(&made))
        }
        ApiKeyCommand::List { organization } => list_keys(app, organization).await,
        ApiKeyCommand::Rotate {
            organization,
            id,
            overlap_seconds,
        } => {
            let made = app
                .write(move |app, conn| {
                    api_keys::rotate(app, conn, organization, id, overlap_seconds)
                })
                .await?;
            Ok(shown(&made))
        }
        ApiKeyCommand::Revoke { organization, id } => {
            app.write(move |app, conn| api_keys::revoke(app, conn, organization, id))
                .await?;
            let lines = format!("Ended key {id}: calls with it fail from now on");
            Ok(Answer::new(lines, json!({ "id": id, "revoked": true })))
        }
    }
}

fn shown(made: &ShownKey) -> Answer {
    let (record, key) = (&made.record, made.text.expose_secret());
    let lines = format!("Made key {}, shown this once:\n{key}", record.id);
    let json = json!({ "id": record.id, "kind": record.kind, "name": record.name, "key": key });
    Answer::new(lines, json)
}

async fn list_keys(app: &App, organization: OrganizationId) -> app::Result<Answer> {
    let page = storage::Page {
        limit: 100,
        before: None,
    };
    let found = app
        .read(move |_, conn| api_keys::list(conn, organization, page))
        .await?;
    let now = app.now();
    let line = |key: &storage::api_keys::ApiKeyRecord| {
        let state = if key.is_active(now) {
            "active"
        } else {
            "ended"
        };
        format!("{}  {}  {state}  {}", key.id, key.kind.as_str(), key.name)
    };
    let lines: Vec<String> = found.iter().map(line).collect();
    let json = found
        .iter()
        .map(|key| {
            json!({
                "id": key.id, "kind": key.kind, "name": key.name, "active": key.is_active(now),
                "created_at": key.created_at, "ends_at": key.ends_at, "last_used_at": key.last_used_at,
            })
        })
        .collect();
    Ok(Answer::new(lines.join("\n"), json))
}
