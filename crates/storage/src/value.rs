//! The three forms that mean the same on both databases: ids as 16 bytes, times as microseconds, documents as JSON text.

use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Binary};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{Error, Result};

/// An id as the databases keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub(crate) struct Id(pub(crate) Uuid);

/// Any of the domain's ids, for a query.
pub(crate) fn id(of: impl Into<Uuid>) -> Id {
    Id(of.into())
}

impl Id {
    pub(crate) fn to<T: From<Uuid>>(self) -> T {
        self.0.into()
    }
}

impl<DB: Backend> FromSql<Binary, DB> for Id
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(&Vec::<u8>::from_sql(bytes)?)?))
    }
}

impl<DB: Backend> ToSql<Binary, DB> for Id
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_bytes().as_slice().to_sql(out)
    }
}

/// A moment as the databases keep it: microseconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub(crate) struct At(i64);

/// A moment, for a query.
pub(crate) fn at(moment: DateTime<Utc>) -> At {
    At(moment.timestamp_micros())
}

impl At {
    /// Before every moment.
    pub(crate) const EARLIEST: Self = Self(i64::MIN);

    pub(crate) fn moment(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for At
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self)
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for At
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

/// Can both databases hold this text? PostgreSQL knows no NUL in texts, so what holds one was never stored: a look-up for
/// it finds nothing.
pub(crate) fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

/// A document as text.
pub(crate) fn to_json(document: &impl Serialize) -> Result<String> {
    serde_json::to_string(document).map_err(|error| Error::Corrupt {
        table: "-",
        column: "-",
        detail: error.to_string(),
    })
}

/// A document from text; `table` and `column` name it where it cannot be read.
pub(crate) fn from_json<T: DeserializeOwned>(
    text: &str,
    table: &'static str,
    column: &'static str,
) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt {
        table,
        column,
        // Serde's own words can quote what stands there, such as a name.
        detail: format!("line {}, column {}", error.line(), error.column()),
    })
}

/// A name from a closed list; `table` and `column` name it where it is none.
pub(crate) fn named<T>(known: Option<T>, table: &'static str, column: &'static str) -> Result<T> {
    known.ok_or(Error::Corrupt {
        table,
        column,
        detail: "not a name this release knows".into(),
    })
}
