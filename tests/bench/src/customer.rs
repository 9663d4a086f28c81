//! Customers of the vendor, set up through Baton's own use cases, with everything that is asked of them later.

use std::io;

use app::api_keys::{self, NewKey};
use app::assessments::{self, Draft, DraftChoice, DraftQuestion};
use app::invites::{InviteRecord, NewInvite};
use app::{AnyConnection, App, organizations, sign_in};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{
    ApiKeyKind, Assessment, CandidateDetails, Email, OrganizationId, Origin, QuestionKind, Role,
};
use secrecy::ExposeSecret;
use vault::{Context, Keyring, LinkKey};

/// The encryption key of every site of a bench, as `site.rs` has it in base64.
const KEY: [u8; 32] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    26, 27, 28, 29, 30, 31,
];

/// One organization.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) organization: OrganizationId,
    /// Lines for a request's head: Greenhouse's key, a platform key.
    pub(crate) greenhouse: String,
    pub(crate) platform: String,
    pub(crate) assessments: Vec<Assessment>,
    /// An invite as Baton itself makes it: what others are modelled on.
    pub(crate) model: InviteRecord,
    pub(crate) links: LinkKey,
}

/// Makes an organization with both kinds of key and so many published assessments.
///
/// # Errors
/// Those of the database.
pub(crate) async fn make(app: &App, number: usize, tests: usize) -> io::Result<Customer> {
    app.write(move |app, conn| made(app, conn, number, tests))
        .await
        .map_err(io::Error::other)
}

fn made(app: &App, conn: &mut AnyConnection, number: usize, tests: usize) -> app::Result<Customer> {
    let record = organizations::create(app, conn, &format!("Bench {number}"))?;
    let organization = record.organization.id;
    let mut key = |kind| {
        let new = NewKey {
            kind,
            name: "Bench".to_owned(),
            scopes: None,
        };
        let shown = api_keys::create(app, conn, organization, &new)?;
        Ok::<_, app::Error>(shown.text.expose_secret().to_owned())
    };
    let greenhouse = STANDARD.encode(format!("{}:", key(ApiKeyKind::GreenhouseAssessment)?));
    let platform = key(ApiKeyKind::Platform)?;
    let mut published = Vec::new();
    for test in 1..=tests {
        let draft = questionnaire(&format!("Bench assessment {test}"));
        let made = assessments::create(app, conn, organization, &draft)?;
        published.push(assessments::publish(conn, organization, made.id)?);
    }
    let first = NewInvite {
        assessment: published[0].id,
        candidate: person("Ada", "Lovelace", "ada@bench.example"),
        send_email: Some(false),
        expires_at: None,
        origin: Origin::Dashboard,
    };
    let model = app::invites::create(app, conn, organization, first)?.record;
    Ok(Customer {
        organization,
        greenhouse: format!("Authorization: Basic {greenhouse}\r\n"),
        platform: format!("Authorization: Bearer {platform}\r\n"),
        assessments: published,
        model,
        links: link_key(organization, &record.link_key),
    })
}

/// The key of the organization's links, so that seeded invites have links that work.
fn link_key(organization: OrganizationId, stored: &str) -> LinkKey {
    let context = Context {
        organization,
        table: "organizations",
        column: "link_key",
        row: organization.into(),
    };
    let keyring = Keyring::new(vec![("bench".to_owned(), KEY)]).expect("one key of 32 bytes");
    let bytes = keyring
        .decrypt(&context, stored)
        .expect("it was encrypted with this key a moment ago");
    LinkKey::from_bytes(&bytes).expect("a link key has 32 bytes")
}

/// Signs the organization's owner in; the line for a request's head.
///
/// # Errors
/// Those of the database.
pub(crate) async fn sign_in(app: &App, organization: OrganizationId) -> io::Result<String> {
    let owner = app
        .write(move |app, conn| {
            let email = format!("owner@{organization}.example");
            sign_in::create(app, conn, Some(organization), &email, Role::Owner)
        })
        .await
        .map_err(io::Error::other)?;
    let (_, setup) = owner.setup_url.rsplit_once('/').unwrap_or_default();
    let token = sign_in::choose_password(app, setup, "a bench needs no good password")
        .await
        .map_err(io::Error::other)?;
    Ok(format!("Cookie: baton={}\r\n", token.expose()))
}

/// A person with nothing but a name and an address.
pub(crate) fn person(first: &str, last: &str, email: &str) -> CandidateDetails {
    CandidateDetails {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        preferred_name: None,
        email: Email::parse(email).expect("the bench's addresses are good"),
        phone: None,
        linkedin_url: None,
        erased_at: None,
    }
}

/// Five choices of 20 points: it scores itself.
fn questionnaire(title: &str) -> Draft {
    let question = |number: usize| DraftQuestion {
        id: None,
        kind: QuestionKind::SingleChoice,
        prompt: format!("A price of {number}0 rises by a quarter. Which of these is it now?"),
        choices: (0..4)
            .map(|wrong| DraftChoice {
                id: None,
                text: format!("{}", number * 10 + number * 10 / 4 + wrong),
                correct: wrong == 0,
            })
            .collect(),
        points: 20.0,
        competency: None,
    };
    Draft {
        title: title.to_owned(),
        description_html: Some("<p>Five short questions about shares and growth.</p>".to_owned()),
        time_limit_minutes: Some(20),
        questions: (1..=5).map(question).collect(),
        ..Draft::default()
    }
}
