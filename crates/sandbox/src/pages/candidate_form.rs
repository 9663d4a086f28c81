//! Adding and editing a candidate.

use actix_web::web;
use askama::Template;

use super::form::Form;
use super::{Choice, Data, Frame, Id, Page, page, page_with, see_other};
use crate::greenhouse::recruiting::{Application, Stage};
use crate::greenhouse::setup::{self, CandidateFields};
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Registers the pages.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/jobs/{id}/candidates/new", web::get().to(new))
        .route("/jobs/{id}/candidates", web::post().to(add))
        .route("/candidates/{id}/edit", web::get().to(edit))
        .route("/candidates/{id}", web::post().to(save));
}

struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "candidate_form.html")]
struct FormPage {
    frame: Frame,
    problem: Option<String>,
    action: String,
    back: String,
    back_label: String,
    stages: Vec<Choice>,
    fields: Vec<Field>,
    do_not_email: bool,
}

const FIELDS: [(&str, &str); 6] = [
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("email", "E-mail address"),
    ("preferred_name", "Preferred name (optional)"),
    ("phone_number", "Phone number (optional)"),
    ("resume_url", "Link to a résumé (optional)"),
];

async fn new(shared: Data, id: Id) -> Page {
    page(&new_page(&shared, *id, None, &Form::read(b""))?)
}

fn new_page(
    shared: &Shared,
    job_id: u64,
    problem: Option<String>,
    form: &Form,
) -> Result<FormPage, Refusal> {
    let chosen: Option<u64> = form.number("stage_id");
    shared.read(|world| {
        let job = world.job(job_id)?;
        let stage = |stage: &Stage| Choice {
            value: stage.id.to_string(),
            label: stage.name.clone(),
            chosen: chosen == Some(stage.id),
        };
        Ok(FormPage {
            frame: Frame::of(shared, "Add candidate"),
            problem,
            action: format!("/jobs/{job_id}/candidates"),
            back: format!("/jobs/{job_id}"),
            back_label: job.name.clone(),
            stages: job
                .stage_ids
                .iter()
                .flat_map(|id| world.stage(*id))
                .map(stage)
                .collect(),
            fields: entered(form),
            do_not_email: form.ticked("do_not_email"),
        })
    })
}

fn entered(form: &Form) -> Vec<Field> {
    let field = |(name, label): (&'static str, &'static str)| Field {
        name,
        label,
        value: form.owned(name),
    };
    FIELDS.into_iter().map(field).collect()
}

fn candidate_fields(form: &Form) -> CandidateFields {
    CandidateFields {
        first_name: Some(form.owned("first_name")),
        last_name: Some(form.owned("last_name")),
        preferred_name: Some(form.owned("preferred_name")),
        email: Some(form.owned("email")),
        phone_number: Some(form.owned("phone_number")),
        resume_url: Some(form.owned("resume_url")),
        do_not_email: Some(form.ticked("do_not_email")),
    }
}

async fn add(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let stage_id = form.number("stage_id");
    let added = shared.change(|world, now| {
        setup::add_candidate(world, now, *id, stage_id, candidate_fields(&form))
    });
    match added {
        Ok(_) => see_other(&format!("/jobs/{id}")),
        Err(refusal) => page_with(
            refusal.status(),
            &new_page(&shared, *id, Some(refusal.to_string()), &form)?,
        ),
    }
}

async fn edit(shared: Data, id: Id) -> Page {
    let application = shared.read(|world| world.application(*id).cloned())?;
    let values = [
        application.first_name.clone(),
        application.last_name.clone(),
        application.email.clone().unwrap_or_default(),
        application.preferred_name.clone().unwrap_or_default(),
        application.phone_number.clone().unwrap_or_default(),
        application.resume_url.clone().unwrap_or_default(),
    ];
    let fields = FIELDS.into_iter().zip(values);
    let fields = fields.map(|((name, label), value)| Field { name, label, value });
    page(&edit_page(
        &shared,
        *id,
        None,
        fields.collect(),
        application.do_not_email,
    )?)
}

fn edit_page(
    shared: &Shared,
    id: u64,
    problem: Option<String>,
    fields: Vec<Field>,
    do_not_email: bool,
) -> Result<FormPage, Refusal> {
    let name = shared.read(|world| world.application(id).map(Application::name))?;
    Ok(FormPage {
        frame: Frame::of(shared, "Edit candidate"),
        problem,
        action: format!("/candidates/{id}"),
        back: format!("/candidates/{id}"),
        back_label: name,
        stages: Vec::new(),
        fields,
        do_not_email,
    })
}

async fn save(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let saved = shared
        .change(|world, now| setup::change_candidate(world, now, *id, candidate_fields(&form)));
    match saved {
        Ok(()) => see_other(&format!("/candidates/{id}")),
        Err(refusal) => {
            let problem = Some(refusal.to_string());
            let do_not_email = form.ticked("do_not_email");
            let page = edit_page(&shared, *id, problem, entered(&form), do_not_email)?;
            page_with(refusal.status(), &page)
        }
    }
}
