//! Applications: listed, made, changed, moved.

use serde_json::Value;

use super::ask::Ask;
use super::fields::Fields;
use super::list::{By, Wanted};
use super::problem::Problem;
use crate::answer::Answer;
use crate::greenhouse::recruiting::{Application, ApplicationStatus};
use crate::harvest::doings;
use crate::harvest::records::{ApplicationRecord, Times};
use crate::harvest::views;

/// What filters call it, and what answers do.
const STATUSES: [(&str, &str); 4] = [
    ("active", "in_process"),
    ("rejected", "rejected"),
    ("hired", "hired"),
    ("converted", "converted"),
];

fn shown(ask: &Ask<'_>, record: &ApplicationRecord) -> Value {
    let partners = ask.world.applications.get(&record.id);
    let stage = partners.and_then(|it| ask.world.stages.get(&it.stage_id));
    let mut shown = views::application(record, partners, stage);
    if !ask.settings().show_job_interview_stage_id
        && let Some(members) = shown.as_object_mut()
    {
        members.remove("job_interview_stage_id");
    }
    shown
}

fn records<'a>(ask: &'a Ask<'_>) -> impl Iterator<Item = &'a ApplicationRecord> {
    let (id, now) = (ask.organization_id(), ask.now);
    let all = ask.harvest().applications.values();
    // With a new candidate hidden, so are the applications that came along.
    let hidden = move |record: &ApplicationRecord| {
        let candidate = ask.harvest().candidates.get(&record.candidate_id);
        candidate.is_some_and(|candidate| candidate.visible_from > now)
    };
    all.filter(move |record| record.organization_id == id && !hidden(record))
}

/// `GET /applications`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let mut all: Vec<Value> = records(ask).map(|record| shown(ask, record)).collect();
    if let Some(value) = wanted.get("job_interview_stage_ids") {
        let ids = super::list::values("job_interview_stage_ids", value)?;
        let stage_of = |item: &Value| {
            let partners = ask.world.applications.get(&item["id"].as_u64()?);
            partners.map(|it| it.stage_id.to_string())
        };
        all.retain(|item| stage_of(item).is_some_and(|id| ids.contains(&id.as_str())));
    }
    let own = [
        ("candidate_ids", By::Ids("candidate_id")),
        ("job_ids", By::Ids("job_id")),
        ("prospective_job_ids", By::AnyId("prospective_job_ids")),
        ("stage_ids", By::Ids("stage_id")),
        ("job_interview_stage_ids", By::Otherwise),
        ("source_ids", By::Ids("source_id")),
        ("referrer_ids", By::Ids("referrer_id")),
        ("job_post_ids", By::Ids("job_post_id")),
        ("custom_field_option_id", By::Nothing),
        ("stage_name", By::Text("stage_name")),
        ("status", By::Word("status", &STATUSES)),
        ("prospect", By::Flag("prospect")),
        ("last_activity_at", By::Time("last_activity_at")),
    ];
    wanted.page(ask, all, &own)
}

/// `GET /application_stages`: where each application is, and was.
pub(super) fn stages(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let all: Vec<Value> = records(ask)
        .filter_map(|record| {
            let partners = ask.world.applications.get(&record.id)?;
            Some(views::application_stages(record, partners, ask.now))
        })
        .flatten()
        .collect();
    let own = [
        ("application_ids", By::Ids("application_id")),
        ("job_interview_stage_ids", By::Ids("job_interview_stage_id")),
        ("current", By::Flag("current")),
    ];
    wanted.page(ask, all, &own)
}

/// `POST /applications`
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let fields = ask.fields()?;
    let candidate_id = fields.required_id("candidate_id")?;
    let unknown = || Problem::field("candidate_id", "There is no such candidate.");
    ask.candidate(candidate_id).ok_or_else(unknown)?;
    check(ask, &fields)?;
    let made = add(ask, candidate_id, &fields)?;
    Ok(Answer::json(201, made))
}

/// A candidate's application names a job, a prospect's does not; members of both are refused.
pub(super) fn check(ask: &Ask<'_>, fields: &Fields) -> Result<(), Problem> {
    let prospect = fields.0.get("prospect") == Some(&Value::Bool(true));
    let foreign: &[&str] = if prospect {
        &["job_id", "initial_stage_id"]
    } else {
        &[
            "job_ids",
            "prospect_pool_id",
            "prospect_pool_stage_id",
            "prospect_owner_id",
        ]
    };
    if let Some(name) = foreign.iter().find(|name| fields.has(name)) {
        return Err(Problem::field(
            name,
            "It does not go with the other members.",
        ));
    }
    for member in ["recruiter_id", "coordinator_id", "prospect_owner_id"] {
        if let Some(id) = fields.id(member)? {
            ask.user(member, id)?;
        }
    }
    let no_job = |member| Problem::field(member, "There is no such job.");
    if prospect {
        let jobs = fields.ids("job_ids")?;
        let known = jobs.iter().all(|id| ask.has_job(*id));
        return if known {
            Ok(())
        } else {
            Err(no_job("job_ids"))
        };
    }
    let job = fields.required_id("job_id")?;
    if !ask.has_job(job) {
        return Err(no_job("job_id"));
    }
    match fields.id("initial_stage_id")? {
        Some(stage)
            if !ask
                .world
                .job(job)
                .is_ok_and(|job| job.stage_ids.contains(&stage)) =>
        {
            Err(Problem::field(
                "initial_stage_id",
                "The job has no such stage.",
            ))
        }
        _ => Ok(()),
    }
}

