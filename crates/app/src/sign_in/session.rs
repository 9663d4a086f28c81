//! Sessions: a random token in the browser, its SHA-256 in the database.

use chrono::TimeDelta;
use domain::Organization;
use storage::users::{self, User};
use storage::{AnyConnection, organizations};
use vault::{SecretToken, token_hash};

use super::users::of_setup_link;
use super::{password, too_short_or_known};
use crate::audit::{self, Action, Actor, By};
use crate::{App, Error, Result};

/// A session that is not heard of for this long is over.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// A session is over after this long in any case.
const LONGEST: TimeDelta = TimeDelta::hours(12);
/// That a session was heard of is written down this often at most.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Who sits at this browser.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person.
    pub user: User,
    /// The person's organization; none for an operator.
    pub organization: Option<Organization>,
    /// What each form of this session has to bring.
    pub csrf: String,
}

/// Chooses the password behind a setup link, once, and signs in; answers the session's token.
///
/// # Errors
/// [`Error::Gone`] for a link that is over, [`Error::Unprocessable`] for a password that cannot be taken.
pub async fn choose_password(app: &App, setup: &str, password: &str) -> Result<SecretToken> {
    let link = setup.to_owned();
    let user = app
        .read(move |app, conn| of_setup_link(app, conn, &link))
        .await?;
    too_short_or_known(password)?;
    let hash = password::hash(password.to_owned()).await?;
    let setup = token_hash(setup);
    let (token, session) = new_session(app);
    let acting = by_themselves(app, &user);
    acting
        .write(move |app, conn| {
            if !users::choose_password(conn, user.id, &setup, &hash)? {
                return Err(Error::Gone("setup link"));
            }
            open(app, conn, &user, &session, Action::PasswordChosen)
        })
        .await?;
    Ok(token)
}

/// Signs in; answers the session's token.
///
/// # Errors
/// [`Error::Unauthorized`] for an unknown address and for a wrong password, alike and after the same time.
pub async fn sign_in(app: &App, email: &str, password: &str) -> Result<SecretToken> {
    let email = email.to_owned();
    let user = app
        .read(move |_, conn| Ok(users::by_email(conn, &email)?))
        .await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let genuine = password::verify(password.to_owned(), hash).await?;
    let Some(user) = user.as_ref().filter(|_| genuine) else {
        note_failure(app, user);
        return Err(Error::Unauthorized);
    };
    let (token, session) = new_session(app);
    let (acting, user) = (by_themselves(app, user), user.clone());
    acting
        .write(move |app, conn| open(app, conn, &user, &session, Action::SignedIn))
        .await?;
    Ok(token)
}

/// Whoever signs in acts for themselves from then on.
fn by_themselves(app: &App, user: &User) -> App {
    app.acting(By {
        actor: Actor::User(user.id),
        ..app.by().clone()
    })
}

fn open(
    app: &App,
    conn: &mut AnyConnection,
    user: &User,
    (hash, csrf): &([u8; 32], String),
    action: Action,
) -> Result<()> {
    users::open_session(conn, hash, user.id, csrf, app.now())?;
    note(app, conn, user, action)
}

fn note(app: &App, conn: &mut AnyConnection, user: &User, action: Action) -> Result<()> {
    let object = format!("user:{}", user.id);
    audit::note(
        app,
        conn,
        user.organization,
        action,
        object,
        serde_json::json!({}),
    )
}

/// A failure to sign in to a known account is kept. Nobody waits for that: the time would tell that the account is known.
/// Made-up addresses are not kept, or anybody could fill the log.
fn note_failure(app: &App, user: Option<User>) {
    let Some(user) = user else { return };
    let app = app.clone();
    tokio::spawn(async move {
        let noted = app.write(move |app, conn| note(app, conn, &user, Action::SignInFailed));
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a failed sign-in could not be written down");
        }
    });
}

fn new_session(app: &App) -> (SecretToken, ([u8; 32], String)) {
    let token = SecretToken::generate(app.random());
    let csrf = SecretToken::generate(app.random());
    let session = (token.hash(), csrf.expose().to_owned());
    (token, session)
}

/// Who sits at the browser with this token; `None` where nobody is signed in (any more). `by_hand` is false for what a page
/// does by itself: that keeps no session alive.
///
/// # Errors
/// Those of the database.
pub async fn current(app: &App, token: &str, by_hand: bool) -> Result<Option<SignedIn>> {
    let hash = token_hash(token);
    let found = app.read(move |app, conn| find(app, conn, &hash)).await?;
    let Some((signed_in, stale)) = found else {
        return Ok(None);
    };
    if stale && by_hand {
        app.write(move |app, conn| Ok(users::touch_session(conn, &hash, app.now())?))
            .await?;
    }
    Ok(Some(signed_in))
}

fn find(app: &App, conn: &mut AnyConnection, hash: &[u8]) -> Result<Option<(SignedIn, bool)>> {
    let now = app.now();
    let session = users::session(conn, hash)?
        .filter(|session| session.seen_at + IDLE > now && session.created_at + LONGEST > now);
    let Some(session) = session else {
        return Ok(None);
    };
    let organization = match session.user.organization {
        Some(id) => organizations::find(conn, id)?.map(|record| record.organization),
        None => None,
    };
    let stale = session.seen_at + NOTED_EVERY <= now;
    let signed_in = SignedIn {
        user: session.user,
        organization,
        csrf: session.csrf,
    };
    Ok(Some((signed_in, stale)))
}

/// Ends the session.
///
/// # Errors
/// Those of the database.
pub async fn sign_out(app: &App, token: &str) -> Result<()> {
    let hash = token_hash(token);
    app.write(move |_, conn| Ok(users::close_session(conn, &hash)?))
        .await
}
