//! Pages of lists, and the opaque tokens that lead from one to the next.

use serde_json::Value;

use super::Ask;
use super::answer::{Answer, Problem};
use crate::secret::Secret;

/// What a paging token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Offset {
    /// Account, call and filters: the token is no use elsewhere.
    bound_to: String,
    /// The last key of the page before.
    after: String,
    expires_at: i64,
}

/// One page's keys, and the token of the next page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) keys: Vec<String>,
    next: Option<String>,
}

impl Page {
    /// The page in Lever's envelope.
    pub(crate) fn answer(self, items: Vec<Value>) -> Answer {
        let has_next = self.next.is_some();
        let mut body =
            Value::from_iter([("data", Value::from(items)), ("hasNext", has_next.into())]);
        if let Some(next) = self.next {
            body["next"] = next.into();
        }
        Answer::json(200, body)
    }
}

/// The page of a list that the query asks for. `keys` of all that is on the list, rising.
///
/// # Errors
/// 400: `limit` is outside 1 to 100, or the token is unknown, expired, or of another list.
pub(crate) fn page(ask: &mut Ask<'_>, keys: &[String]) -> Result<Page, Problem> {
    let limit = limit(ask)?;
    let bound_to = format!(
        "{} {}?{}",
        ask.caller.account_id,
        ask.path,
        ask.query.fingerprint()
    );
    let start = match ask.query.first("offset") {
        Some(token) => {
            let after = after(ask, token, &bound_to)?;
            keys.partition_point(|key| *key <= after)
        }
        None => 0,
    };
    let end = keys.len().min(start + limit);
    let page = keys.get(start..end).unwrap_or_default().to_vec();
    let next = match page.last() {
        Some(last) if end < keys.len() => Some(draw(ask, bound_to, last)?),
        _ => None,
    };
    Ok(Page { keys: page, next })
}

/// A list that stands in a fixed order: places as keys.
///
/// # Errors
/// As [`page`].
pub(crate) fn page_in_order(ask: &mut Ask<'_>, items: &[Value]) -> Result<Answer, Problem> {
    let keys: Vec<String> = (0..items.len()).map(|at| format!("{at:08}")).collect();
    let page = page(ask, &keys)?;
    let chosen = page
        .keys
        .iter()
        .filter_map(|key| items.get(key.parse::<usize>().ok()?));
    let chosen = chosen.cloned().collect();
    Ok(page.answer(chosen))
}

fn limit(ask: &Ask<'_>) -> Result<usize, Problem> {
    let most = ask.account()?.settings.page_size;
    let wanted = match ask.query.first("limit") {
        Some(text) => text.parse().unwrap_or(0),
        None => 100,
    };
    if !(1..=100).contains(&wanted) {
        return Err(Problem::bad_request("limit has to be between 1 and 100."));
    }
    Ok(most.min(wanted))
}

fn after(ask: &Ask<'_>, token: &str, bound_to: &str) -> Result<String, Problem> {
    let offset = ask.lever.offsets.get(token);
    let usable = offset.filter(|offset| offset.bound_to == bound_to && offset.expires_at > ask.now);
    match usable {
        Some(offset) => Ok(offset.after.clone()),
        None => Err(Problem::bad_request("Invalid offset token")),
    }
}

fn draw(ask: &mut Ask<'_>, bound_to: String, after: &str) -> Result<String, Problem> {
    let life = i64::from(ask.account()?.settings.offset_seconds) * 1_000;
    let now = ask.now;
    let token = Secret::draw(20).0;
    let offset = Offset {
        bound_to,
        after: after.to_owned(),
        expires_at: now + life,
    };
    ask.lever
        .offsets
        .retain(|_, offset| offset.expires_at > now);
    ask.lever.offsets.insert(token.clone(), offset);
    Ok(token)
}
