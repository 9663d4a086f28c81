//! Harvest's part of the control API.

mod people;
mod webhooks;

use actix_web::http::Method;
use actix_web::{Route, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{Answer, Data, Id, created, ok, parse};
use crate::faults::Faults;
use crate::harvest::auth::app::{self, NewApp};
use crate::harvest::auth::authorization::{AuthorizationRequest, Consent, Turned};
use crate::harvest::auth::tokens;
use crate::harvest::faults::CALLS;
use crate::harvest::office::Office;
use crate::harvest::setup::{self, NewJob, NewPost, NewUser};
use crate::harvest::views;
use crate::refusal::Refusal;
use crate::world::World;

/// Every route below `/control/greenhouse/harvest` with its method and path.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<(Method, &'static str, Route)> {
    let (get, post) = (|| web::get(), || web::post());
    let (patch, delete) = (|| web::patch(), || web::delete());
    vec![
        (Method::GET, "/control/greenhouse/harvest/apps", get().to(apps)),
        (Method::POST, "/control/greenhouse/harvest/apps", post().to(register)),
        (Method::DELETE, "/control/greenhouse/harvest/apps/{id}", delete().to(remove)),
        (Method::POST, "/control/greenhouse/harvest/authorize", post().to(authorize)),
        (Method::GET, "/control/greenhouse/harvest/organizations/{id}", get().to(one)),
        (Method::PATCH, "/control/greenhouse/harvest/organizations/{id}", patch().to(change)),
        (Method::GET, "/control/greenhouse/harvest/organizations/{id}/grants", get().to(grants)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/revoke", post().to(revoke)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/expire-access-tokens", post().to(expire)),
        (Method::GET, "/control/greenhouse/harvest/organizations/{id}/allowance", get().to(allowance)),
        (Method::DELETE, "/control/greenhouse/harvest/organizations/{id}/allowance", delete().to(clear_allowance)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/users", post().to(add_user)),
        (Method::PATCH, "/control/greenhouse/harvest/users/{id}", patch().to(change_user)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/jobs", post().to(add_job)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/jobs/bulk", post().to(add_jobs)),
        (Method::POST, "/control/greenhouse/harvest/jobs/{id}/posts", post().to(add_post)),
        (Method::GET, "/control/greenhouse/harvest/organizations/{id}/faults", get().to(faults)),
        (Method::PUT, "/control/greenhouse/harvest/organizations/{id}/faults", web::put().to(set_faults)),
        (Method::GET, "/control/greenhouse/harvest/organizations/{id}/candidates", get().to(people::all)),
        (Method::GET, "/control/greenhouse/harvest/candidates/{id}", get().to(people::one)),
        (Method::DELETE, "/control/greenhouse/harvest/candidates/{id}", delete().to(people::delete)),
        (Method::POST, "/control/greenhouse/harvest/candidates/{id}/merge", post().to(people::merge)),
        (Method::POST, "/control/greenhouse/harvest/candidates/{id}/anonymize", post().to(people::anonymize)),
        (Method::DELETE, "/control/greenhouse/harvest/applications/{id}", delete().to(people::delete_application)),
        (Method::GET, "/control/greenhouse/harvest/organizations/{id}/webhooks", get().to(webhooks::all)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/webhooks", post().to(webhooks::create)),
        (Method::PATCH, "/control/greenhouse/harvest/webhooks/{id}", patch().to(webhooks::change)),
        (Method::DELETE, "/control/greenhouse/harvest/webhooks/{id}", delete().to(webhooks::remove)),
        (Method::POST, "/control/greenhouse/harvest/webhooks/{id}/forge", post().to(webhooks::forge)),
        (Method::GET, "/control/greenhouse/harvest/organizations/{id}/deliveries", get().to(webhooks::deliveries)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/deliveries/release", post().to(webhooks::release)),
        (Method::POST, "/control/greenhouse/harvest/organizations/{id}/deliveries/drop", post().to(webhooks::lose)),
        (Method::GET, "/control/greenhouse/harvest/deliveries/{id}", get().to(webhooks::delivery)),
        (Method::POST, "/control/greenhouse/harvest/deliveries/{id}/duplicate", post().to(webhooks::duplicate)),
    ]
}

async fn apps(shared: Data) -> Answer {
    let all: Vec<Value> = shared.read(|world| {
        let apps = world.harvest.apps.values();
        apps.map(views::app).collect()
    });
    ok(json!({"apps": all}))
}

async fn register(shared: Data, body: web::Bytes) -> Answer {
    let new: NewApp = parse(&body)?;
    let app = shared.change(|world, _| app::register(world, new))?;
    created(views::app(&app))
}

async fn remove(shared: Data, id: web::Path<String>) -> Answer {
    let gone = shared.change(|world, _| world.harvest.apps.remove(id.as_str()));
    gone.ok_or_else(|| Refusal::unknown("app", &*id))?;
    ok(json!({}))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    #[default]
    Accept,
    Deny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authorize {
    url: Url,
    organization_id: u64,
    #[serde(default)]
    user_id: Option<u64>,
    #[serde(default)]
    service_account: bool,
    #[serde(default)]
    decision: Decision,
}

/// What the consent page does, without a browser.
async fn authorize(shared: Data, body: web::Bytes) -> Answer {
    let order: Authorize = parse(&body)?;
    let request = AuthorizationRequest::of_query(order.url.query().unwrap_or_default());
    let redirect_to = shared.change(|world, now| {
        let asked = match request.check(world) {
            Ok(asked) => asked,
            Err(Turned::Back(url)) => return Ok(url),
            Err(Turned::Away(why)) => return Err(Refusal::Conflict(why)),
        };
        let consent = Consent {
            organization_id: order.organization_id,
            user_id: order.user_id,
            service_account: order.service_account,
        };
        match order.decision {
            Decision::Deny => Ok(request.deny()),
            Decision::Accept => request.accept(world, now, &asked, consent),
        }
    })?;
    ok(json!({"redirect_to": redirect_to}))
}

/// An organization's Harvest, with its people.
fn shown(world: &World, id: u64) -> Result<Value, Refusal> {
    let organization = world.organization(id)?;
    let users: Vec<Value> = world.harvest.users_of(id).map(views::user).collect();
    Ok(json!({
        "id": id,
        "name": organization.name,
        "settings": world.harvest.settings_of(id),
        "users": users,
    }))
}

/// The organization as it is once `alter` was done.
fn altered(
    shared: &Data,
    id: u64,
    alter: impl FnOnce(&mut Office) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    shared.change(|world, now| {
        world.sync_harvest(now);
        alter(world.office_mut(id)?)?;
        shown(world, id)
    })
}

async fn one(shared: Data, id: Id) -> Answer {
    ok(altered(&shared, *id, |_| Ok(()))?)
}

async fn change(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let change: Map<String, Value> = parse(&body)?;
    ok(altered(&shared, *id, |office| {
        office.settings = office.settings.changed(change)?;
        Ok(())
    })?)
}

async fn grants(shared: Data, id: Id) -> Answer {
    let now = shared.now();
    let grants = shared.read(|world| {
        world.organization(*id)?;
        let all = world.harvest.grants.values();
        let of_organization = all.filter(|grant| grant.organization_id == *id);
        let shown = of_organization.map(|grant| views::grant(grant, now));
        Ok::<_, Refusal>(shown.collect::<Vec<_>>())
    })?;
    ok(json!({"grants": grants}))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Revoke {
    client_id: Option<String>,
}

async fn revoke(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Revoke = parse(&body)?;
    let revoked = shared.change(|world, now| {
        world.organization(*id)?;
        let app = order.client_id.as_deref();
        Ok::<_, Refusal>(tokens::revoke(world, now, *id, app))
    })?;
    ok(json!({"revoked": revoked}))
}

async fn expire(shared: Data, id: Id) -> Answer {
    let expired = shared.change(|world, now| {
        world.organization(*id)?;
        Ok::<_, Refusal>(tokens::expire(world, now, *id))
    })?;
    ok(json!({"expired": expired}))
}

async fn allowance(shared: Data, id: Id) -> Answer {
    let shown = shared.read(|world| {
        world.organization(*id)?;
        let office = world.harvest.offices.get(&id);
        let by_app = office.into_iter().flat_map(|office| &office.allowances);
        let by_app: Map<String, Value> = by_app
            .map(|(app, allowance)| {
                let (calls, refused, most) = allowance.sums();
                let names = &allowance.by_name;
                let shown = json!({"calls": calls, "refused": refused, "largest_window": most, "calls_by_name": names});
                (app.clone(), shown)
            })
            .collect();
        Ok::<_, Refusal>(by_app)
    })?;
    ok(json!({"apps": shown}))
}

async fn clear_allowance(shared: Data, id: Id) -> Answer {
    altered(&shared, *id, |office| {
        office.allowances.clear();
        Ok(())
    })?;
    ok(json!({}))
}

async fn add_user(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let new: NewUser = parse(&body)?;
    let user = shared.change(|world, now| {
        world.sync_harvest(now);
        let user = setup::create_user(world, now, *id, new)?;
        Ok::<_, Refusal>(views::user(&world.harvest.users[&user]))
    })?;
    created(user)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserChange {
    #[serde(default)]
    site_admin: Option<bool>,
    #[serde(default)]
    deactivated: Option<bool>,
}

async fn change_user(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let change: UserChange = parse(&body)?;
    let user = shared.change(|world, now| {
        let user = world.harvest.users.get_mut(&id);
        let user = user.ok_or_else(|| Refusal::unknown("user", *id))?;
        user.site_admin = change.site_admin.unwrap_or(user.site_admin);
        user.deactivated = change.deactivated.unwrap_or(user.deactivated);
        user.times.updated_at = now;
        Ok::<_, Refusal>(views::user(user))
    })?;
    ok(user)
}

/// A job as Harvest has it, with its stages.
fn job(world: &World, id: u64) -> Result<Value, Refusal> {
    let job = world.job(id)?;
    let record = world.harvest.jobs.get(&id);
    let record = record.ok_or_else(|| Refusal::unknown("job", id))?;
    let mut shown = views::job(job, record);
    let stages = job.stage_ids.iter().filter_map(|id| world.stage(*id).ok());
    let stages = stages.map(|stage| json!({"id": stage.id, "name": stage.name}));
    shown["stages"] = stages.collect();
    let posts = world.harvest.posts.values();
    let posts = posts.filter(|post| post.job_id == id).map(views::job_post);
    shown["posts"] = posts.collect();
    Ok(shown)
}

async fn add_job(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let new: NewJob = parse(&body)?;
    let made = shared.change(|world, now| {
        world.sync_harvest(now);
        let made = setup::create_job(world, now, *id, new)?;
        job(world, made)
    })?;
    created(made)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    count: usize,
}

/// Jobs "Job 1", "Job 2", …, each with one live post.
async fn add_jobs(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let Many { count } = parse(&body)?;
    if count > 5_000 {
        return Err(Refusal::field("count", "At most 5,000 jobs are made at once.").into());
    }
    let ids = shared.change(|world, now| {
        world.sync_harvest(now);
        let made = (1..=count).map(|number| {
            let job = json!({
                "name": format!("Job {number}"),
                "requisition_id": format!("R-{number}"),
                "posts": [{"title": format!("Position {number}"), "content": "<p>Come and <b>build</b>.</p>"}],
            });
            let job: NewJob = serde_json::from_value(job).expect("it is written above");
            setup::create_job(world, now, *id, job)
        });
        made.collect::<Result<Vec<u64>, Refusal>>()
    })?;
    created(json!({"ids": ids}))
}

async fn add_post(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let new: NewPost = parse(&body)?;
    let post = shared.change(|world, now| {
        let post = setup::add_post(world, now, *id, new)?;
        Ok::<_, Refusal>(views::job_post(&world.harvest.posts[&post]))
    })?;
    created(post)
}

async fn faults(shared: Data, id: Id) -> Answer {
    let faults = shared.read(|world| {
        world.organization(*id)?;
        let office = world.harvest.offices.get(&id);
        Ok::<_, Refusal>(
            office
                .map(|office| office.faults.clone())
                .unwrap_or_default(),
        )
    })?;
    ok(faults)
}

async fn set_faults(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let faults: Faults = parse(&body)?;
    faults.check(CALLS)?;
    altered(&shared, *id, |office| {
        office.faults = faults;
        Ok(())
    })?;
    self::faults(shared, id).await
}
