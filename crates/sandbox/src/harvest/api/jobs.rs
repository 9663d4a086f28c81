//! Jobs, their posts and the stages of their plans.

use serde_json::Value;

use super::ask::Ask;
use super::list::{By, Wanted};
use super::problem::Problem;
use crate::answer::Answer;
use crate::greenhouse::recruiting::Job;
use crate::harvest::views;

const STATUSES: [(&str, &str); 3] = [("open", "open"), ("draft", "draft"), ("closed", "closed")];

/// The organization's jobs. Confidential ones are hidden: nobody who calls is on a hiring team.
fn jobs_of<'a>(ask: &'a Ask<'_>) -> impl Iterator<Item = &'a Job> {
    let id = ask.organization_id();
    let jobs = ask.world.jobs.values();
    let hidden = move |job: &Job| {
        let record = ask.harvest().jobs.get(&job.id);
        record.is_some_and(|record| record.confidential)
    };
    jobs.filter(move |job| job.organization_id == id && !hidden(job))
}

/// `GET /jobs`
pub(super) fn jobs(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let records = &ask.harvest().jobs;
    let all: Vec<Value> = jobs_of(ask)
        .filter_map(|job| Some(views::job(job, records.get(&job.id)?)))
        .collect();
    let own = [
        ("status", By::Word("status", &STATUSES)),
        ("requisition_id", By::Text("requisition_id")),
        ("confidential", By::Flag("confidential")),
        ("opened_at", By::Time("opened_at")),
        ("closed_at", By::Time("closed_at")),
        ("department_id", By::Ids("department_id")),
        ("office_id", By::AnyId("office_ids")),
        ("custom_field_option_id", By::Nothing),
    ];
    wanted.page(ask, all, &own)
}

/// `GET /job_posts`; deleted ones only where they are asked for.
pub(super) fn job_posts(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let active_alone = wanted.get("active").is_none();
    let jobs: Vec<u64> = jobs_of(ask).map(|job| job.id).collect();
    let posts = ask.harvest().posts.values();
    let all: Vec<Value> = posts
        .filter(|post| jobs.contains(&post.job_id) && (post.active || !active_alone))
        .map(views::job_post)
        .collect();
    let own = [
        ("job_ids", By::Ids("job_id")),
        ("job_board_ids", By::Ids("job_board_id")),
        ("active", By::Flag("active")),
        ("live", By::Flag("live")),
        ("internal", By::Flag("internal")),
        ("featured", By::Flag("featured")),
    ];
    wanted.page(ask, all, &own)
}

/// `GET /job_interview_stages`
pub(super) fn stages(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let mut all: Vec<Value> = Vec::new();
    for job in jobs_of(ask) {
        let Some(record) = ask.harvest().jobs.get(&job.id) else {
            continue;
        };
        for (place, id) in job.stage_ids.iter().enumerate() {
            if let Ok(stage) = ask.world.stage(*id) {
                all.push(views::job_interview_stage(stage, place, record));
            }
        }
    }
    let own = [
        ("job_ids", By::Ids("job_id")),
        ("active", By::Flag("active")),
    ];
    wanted.page(ask, all, &own)
}
