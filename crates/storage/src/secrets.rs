//! Encrypted fields: where each is kept, with which key it was encrypted, and how one is replaced. The list of fields is
//! here and nowhere else; what each is bound to follows from its [`Place`].

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::{ApiKeyId, ConnectionId, GrantId, OrganizationId};

use crate::connection::native;
use crate::schema::{api_keys, connections, grants, idempotency_keys, organizations, partings};
use crate::value::{Id, id};
use crate::{AnyConnection, Result};

/// A column whose texts are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Field {
    LinkKey,
    SigningSecret,
    ApiKey,
    AccessToken,
    RefreshToken,
    WebhookToken,
    PartingTokens,
    Answer,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::LinkKey,
        Self::SigningSecret,
        Self::ApiKey,
        Self::AccessToken,
        Self::RefreshToken,
        Self::WebhookToken,
        Self::PartingTokens,
        Self::Answer,
    ];

    /// Table and column.
    pub fn column(self) -> (&'static str, &'static str) {
        match self {
            Self::LinkKey => ("organizations", "link_key"),
            Self::SigningSecret => ("organizations", "signing_secret"),
            Self::ApiKey => ("api_keys", "encrypted_key"),
            Self::AccessToken => ("grants", "access_token"),
            Self::RefreshToken => ("grants", "refresh_token"),
            Self::WebhookToken => ("connections", "webhook_token"),
            Self::PartingTokens => ("partings", "tokens"),
            Self::Answer => ("idempotency_keys", "answer"),
        }
    }
}

/// Where one encrypted text is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The key of an organization's candidate links.
    LinkKey(OrganizationId),
    /// What signs an organization's launch links.
    SigningSecret(OrganizationId),
    /// A Greenhouse key that is kept whole.
    ApiKey(OrganizationId, ApiKeyId),
    /// What an ATS is called with.
    AccessToken(OrganizationId, GrantId),
    /// What the next of those is fetched with.
    RefreshToken(OrganizationId, GrantId),
    /// What signs the deliveries of a webhook of ours in an ATS.
    WebhookToken(OrganizationId, ConnectionId),
    /// What an account that was left is still called with.
    PartingTokens(OrganizationId, GrantId),
    /// An answer that may be repeated.
    Answer {
        /// Whose; the nil id for the operator.
        organization: OrganizationId,
        /// Under which `Idempotency-Key`.
        key: String,
        /// On which route.
        route: String,
    },
}

impl Place {
    /// In which column.
    pub fn field(&self) -> Field {
        match self {
            Self::LinkKey(_) => Field::LinkKey,
            Self::SigningSecret(_) => Field::SigningSecret,
            Self::ApiKey(..) => Field::ApiKey,
            Self::AccessToken(..) => Field::AccessToken,
            Self::RefreshToken(..) => Field::RefreshToken,
            Self::WebhookToken(..) => Field::WebhookToken,
            Self::PartingTokens(..) => Field::PartingTokens,
            Self::Answer { .. } => Field::Answer,
        }
    }
}

/// An encrypted text where it was found.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Where.
    pub place: Place,
    /// As it is stored.
    pub text: String,
}

/// How many texts of one column were encrypted with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// In which column.
    pub field: Field,
    /// The key's id; empty for a text that is not of the form `v1.<key id>.…`.
    pub key_id: String,
    /// How many.
    pub rows: i64,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    key_id: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Which keys the texts of a column were encrypted with. Reads the whole column.
///
/// # Errors
/// Those of the database.
pub fn key_ids_in(conn: &mut AnyConnection, field: Field) -> Result<Vec<KeyUse>> {
    let (table, column) = field.column();
    let key_id = match conn {
        AnyConnection::Postgres(_) => format!("split_part({column}, '.', 2)"),
        AnyConnection::Sqlite(_) => {
            format!("substr({column}, 4, max(instr(substr({column}, 4), '.') - 1, 0))")
        }
    };
    let sql = format!(
        "SELECT CASE WHEN {column} LIKE 'v1.%.%' THEN {key_id} ELSE '' END AS key_id, count(*) AS rows \
         FROM {table} WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
    );
    let found: Vec<Counted> = native!(conn, c => diesel::sql_query(sql).load(c))?;
    Ok(found
        .into_iter()
        .map(|Counted { key_id, rows }| KeyUse {
            field,
            key_id,
            rows,
        })
        .collect())
}

