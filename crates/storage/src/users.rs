//! People who sign in, and their sessions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{OrganizationId, Role, UserId};

use crate::schema::{sessions, users};
use crate::value::{At, Id, at, id, is_storable, named};
use crate::{AnyConnection, Page, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
struct Row {
    id: Id,
    organization_id: Option<Id>,
    email: String,
    email_key: String,
    role: String,
    password_hash: Option<String>,
    setup_hash: Option<Vec<u8>>,
    setup_expires_at: Option<At>,
    created_at: At,
}

/// A person who signs in.
#[derive(Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Whose; none for an operator.
    pub organization: Option<OrganizationId>,
    /// As given.
    pub email: String,
    /// What the person may do.
    pub role: Role,
    /// Argon2id; none before the first password was chosen.
    pub password_hash: Option<String>,
    /// SHA-256 of the setup link's token.
    pub setup_hash: Option<Vec<u8>>,
    /// When the setup link ends.
    pub setup_expires_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl TryFrom<Row> for User {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id.to(),
            organization: row.organization_id.map(Id::to),
            email: row.email,
            role: named(Role::parse(&row.role), "users", "role")?,
            password_hash: row.password_hash,
            setup_hash: row.setup_hash,
            setup_expires_at: row.setup_expires_at.map(At::moment),
            created_at: row.created_at.moment(),
        })
    }
}

/// Stores a new user.
///
/// # Errors
/// [`crate::Error::Taken`] where the e-mail address has an account already.
pub fn insert(conn: &mut AnyConnection, user: &User) -> Result<()> {
    let row = Row {
        id: id(user.id),
        organization_id: user.organization.map(id),
        email: user.email.clone(),
        email_key: user.email.trim().to_lowercase(),
        role: user.role.as_str().to_owned(),
        password_hash: user.password_hash.clone(),
        setup_hash: user.setup_hash.clone(),
        setup_expires_at: user.setup_expires_at.map(at),
        created_at: at(user.created_at),
    };
    diesel::insert_into(users::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Who signs in with this address.
///
/// # Errors
/// Those of the database.
pub fn by_email(conn: &mut AnyConnection, email: &str) -> Result<Option<User>> {
    if !is_storable(email) {
        return Ok(None);
    }
    let key = email.trim().to_lowercase();
    let row: Option<Row> = users::table
        .filter(users::email_key.eq(key))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// Whose setup link has a token with this SHA-256.
///
/// # Errors
/// Those of the database.
pub fn by_setup(conn: &mut AnyConnection, setup_hash: &[u8]) -> Result<Option<User>> {
    let row: Option<Row> = users::table
        .filter(users::setup_hash.eq(setup_hash))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// One of an organization's users.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<User>> {
    let row: Option<Row> = users::table
        .filter(users::organization_id.eq(id(organization)))
        .filter(users::id.eq(id(user)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// One page of an organization's users.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<User>> {
    let rows: Vec<Row> = users::table
        .filter(users::organization_id.eq(id(organization)))
        .filter(users::id.lt(page.start()))
        .order(users::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Sets the password and ends the setup link and every session; answers whether that link was still open. Where it was
/// not, nothing changes.
///
/// # Errors
/// Those of the database.
pub fn choose_password(
    conn: &mut AnyConnection,
    user: UserId,
    setup_hash: &[u8],
    password_hash: &str,
) -> Result<bool> {
    let changed = diesel::update(
        users::table
            .find(id(user))
            .filter(users::setup_hash.eq(setup_hash)),
    )
    .set((
        users::password_hash.eq(password_hash),
        users::setup_hash.eq(None::<Vec<u8>>),
        users::setup_expires_at.eq(None::<At>),
    ))
    .execute(conn)?;
    if changed != 1 {
        return Ok(false);
    }
    diesel::delete(sessions::table.filter(sessions::user_id.eq(id(user)))).execute(conn)?;
    Ok(true)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    token_hash: Vec<u8>,
    user_id: Id,
    csrf: String,
    created_at: At,
    seen_at: At,
}

/// One signed-in browser.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub user: User,
    /// The token its forms carry.
    pub csrf: String,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last heard of.
    pub seen_at: DateTime<Utc>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Opens a session under the SHA-256 of its token.
///
/// # Errors
/// Those of the database.
pub fn open_session(
    conn: &mut AnyConnection,
    token_hash: &[u8],
    user: UserId,
    csrf: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = SessionRow {
        token_hash: token_hash.to_vec(),
        user_id: id(user),
        csrf: csrf.to_owned(),
        created_at: at(now),
        seen_at: at(now),
    };
    diesel::insert_into(sessions::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The session under the SHA-256 of its token, with its user.
///
/// # Errors
/// Those of the database.
pub fn session(conn: &mut AnyConnection, token_hash: &[u8]) -> Result<Option<Session>> {
    let found: Option<(SessionRow, Row)> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(sessions::token_hash.eq(token_hash))
        .select((SessionRow::as_select(), Row::as_select()))
        .get_result(conn)
        .optional()?;
    let Some((session, user)) = found else {
        return Ok(None);
    };
    Ok(Some(Session {
        user: user.try_into()?,
        csrf: session.csrf,
        created_at: session.created_at.moment(),
        seen_at: session.seen_at.moment(),
    }))
}

/// Notes that a session was heard of.
///
/// # Errors
/// Those of the database.
pub fn touch_session(
    conn: &mut AnyConnection,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::update(sessions::table.find(token_hash))
        .set(sessions::seen_at.eq(at(now)))
        .execute(conn)?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// Those of the database.
pub fn close_session(conn: &mut AnyConnection, token_hash: &[u8]) -> Result<()> {
    diesel::delete(sessions::table.find(token_hash)).execute(conn)?;
    Ok(())
}
