//! A job as Harvest has it: its state, and its posts.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, act, page};
use crate::harvest::records::JobPost;
use crate::harvest::setup::{self, NewPost};
use crate::pages::Choice;
use crate::refusal::Refusal;

const STATUSES: [(&str, &str); 3] = [("open", "Open"), ("draft", "Draft"), ("closed", "Closed")];

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/jobs/{id}/posts", web::get().to(show))
        .route("/jobs/{id}/posts", web::post().to(add))
        .route("/jobs/{id}/harvest", web::post().to(save));
}

struct PostLine {
    title: String,
    marks: Vec<&'static str>,
    content: String,
}

#[derive(Template)]
#[template(path = "harvest/posts.html")]
struct PostsPage {
    frame: Frame,
    id: u64,
    job: String,
    requisition_id: String,
    confidential: bool,
    statuses: Vec<Choice>,
    posts: Vec<PostLine>,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.change(|world, now| {
        world.sync_harvest(now);
        let job = world.job(*id)?;
        let record = world.harvest.jobs.get(&id);
        let record = record.ok_or_else(|| Refusal::unknown("job", *id))?;
        let posts = world.harvest.posts.values();
        let posts = posts.filter(|post| post.job_id == *id);
        Ok::<_, Refusal>(PostsPage {
            frame: Frame::of(&shared, format!("Posts of {}", job.name)),
            id: *id,
            job: job.name.clone(),
            requisition_id: record.requisition_id.clone().unwrap_or_default(),
            confidential: record.confidential,
            statuses: Choice::among(&STATUSES, &record.status),
            posts: posts.map(line).collect(),
        })
    })?;
    page(&template)
}

fn line(post: &JobPost) -> PostLine {
    let marks = [
        (post.live, "Live"),
        (post.internal, "Internal"),
        (!post.active, "Deleted"),
    ];
    PostLine {
        title: post.title.clone(),
        marks: marks
            .into_iter()
            .filter_map(|(is, mark)| is.then_some(mark))
            .collect(),
        content: post.content.clone().unwrap_or_default(),
    }
}

async fn add(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let new = NewPost {
        title: form.owned("title"),
        content: form.given("content"),
        internal: form.ticked("internal"),
        active: true,
        live: form.ticked("live"),
        language: None,
    };
    act(&shared, &format!("/jobs/{id}/posts"), |world, now| {
        setup::add_post(world, now, *id, new).map(drop)
    })
}

async fn save(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let status = form.owned("status");
    act(&shared, &format!("/jobs/{id}/posts"), |world, now| {
        setup::change_job(world, now, *id, &status, |record| {
            record.requisition_id = form.given("requisition_id");
            record.confidential = form.ticked("confidential");
        })
    })
}