/// Which keys all stored secrets were encrypted with, column by column. Kept answers are the many; who asks often asks for
/// the other columns alone.
///
/// # Errors
/// Those of the database.
pub fn key_ids(conn: &mut AnyConnection) -> Result<Vec<KeyUse>> {
    let mut uses = Vec::new();
    for field in Field::ALL {
        uses.extend(key_ids_in(conn, field)?);
    }
    Ok(uses)
}

/// Up to `most` texts of a column, in the order of their rows, after the one at `after`.
///
/// # Errors
/// Those of the database.
pub fn page(
    conn: &mut AnyConnection,
    field: Field,
    after: Option<&Place>,
    most: i64,
) -> Result<Vec<Sealed>> {
    match field {
        Field::LinkKey | Field::SigningSecret => of_organizations(conn, field, after, most),
        Field::ApiKey => of_api_keys(conn, after, most),
        Field::AccessToken | Field::RefreshToken => of_grants(conn, field, after, most),
        Field::WebhookToken => of_webhooks(conn, after, most),
        Field::PartingTokens => of_partings(conn, after, most),
        Field::Answer => answers(conn, after, most),
    }
}

fn of_organizations(
    conn: &mut AnyConnection,
    field: Field,
    after: Option<&Place>,
    most: i64,
) -> Result<Vec<Sealed>> {
    use organizations as t;
    let after = match after {
        Some(Place::LinkKey(organization) | Place::SigningSecret(organization)) => *organization,
        _ => NIL,
    };
    let rows: Vec<(Id, String, String)> = t::table
        .filter(t::id.gt(id(after)))
        .order(t::id)
        .limit(most)
        .select((t::id, t::link_key, t::signing_secret))
        .load(conn)?;
    let sealed = |(organization, link_key, signing_secret): (Id, String, String)| match field {
        Field::LinkKey => Sealed {
            place: Place::LinkKey(organization.to()),
            text: link_key,
        },
        _ => Sealed {
            place: Place::SigningSecret(organization.to()),
            text: signing_secret,
        },
    };
    Ok(rows.into_iter().map(sealed).collect())
}

/// Comes before every id that was drawn.
const NIL: OrganizationId = OrganizationId(uuid::Uuid::nil());

fn of_api_keys(conn: &mut AnyConnection, after: Option<&Place>, most: i64) -> Result<Vec<Sealed>> {
    use api_keys as t;
    let after = match after {
        Some(Place::ApiKey(_, key)) => *key,
        _ => ApiKeyId(uuid::Uuid::nil()),
    };
    let rows: Vec<(Id, Id, Option<String>)> = t::table
        .filter(t::id.gt(id(after)))
        .filter(t::encrypted_key.is_not_null())
        .order(t::id)
        .limit(most)
        .select((t::organization_id, t::id, t::encrypted_key))
        .load(conn)?;
    let sealed = |(organization, key, text): (Id, Id, Option<String>)| Sealed {
        place: Place::ApiKey(organization.to(), key.to()),
        text: text.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(sealed).collect())
}

fn of_grants(
    conn: &mut AnyConnection,
    field: Field,
    after: Option<&Place>,
    most: i64,
) -> Result<Vec<Sealed>> {
    use grants as t;
    let after = match after {
        Some(Place::AccessToken(_, grant) | Place::RefreshToken(_, grant)) => *grant,
        _ => GrantId(uuid::Uuid::nil()),
    };
    let rows: Vec<(Id, Id, String, String)> = t::table
        .filter(t::id.gt(id(after)))
        .order(t::id)
        .limit(most)
        .select((t::organization_id, t::id, t::access_token, t::refresh_token))
        .load(conn)?;
    let sealed = |(organization, grant, access, refresh): (Id, Id, String, String)| match field {
        Field::AccessToken => Sealed {
            place: Place::AccessToken(organization.to(), grant.to()),
            text: access,
        },
        _ => Sealed {
            place: Place::RefreshToken(organization.to(), grant.to()),
            text: refresh,
        },
    };
    Ok(rows.into_iter().map(sealed).collect())
}

fn of_webhooks(conn: &mut AnyConnection, after: Option<&Place>, most: i64) -> Result<Vec<Sealed>> {
    use connections as t;
    let after = match after {
        Some(Place::WebhookToken(_, connection)) => *connection,
        _ => ConnectionId(uuid::Uuid::nil()),
    };
    let rows: Vec<(Id, Id, Option<String>)> = t::table
        .filter(t::id.gt(id(after)))
        .filter(t::webhook_token.is_not_null())
        .order(t::id)
        .limit(most)
        .select((t::organization_id, t::id, t::webhook_token))
        .load(conn)?;
    let sealed = |(organization, connection, text): (Id, Id, Option<String>)| Sealed {
        place: Place::WebhookToken(organization.to(), connection.to()),
        text: text.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(sealed).collect())
}

