//! Files of an opportunity.

use serde_json::Value;

use super::Ask;
use super::answer::{Answer, Body, Problem};
use super::multipart;
use super::wire;
use crate::lever::opportunity::File;

/// Largest file, in bytes.
const LARGEST: usize = 30 * 1024 * 1024;

/// `GET /opportunities/:id/files`: a bare array, as documented.
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let start = ask.query.time("uploaded_at_start")?;
    let end = ask.query.time("uploaded_at_end")?;
    let opportunity = ask.opportunity()?;
    let files = opportunity.files.iter().filter(|file| {
        start.is_none_or(|start| start <= file.uploaded_at)
            && end.is_none_or(|end| file.uploaded_at <= end)
    });
    let items: Vec<Value> = files
        .map(|file| wire::file(ask.base, opportunity, file))
        .collect();
    Ok(Answer::json(200, Value::Array(items)))
}

fn found<'a>(ask: &'a Ask<'_>) -> Result<&'a File, Problem> {
    let id = ask.id("file");
    let mut files = ask.opportunity()?.files.iter();
    let file = files.find(|file| file.id == id);
    file.ok_or_else(|| Problem::not_found("File", id))
}

/// `GET /opportunities/:id/files/:file`
pub(super) fn get(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    Ok(Answer::data(wire::file(
        ask.base,
        ask.opportunity()?,
        found(ask)?,
    )))
}

/// `GET /opportunities/:id/files/:file/download`
pub(super) fn download(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let file = found(ask)?;
    Ok(Answer {
        status: 200,
        headers: Vec::new(),
        body: Body::Bytes {
            content_type: file.content_type.clone(),
            bytes: file.content.clone(),
        },
    })
}

/// `POST /opportunities/:id/files`
pub(super) fn upload(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let actor = ask.required_actor()?;
    let opportunity_id = ask.opportunity()?.id.clone();
    let part = multipart::part(ask.content_type, ask.body, "file");
    let part = part.ok_or_else(|| Problem::bad_request("file is missing."))?;
    if part.content.len() > LARGEST {
        return Err(Problem::bad_request("A file has 30 MB at most."));
    }
    let file = File {
        id: ask.lever.ids.draw(),
        name: part.file_name,
        content_type: part.content_type,
        uploaded_at: ask.now,
        content: part.content.to_vec(),
    };
    let opportunity = ask.lever.opportunity_mut(&opportunity_id)?;
    opportunity.record(ask.now, "file_uploaded", &file.name, &actor);
    let answer = wire::file(ask.base, opportunity, &file);
    opportunity.files.push(file);
    Ok(Answer::created(answer))
}

/// `DELETE /opportunities/:id/files/:file`
pub(super) fn delete(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let actor = ask.required_actor()?;
    let (opportunity_id, name) = (ask.opportunity()?.id.clone(), found(ask)?.name.clone());
    let id = ask.id("file");
    let opportunity = ask.lever.opportunity_mut(&opportunity_id)?;
    opportunity.files.retain(|file| file.id != id);
    opportunity.record(ask.now, "file_deleted", name, &actor);
    Ok(Answer::no_content())
}
