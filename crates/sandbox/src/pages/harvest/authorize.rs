//! The page where a Site Admin lets an app in, as themselves or as a service account, or does not.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use url::Url;

use super::{Data, Form, Frame, Page, page, page_with, refused, see_other};
use crate::harvest::AUTH;
use crate::harvest::auth::authorization::{AuthorizationRequest, Consent, Turned};
use crate::world::World;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    let path = format!("{AUTH}/authorize");
    config
        .route(&path, web::get().to(show))
        .route(&path, web::post().to(decide));
}

struct Person {
    value: String,
    name: String,
    organization: String,
    role: &'static str,
}

#[derive(Template)]
#[template(path = "harvest/authorize.html")]
struct AuthorizePage {
    frame: Frame,
    app: String,
    scopes: Vec<String>,
    people: Vec<Person>,
    parameters: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "harvest/turned_away.html")]
struct TurnedAwayPage {
    frame: Frame,
    why: String,
}

async fn show(shared: Data, request: HttpRequest) -> Page {
    let asks = AuthorizationRequest::of_query(request.query_string());
    let checked = shared.change(|world, now| {
        world.sync_harvest(now);
        Ok((asks.check(world)?, people(world)))
    });
    let (asked, people) = match checked {
        Ok(checked) => checked,
        Err(turned) => return turned_page(&shared, turned),
    };
    let answer = page(&AuthorizePage {
        frame: Frame::of(&shared, format!("{} asks for access", asked.app.name)),
        app: asked.app.name,
        scopes: asked.scopes,
        people,
        parameters: asks.parameters(),
    })?;
    Ok(leading_to(answer, &asks.redirect_uri))
}

fn turned_page(shared: &Data, turned: Turned) -> Page {
    match turned {
        Turned::Back(url) => see_other(&url),
        Turned::Away(why) => {
            let frame = Frame::of(shared, "This app cannot be let in");
            page_with(StatusCode::BAD_REQUEST, &TurnedAwayPage { frame, why })
        }
    }
}

/// Everybody who may log in, the Site Admins of each organization first.
fn people(world: &World) -> Vec<Person> {
    let mut people = Vec::new();
    for organization in world.organizations.values() {
        let users = world.harvest.users_of(organization.id);
        let mut users: Vec<_> = users
            .filter(|user| !user.deactivated && !user.service_account)
            .collect();
        users.sort_by_key(|user| !user.site_admin);
        people.extend(users.into_iter().map(|user| Person {
            value: format!("{} {}", organization.id, user.id),
            name: user.name.clone(),
            organization: organization.name.clone(),
            role: if user.site_admin {
                "Site Admin"
            } else {
                "Basic"
            },
        }));
    }
    people
}

/// Browsers hold what answers a form against the form's own policy: the app's host has to be in it.
fn leading_to(mut answer: HttpResponse, redirect_uri: &str) -> HttpResponse {
    let origin = Url::parse(redirect_uri).map(|url| url.origin().ascii_serialization());
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
        origin.unwrap_or_default()
    );
    if let Ok(policy) = header::HeaderValue::from_str(&policy) {
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

async fn decide(shared: Data, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let asks = AuthorizationRequest::of_query(&String::from_utf8_lossy(&body));
    let asked = match shared.read(|world| asks.check(world)) {
        Ok(asked) => asked,
        Err(turned) => return turned_page(&shared, turned),
    };
    let decision = form.text("decision");
    if decision == "deny" {
        return see_other(&asks.deny());
    }
    let (organization, user) = form.text("person").split_once(' ').unwrap_or_default();
    let consent = Consent {
        organization_id: organization.parse().unwrap_or_default(),
        user_id: Some(user.parse().unwrap_or_default()),
        service_account: decision == "service_account",
    };
    match shared.change(|world, now| asks.accept(world, now, &asked, consent)) {
        Ok(url) => see_other(&url),
        Err(refusal) => refused(&refusal, "/"),
    }
}
