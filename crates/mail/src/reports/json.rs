//! Notices as JSON: one object, or a list of them.

use serde_json::{Map, Value};

use super::{MOST_NOTICES, Notice, NoticeKind, Unreadable, detail, message_id};

pub(super) fn parse(body: &[u8]) -> Result<Vec<Notice>, Unreadable> {
    let value: Value = serde_json::from_slice(body).map_err(|error| Unreadable::NotJson {
        line: error.line(),
        column: error.column(),
    })?;
    match value {
        Value::Array(many) if many.len() > MOST_NOTICES => Err(form(format!(
            "the list holds more than {MOST_NOTICES} notices; send them in several calls"
        ))),
        Value::Array(many) => {
            let read = many
                .iter()
                .enumerate()
                .map(|(at, one)| notice(&format!("[{at}]."), one));
            Ok(read
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
                .collect())
        }
        one => Ok(notice("", &one)?.into_iter().collect()),
    }
}

/// None where it tells something that is of no concern here.
fn notice(path: &str, value: &Value) -> Result<Option<Notice>, Unreadable> {
    let Value::Object(members) = value else {
        return Err(form("a notice has to be an object".to_owned()));
    };
    let kind = text(members, "kind").ok_or_else(|| lacks(path, "kind"))?;
    let Some(kind) = known(kind) else {
        return Ok(None);
    };
    let id = text(members, "message_id").and_then(message_id);
    let message_id = id.ok_or_else(|| lacks(path, "message_id"))?;
    let detail = match members.get("detail") {
        Some(Value::String(text)) => detail(text),
        Some(Value::Null) | None => None,
        Some(other) => detail(&other.to_string()),
    };
    Ok(Some(Notice {
        message_id,
        kind,
        detail,
    }))
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// The contract's names, and the nouns that providers use for them.
fn known(kind: &str) -> Option<NoticeKind> {
    match kind.trim().to_ascii_lowercase().as_str() {
        "bounced" | "bounce" => Some(NoticeKind::Bounced),
        "complained" | "complaint" => Some(NoticeKind::Complained),
        "delivered" | "delivery" => Some(NoticeKind::Delivered),
        "delayed" | "deferred" => Some(NoticeKind::Delayed),
        _ => None,
    }
}

fn lacks(path: &str, member: &str) -> Unreadable {
    let wanted = match member {
        "kind" => "bounced, complained or delivered",
        _ => "the mail's Message-ID, such as <name@host>",
    };
    form(format!("{path}{member} is missing: send {wanted}"))
}

fn form(problem: String) -> Unreadable {
    Unreadable::Form(problem)
}
