//! Files of applications: listed, added, deleted. Their content is not kept: the address that is answered leads nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::ask::Ask;
use super::fields::Fields;
use super::list::{By, Wanted};
use super::problem::Problem;
use crate::answer::Answer;
use crate::harvest::records::{Attachment, Times};
use crate::harvest::views;

const KINDS: [(&str, &str); 10] = [
    ("resume", "resume"),
    ("cover_letter", "cover_letter"),
    ("take_home_test", "take_home_test"),
    ("offer_packet", "offer_packet"),
    ("offer_letter", "offer_letter"),
    ("signed_offer_letter", "signed_offer_letter"),
    ("other", "other"),
    ("form_attachment", "form_attachment"),
    ("midfunnel_agreement", "midfunnel_agreement"),
    ("automated_agreement", "automated_agreement"),
];

const VISIBILITIES: [(&str, &str); 3] = [
    ("public", "public"),
    ("private", "private"),
    ("admin_only", "admin_only"),
];

/// `GET /attachments`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let id = ask.organization_id();
    let files = ask.harvest().attachments.values();
    let files = files.filter(|file| file.organization_id == id);
    let all: Vec<Value> = files.map(views::attachment).collect();
    let own = [
        ("application_ids", By::Ids("application_id")),
        ("candidate_ids", By::Ids("candidate_id")),
        ("type", By::Word("type", &KINDS)),
    ];
    wanted.page(ask, all, &own)
}

/// `POST /attachments`: a new résumé takes the place of the one before.
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let fields = ask.fields()?;
    let application_id = fields.required_id("application_id")?;
    let record = ask.harvest().applications.get(&application_id);
    let record = record.filter(|record| record.organization_id == ask.organization_id());
    let nothing = || Problem::field("application_id", "There is no such application.");
    let candidate_id = record.ok_or_else(nothing)?.candidate_id;
    let kind = fields.word("type", &KINDS)?;
    let visibility = fields.word("visibility", &VISIBILITIES)?;
    let filename = fields.required_text("filename")?;
    if !filename.contains('.') {
        return Err(Problem::field("filename", "It needs an extension."));
    }
    check_content(&fields)?;
    let file = Attachment {
        id: ask.world.draw_id(),
        organization_id: ask.organization_id(),
        candidate_id,
        application_id,
        kind: kind.to_owned(),
        visibility: visibility.to_owned(),
        filename,
        times: Times::at(ask.now),
    };
    let shown = views::attachment(&file);
    let files = &mut ask.world.harvest.attachments;
    if kind == "resume" {
        files.retain(|_, it| it.application_id != application_id || it.kind != "resume");
    }
    files.insert(file.id, file);
    Ok(Answer::json(201, shown))
}

/// Either the content, in Base64, or where Greenhouse would fetch it.
fn check_content(fields: &Fields) -> Result<(), Problem> {
    match (fields.text("content")?, fields.text("url")?) {
        (Some(content), None) => {
            let bad = |_| Problem::field("content", "It has to be Base64.");
            STANDARD.decode(content).map(drop).map_err(bad)
        }
        (None, Some(url)) => {
            let bad = |_| Problem::field("url", "It has to be an address.");
            url::Url::parse(&url).map(drop).map_err(bad)
        }
        _ => Err(Problem::field("content", "Give either content or url.")),
    }
}

/// `DELETE /attachments/{id}`
pub(super) fn remove(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id.ok_or_else(Problem::not_found)?;
    let file = ask.harvest().attachments.get(&id);
    let theirs = file.filter(|file| file.organization_id == ask.organization_id());
    theirs.ok_or_else(Problem::not_found)?;
    ask.world.harvest.attachments.remove(&id);
    Ok(Answer::no_content())
}
