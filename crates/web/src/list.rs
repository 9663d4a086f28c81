//! Lists: `?limit=&cursor=`, newest first, page by page.

use std::collections::HashMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use app::Page;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::problem::Problem;

const USUAL: i64 = 50;
const MOST: i64 = 100;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listing<T: ToSchema> {
    /// Newest first.
    pub(crate) data: Vec<T>,
    /// Asks for the next page; null at the end.
    #[schema(required)]
    pub(crate) next_cursor: Option<String>,
}

impl<T: ToSchema> Listing<T> {
    /// A list that always fits on one page, in an order of its own.
    pub(crate) fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            next_cursor: None,
        }
    }
}

/// Which page of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "says in the document what `Params` reads")]
pub(crate) struct Paging {
    /// At most this many.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The parameters of a query string: the first of each name; unknown ones are ignored.
#[derive(Debug)]
pub(crate) struct Params(HashMap<String, String>);

/// A page that is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    limit: i64,
    before: Option<Uuid>,
}

impl FromRequest for Params {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(call: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut given = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(call.query_string().as_bytes()) {
            given
                .entry(name.into_owned())
                .or_insert_with(|| value.into_owned());
        }
        ready(Ok(Self(given)))
    }
}

impl Params {
    /// A parameter that says something.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(|value| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// The page it asks for.
    ///
    /// # Errors
    /// 422 for a limit outside 1 to 100, and for a cursor that no list gave.
    pub(crate) fn page(&self) -> Result<Asked, Problem> {
        let limit = self
            .get("limit")
            .map_or(Some(USUAL), |text| text.parse().ok());
        let limit = limit
            .filter(|limit| (1..=MOST).contains(limit))
            .ok_or_else(|| Problem::fault("limit", "has to be a number from 1 to 100"))?;
        let before = self.get("cursor").map(read_cursor).transpose()?;
        Ok(Asked { limit, before })
    }
}

impl Asked {
    /// What to look up: one more than is shown, to see whether there is a next page.
    pub(crate) fn lookup(self) -> Page {
        Page {
            limit: self.limit + 1,
            before: self.before,
        }
    }

    /// The page made of what was looked up.
    pub(crate) fn listing<R, T: ToSchema>(
        self,
        found: Vec<R>,
        id: impl Fn(&R) -> Uuid,
        show: impl Fn(R) -> T,
    ) -> Listing<T> {
        self.listing_to(found, None, id, show)
    }

    /// The same of a list that was looked through as far as `looked_to`, where older ones are left: the next page goes on
    /// there, even where this one is not full.
    pub(crate) fn listing_to<R, T: ToSchema>(
        self,
        mut found: Vec<R>,
        looked_to: Option<Uuid>,
        id: impl Fn(&R) -> Uuid,
        show: impl Fn(R) -> T,
    ) -> Listing<T> {
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = found.len() > shown;
        found.truncate(shown);
        let last = found.last().filter(|_| more).map(id).or(looked_to);
        Listing {
            data: found.into_iter().map(show).collect(),
            next_cursor: last.map(|id| URL_SAFE_NO_PAD.encode(id.as_bytes())),
        }
    }
}

fn read_cursor(text: &str) -> Result<Uuid, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    bytes
        .and_then(|bytes| Uuid::from_slice(&bytes).ok())
        .ok_or_else(|| Problem::fault("cursor", "is not a next_cursor of this list"))
}
