//! Postings: titles, places, and the tags that their candidates inherit.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page};
use crate::lever::account::Posting;
use crate::lever::settings::PostingTags;
use crate::lever::setup::{self, PostingFields};
use crate::lever::world::Lever;
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}/postings", web::get().to(list))
        .route("/lever/accounts/{id}/postings", web::post().to(add))
        .route("/lever/postings/{id}", web::get().to(show))
        .route("/lever/postings/{id}", web::post().to(change))
        .route("/lever/postings/{id}/tags", web::post().to(add_tag))
        .route(
            "/lever/postings/{id}/tags/remove",
            web::post().to(remove_tag),
        );
}

struct PostingLine {
    id: String,
    text: String,
    place: String,
    tags: Vec<String>,
    people: usize,
}

#[derive(Template)]
#[template(path = "lever/postings.html")]
struct PostingsPage {
    frame: Frame,
    tabs: Tabs,
    postings: Vec<PostingLine>,
}

async fn list(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        let postings = world.lever.postings_of(&id);
        Ok::<_, Refusal>(PostingsPage {
            frame: Frame::of(&shared, format!("Postings of {}", account.name)),
            tabs: Tabs::of(account, "Postings"),
            postings: postings
                .map(|posting| line(&world.lever, posting))
                .collect(),
        })
    })?;
    page(&template)
}

fn line(lever: &Lever, posting: &Posting) -> PostingLine {
    let parts = [
        &posting.team,
        &posting.department,
        &posting.location,
        &posting.commitment,
    ];
    let parts: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    let linked = lever.opportunities.values();
    let linked = linked.filter(|linked| linked.posting_id() == Some(&posting.id));
    PostingLine {
        id: posting.id.clone(),
        text: posting.text.clone(),
        place: parts.join(" · "),
        tags: posting.tags.clone(),
        people: linked.count(),
    }
}

fn fields(form: &Form) -> PostingFields {
    PostingFields {
        text: Some(form.owned("text")),
        team: Some(form.owned("team")),
        department: Some(form.owned("department")),
        location: Some(form.owned("location")),
        commitment: Some(form.owned("commitment")),
        ..PostingFields::default()
    }
}

async fn add(shared: Data, id: Id, body: web::Bytes) -> Page {
    let fields = fields(&Form::read(&body));
    act(
        &shared,
        &format!("/lever/accounts/{id}/postings"),
        |lever, now| setup::create_posting(lever, now, &id, fields).map(|_| ()),
    )
}

#[derive(Template)]
#[template(path = "lever/posting.html")]
struct PostingPage {
    frame: Frame,
    tabs: Tabs,
    posting: Posting,
    live_tags: bool,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let posting = world.lever.posting(&id)?.clone();
        let account = world.lever.account(&posting.account_id)?;
        Ok::<_, Refusal>(PostingPage {
            frame: Frame::of(&shared, posting.text.clone()),
            tabs: Tabs::of(account, "Postings"),
            live_tags: account.settings.posting_tags == PostingTags::Live,
            posting,
        })
    })?;
    page(&template)
}

async fn change(shared: Data, id: Id, body: web::Bytes) -> Page {
    let fields = fields(&Form::read(&body));
    act(&shared, &format!("/lever/postings/{id}"), |lever, now| {
        setup::change_posting(lever, now, &id, fields)
    })
}

async fn add_tag(shared: Data, id: Id, body: web::Bytes) -> Page {
    let tag = Form::read(&body).owned("tag");
    change_tags(&shared, &id, |tags| {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    })
}

async fn remove_tag(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let tag = form.all("tag").next().unwrap_or_default();
    change_tags(&shared, &id, |tags| tags.retain(|known| known != tag))
}

fn change_tags(shared: &Data, id: &str, alter: impl FnOnce(&mut Vec<String>)) -> Page {
    act(shared, &format!("/lever/postings/{id}"), |lever, now| {
        let mut tags = lever.posting(id)?.tags.clone();
        alter(&mut tags);
        let fields = PostingFields {
            tags: Some(tags),
            ..PostingFields::default()
        };
        setup::change_posting(lever, now, id, fields)
    })
}
