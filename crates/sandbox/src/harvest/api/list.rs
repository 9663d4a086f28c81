//! Lists: filters, pages, and the cursor that stands alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use actix_web::http::header::LINK;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ask::Ask;
use super::problem::Problem;
use crate::answer::Answer;
use crate::harvest::settings::NonAdminLists;

/// How many values a parameter takes.
const VALUES_MAX: usize = 50;

/// How a parameter chooses among records, by a member of theirs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    /// One of these ids.
    Ids(&'static str),
    /// One of these ids is in the member, a list.
    AnyId(&'static str),
    /// This text; case counts.
    Text(&'static str),
    /// One of these words, with how they are answered.
    Word(&'static str, &'static [(&'static str, &'static str)]),
    /// `true` or `false`.
    Flag(&'static str),
    /// A comparison with a time.
    Time(&'static str),
    /// By something that no record here has: nothing fits.
    Nothing,
    /// Looked at by the list itself.
    Otherwise,
}

/// Parameters that all lists have.
const COMMON: [(&str, By); 5] = [
    ("ids", By::Ids("id")),
    ("created_at", By::Time("created_at")),
    ("updated_at", By::Time("updated_at")),
    ("fields", By::Otherwise),
    ("per_page", By::Otherwise),
];

/// What a cursor holds. Nobody but the sandbox is to look inside.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    organization_id: u64,
    path: String,
    query: String,
    /// The last id of the page before.
    after: u64,
    /// Milliseconds since 1970.
    until: i64,
}

type Parameters = BTreeMap<String, String>;

/// What a call asks for, with the cursor undone.
pub(crate) struct Wanted {
    query: String,
    parameters: Parameters,
    after: Option<u64>,
}

impl Wanted {
    /// Reads the query.
    ///
    /// # Errors
    /// 422: a cursor that is not alone, unknown, of another list, or too old.
    pub(crate) fn of(ask: &Ask<'_>) -> Result<Self, Problem> {
        let parameters = parameters(ask.query);
        let Some(cursor) = parameters.get("cursor") else {
            return Ok(Self {
                query: ask.query.to_owned(),
                parameters,
                after: None,
            });
        };
        if parameters.len() > 1 {
            let why = "When passing a cursor, do not include other query params.";
            return Err(Problem::sentence(why));
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
        let cursor = serde_json::from_slice::<Cursor>(&bytes).ok();
        let usable = cursor.filter(|cursor| {
            cursor.organization_id == ask.organization_id()
                && cursor.path == ask.path
                && cursor.until > ask.now.timestamp_millis()
        });
        let cursor = usable.ok_or_else(|| Problem::parameter("cursor", "is not valid"))?;
        Ok(Self {
            parameters: self::parameters(&cursor.query),
            query: cursor.query,
            after: Some(cursor.after),
        })
    }

    /// A parameter's value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// A page of `all`, which are objects with an `id`, narrowed by `own` parameters besides those that all lists have.
    ///
    /// # Errors
    /// 403 for somebody who is no Site Admin; 422 for a parameter that cannot be used.
    pub(crate) fn page(
        &self,
        ask: &Ask<'_>,
        mut all: Vec<Value>,
        own: &[(&str, By)],
    ) -> Result<Answer, Problem> {
        let settings = ask.settings();
        if !ask.caller.site_admin {
            if settings.non_admin_lists == NonAdminLists::Forbidden {
                return Err(Problem::forbidden("The acting user is no Site Admin."));
            }
            all.clear();
        }
        let size = self.size()?;
        self.narrow(&mut all, own, settings.refuse_unknown_parameters)?;
        all.sort_by_key(|item| Reverse(item["id"].as_u64()));
        if let Some(after) = self.after {
            all.retain(|item| item["id"].as_u64() < Some(after));
        }
        let more = all.len() > size;
        all.truncate(size);
        let last = all.last().and_then(|item| item["id"].as_u64());
        for item in &mut all {
            self.cut(item);
            if settings.unknown_members {
                item["brand_new"] = Value::from_iter([("nested", Value::Null)]);
            }
        }
        let answer = Answer::json(200, all.into());
        Ok(match last.filter(|_| more) {
            Some(last) => answer.with_header(LINK, &self.next(ask, last)),
            None => answer,
        })
    }

    fn size(&self) -> Result<usize, Problem> {
        let size = self.get("per_page").unwrap_or("100").parse().unwrap_or(0);
        if (1..=500).contains(&size) {
            return Ok(size);
        }
        Err(Problem::parameter("per_page", "must be between 1 and 500"))
    }

    fn next(&self, ask: &Ask<'_>, last: u64) -> String {
        let life = i64::from(ask.settings().cursor_seconds) * 1_000;
        let cursor = Cursor {
            organization_id: ask.organization_id(),
            path: ask.path.to_owned(),
            query: self.query.clone(),
            after: last,
            until: ask.now.timestamp_millis() + life,
        };
        let cursor = serde_json::to_vec(&cursor).unwrap_or_default();
        let list = ask.path.rsplit('/').next().unwrap_or_default();
        let cursor = URL_SAFE_NO_PAD.encode(cursor);
        format!("<{}/{list}?cursor={cursor}>; rel=\"next\"", ask.base)
    }

    fn narrow(
        &self,
        all: &mut Vec<Value>,
        own: &[(&str, By)],
        refuse_unknown: bool,
    ) -> Result<(), Problem> {
        let both = self.get("created_at").is_some() && self.get("updated_at").is_some();
        if both {
            let why = "created_at and updated_at cannot be used together.";
            return Err(Problem::sentence(why));
        }
        for (name, value) in &self.parameters {
            let mut known = COMMON.iter().chain(own);
            match known.find(|(known, _)| known == name) {
                Some((_, by)) => by.narrow(all, name, value)?,
                None if refuse_unknown => {
                    return Err(Problem::parameter(name, "is not a known parameter"));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Leaves the members that `fields` names.
    fn cut(&self, item: &mut Value) {
        if let (Some(fields), Some(members)) = (self.get("fields"), item.as_object_mut()) {
            let named: Vec<&str> = fields.split(',').collect();
            members.retain(|name, _| name == "id" || named.contains(&name.as_str()));
        }
    }
}

impl By {
    fn narrow(self, all: &mut Vec<Value>, name: &str, value: &str) -> Result<(), Problem> {
        match self {
            Self::Ids(member) => {
                let ids = ids(name, value)?;
                all.retain(|item| item[member].as_u64().is_some_and(|id| ids.contains(&id)));
            }
            Self::AnyId(member) => {
                let ids = ids(name, value)?;
                let has = |item: &Value| {
                    let known = item[member].as_array().into_iter().flatten();
                    known.filter_map(Value::as_u64).any(|id| ids.contains(&id))
                };
                all.retain(has);
            }
            Self::Text(member) => all.retain(|item| item[member] == value),
            Self::Word(member, words) => {
                let word = words.iter().find(|(word, _)| *word == value);
                let bad = || Problem::parameter(name, "is not one of the known values");
                let (_, answered) = word.ok_or_else(bad)?;
                all.retain(|item| item[member] == *answered);
            }
            Self::Flag(member) => {
                let flag = flag(name, value)?;
                all.retain(|item| item[member].as_bool().unwrap_or_default() == flag);
            }
            Self::Time(member) => {
                let holds = comparison(value).ok_or_else(|| {
                    Problem::parameter(name, "has to be like gte|2026-11-22T10:00:00Z")
                })?;
                all.retain(|item| item[member].as_str().and_then(time).is_some_and(&holds));
            }
            Self::Nothing => all.clear(),
            Self::Otherwise => {}
        }
        Ok(())
    }
}

fn parameters(query: &str) -> Parameters {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.into_owned().collect()
}

/// Values between commas.
///
/// # Errors
/// 422: more than fifty.
pub(crate) fn values<'a>(name: &str, value: &'a str) -> Result<Vec<&'a str>, Problem> {
    let values: Vec<&str> = value.split(',').map(str::trim).collect();
    if values.len() > VALUES_MAX {
        return Err(Problem::parameter(name, "takes at most 50 values"));
    }
    Ok(values)
}

fn ids(name: &str, value: &str) -> Result<Vec<u64>, Problem> {
    let bad = |_| Problem::parameter(name, "has to be a list of ids");
    let ids = values(name, value)?.into_iter();
    ids.map(|id| id.parse().map_err(bad)).collect()
}

/// `true` or `false`.
///
/// # Errors
/// 422: neither.
pub(crate) fn flag(name: &str, value: &str) -> Result<bool, Problem> {
    let bad = |_| Problem::parameter(name, "has to be true or false");
    value.parse().map_err(bad)
}

/// `gte|A` and the like, or two of them.
fn comparison(value: &str) -> Option<impl Fn(DateTime<Utc>) -> bool + use<>> {
    let parts: Vec<&str> = value.split('|').collect();
    let pairs: Option<Vec<(String, DateTime<Utc>)>> = parts
        .chunks(2)
        .map(|pair| match pair {
            [operator @ ("gte" | "gt" | "lte" | "lt"), moment] => {
                Some(((*operator).to_owned(), time(moment)?))
            }
            _ => None,
        })
        .collect();
    let pairs = pairs.filter(|pairs| pairs.len() <= 2)?;
    Some(move |at: DateTime<Utc>| {
        pairs
            .iter()
            .all(|(operator, moment)| match operator.as_str() {
                "gte" => at >= *moment,
                "gt" => at > *moment,
                "lte" => at <= *moment,
                _ => at < *moment,
            })
    })
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    let exact = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    exact
        .ok()
        .or_else(|| Some(day()?.and_time(NaiveTime::MIN).and_utc()))
}