/// Adds what was checked; gives it as it is read.
pub(super) fn add(ask: &mut Ask<'_>, candidate_id: u64, fields: &Fields) -> Result<Value, Problem> {
    let (id, stage_id) = (ask.world.draw_id(), ask.world.draw_id());
    let job_id = fields.id("job_id")?;
    let record = ApplicationRecord {
        id,
        organization_id: ask.organization_id(),
        candidate_id,
        job_id,
        prospective_job_ids: fields.ids("job_ids")?,
        stage_id,
        entered_at: ask.now,
        past: Vec::new(),
        rejected_at: None,
        source_id: fields.id("source_id")?,
        recruiter_id: fields.id("recruiter_id")?,
        coordinator_id: fields.id("coordinator_id")?,
        prospect_owner_id: fields.id("prospect_owner_id")?,
        last_activity_at: ask.now,
        times: Times::at(ask.now),
    };
    if let Some(job_id) = job_id {
        let first = ask
            .world
            .job(job_id)
            .ok()
            .and_then(|job| job.stage_ids.first().copied());
        let stage = fields.id("initial_stage_id")?.or(first);
        let stage = stage.ok_or_else(|| Problem::field("job_id", "The job has no stages."))?;
        let partners = partners_half(ask, &record, job_id, stage);
        ask.world.applications.insert(id, partners);
    }
    ask.world.harvest.applications.insert(id, record.clone());
    doings::applied(ask.world, ask.now, id);
    Ok(shown(ask, &record))
}

/// The application as the partner's half knows it: so that tests can be sent to it.
fn partners_half(
    ask: &Ask<'_>,
    record: &ApplicationRecord,
    job_id: u64,
    stage_id: u64,
) -> Application {
    let candidate = ask.candidate(record.candidate_id);
    let text = |name| candidate.and_then(|it| it.text(name));
    let first = |name| candidate.and_then(|it| it.contact(name));
    let can_email = candidate.and_then(|it| it.members.get("can_email"));
    Application {
        application_id: record.id,
        person_id: record.candidate_id,
        job_id,
        stage_id,
        first_name: text("first_name").unwrap_or_default(),
        last_name: text("last_name").unwrap_or_default(),
        preferred_name: text("preferred_name"),
        email: first("email_addresses"),
        phone_number: first("phone_numbers"),
        resume_url: None,
        do_not_email: can_email == Some(&Value::Bool(false)),
        status: ApplicationStatus::Active,
    }
}

/// The application that the path names.
fn named(ask: &Ask<'_>) -> Result<ApplicationRecord, Problem> {
    let id = ask.id.ok_or_else(Problem::not_found)?;
    let record = ask.harvest().applications.get(&id);
    let theirs = record.filter(|record| record.organization_id == ask.organization_id());
    theirs.cloned().ok_or_else(Problem::not_found)
}

/// `PATCH /applications/{id}`
pub(super) fn update(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let mut record = named(ask)?;
    let fields = ask.fields()?;
    for member in ["recruiter_id", "coordinator_id"] {
        if let Some(id) = fields.id(member)? {
            ask.user(member, id)?;
        }
    }
    record.source_id = fields.id("source_id")?.or(record.source_id);
    record.recruiter_id = fields.id("recruiter_id")?.or(record.recruiter_id);
    record.coordinator_id = fields.id("coordinator_id")?.or(record.coordinator_id);
    record.times.updated_at = ask.now;
    record.last_activity_at = ask.now;
    let shown = shown(ask, &record);
    ask.world.harvest.applications.insert(record.id, record);
    Ok(Answer::json(200, shown))
}

/// `POST /applications/{id}/move`: compares where it is, then moves. The stage rules of the partner's half are not fired.
pub(super) fn move_on(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let record = named(ask)?;
    let fields = ask.fields()?;
    let from = fields.required_id("from_stage_id")?;
    let no_stage = || Problem::sentence("The application is in no stage.");
    let partners = ask
        .world
        .applications
        .get(&record.id)
        .ok_or_else(no_stage)?;
    if partners.status != ApplicationStatus::Active {
        return Err(Problem::sentence("The application is not in process."));
    }
    if from != partners.stage_id {
        let why = "The application is not in this stage.";
        return Err(Problem::parameter("from_stage_id", why));
    }
    let (job_id, stage_id) = target(ask, partners, &fields)?;
    if let Some(partners) = ask.world.applications.get_mut(&record.id) {
        (partners.job_id, partners.stage_id) = (job_id, stage_id);
    }
    let told = ask.settings().api_moves_tell;
    doings::moved(ask.world, ask.now, record.id, from, told);
    Ok(Answer::no_content())
}

/// Job and stage that a move leads to.
fn target(ask: &Ask<'_>, partners: &Application, fields: &Fields) -> Result<(u64, u64), Problem> {
    let (job, stage) = (fields.id("to_job_id")?, fields.id("to_stage_id")?);
    let job_id = job.unwrap_or(partners.job_id);
    if !ask.has_job(job_id) {
        return Err(Problem::field("to_job_id", "There is no such job."));
    }
    let plan = ask.world.job(job_id).map(|job| job.stage_ids.clone());
    let plan = plan.unwrap_or_default();
    let here = plan.iter().position(|id| *id == partners.stage_id);
    let next = if job.is_some() {
        plan.first()
    } else {
        here.and_then(|here| plan.get(here + 1))
    };
    let stage_id = match stage {
        Some(id) => plan.contains(&id).then_some(id),
        None => next.copied(),
    };
    let bad = || Problem::field("to_stage_id", "The job has no such stage.");
    Ok((job_id, stage_id.ok_or_else(bad)?))
}
