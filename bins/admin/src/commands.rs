//! The commands, one function each.

use app::api_keys::{self, NewKey, ShownKey};
use app::{App, organizations, sign_in};
use clap::{Subcommand, ValueEnum};
use domain::{ApiKeyId, ApiKeyKind, OrganizationId, Role};
use secrecy::ExposeSecret;
use serde_json::json;
use server::settings::Settings;

use crate::answer::Answer;

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
    if let Command::Migrate = command {
        return migrate(settings);
    }
    let app = server::open(settings).map_err(|error| error.to_string())?;
    let outcome = match command {
        Command::Migrate => return migrate(settings),
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
    };
    outcome.map_err(|error: app::Error| error.to_string())
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