fn of_partings(conn: &mut AnyConnection, after: Option<&Place>, most: i64) -> Result<Vec<Sealed>> {
    use partings as t;
    let after = match after {
        Some(Place::PartingTokens(_, grant)) => *grant,
        _ => GrantId(uuid::Uuid::nil()),
    };
    let rows: Vec<(Id, Id, String)> = t::table
        .filter(t::id.gt(id(after)))
        .order(t::id)
        .limit(most)
        .select((t::organization_id, t::id, t::tokens))
        .load(conn)?;
    let sealed = |(organization, grant, text): (Id, Id, String)| Sealed {
        place: Place::PartingTokens(organization.to(), grant.to()),
        text,
    };
    Ok(rows.into_iter().map(sealed).collect())
}

fn answers(conn: &mut AnyConnection, after: Option<&Place>, most: i64) -> Result<Vec<Sealed>> {
    use idempotency_keys as t;
    let (organization, key, route) = match after {
        Some(Place::Answer {
            organization,
            key,
            route,
        }) => (*organization, key.as_str(), route.as_str()),
        _ => (NIL, "", ""),
    };
    let in_it = t::organization_id.eq(id(organization));
    let further_on = t::key.gt(key).or(t::key.eq(key).and(t::route.gt(route)));
    let rows: Vec<(Id, String, String, Option<String>)> = t::table
        .filter(t::answer.is_not_null())
        .filter(
            t::organization_id
                .gt(id(organization))
                .or(in_it.and(further_on)),
        )
        .order((t::organization_id, t::key, t::route))
        .limit(most)
        .select((t::organization_id, t::key, t::route, t::answer))
        .load(conn)?;
    let sealed = |(organization, key, route, text): (Id, String, String, Option<String>)| Sealed {
        place: Place::Answer {
            organization: organization.to(),
            key,
            route,
        },
        text: text.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(sealed).collect())
}

/// Puts `new` where `old` is; answers false where that is there no longer.
///
/// # Errors
/// Those of the database.
pub fn replace(conn: &mut AnyConnection, place: &Place, old: &str, new: &str) -> Result<bool> {
    let changed = match place {
        Place::LinkKey(organization) => diesel::update(
            organizations::table
                .find(id(*organization))
                .filter(organizations::link_key.eq(old)),
        )
        .set(organizations::link_key.eq(new))
        .execute(conn)?,
        Place::SigningSecret(organization) => diesel::update(
            organizations::table
                .find(id(*organization))
                .filter(organizations::signing_secret.eq(old)),
        )
        .set(organizations::signing_secret.eq(new))
        .execute(conn)?,
        Place::ApiKey(organization, key) => diesel::update(
            api_keys::table
                .filter(api_keys::organization_id.eq(id(*organization)))
                .filter(api_keys::id.eq(id(*key)))
                .filter(api_keys::encrypted_key.eq(old)),
        )
        .set(api_keys::encrypted_key.eq(new))
        .execute(conn)?,
        Place::AccessToken(organization, grant) => diesel::update(
            grants::table
                .find((id(*organization), id(*grant)))
                .filter(grants::access_token.eq(old)),
        )
        .set(grants::access_token.eq(new))
        .execute(conn)?,
        Place::RefreshToken(organization, grant) => diesel::update(
            grants::table
                .find((id(*organization), id(*grant)))
                .filter(grants::refresh_token.eq(old)),
        )
        .set(grants::refresh_token.eq(new))
        .execute(conn)?,
        Place::WebhookToken(organization, connection) => diesel::update(
            connections::table
                .filter(connections::organization_id.eq(id(*organization)))
                .filter(connections::id.eq(id(*connection)))
                .filter(connections::webhook_token.eq(old)),
        )
        .set(connections::webhook_token.eq(new))
        .execute(conn)?,
        Place::PartingTokens(organization, grant) => diesel::update(
            partings::table
                .find((id(*organization), id(*grant)))
                .filter(partings::tokens.eq(old)),
        )
        .set(partings::tokens.eq(new))
        .execute(conn)?,
        Place::Answer {
            organization,
            key,
            route,
        } => diesel::update(
            idempotency_keys::table
                .find((id(*organization), key, route))
                .filter(idempotency_keys::answer.eq(old)),
        )
        .set(idempotency_keys::answer.eq(new))
        .execute(conn)?,
    };
    Ok(changed == 1)
}
