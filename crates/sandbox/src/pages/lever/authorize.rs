//! The page where a Super Admin lets an app in, or does not.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use url::Url;

use super::{Data, Form, Frame, Page, page, page_with, refused, see_other};
use crate::lever::auth::authorization::{Asked, AuthorizationRequest, Turned};
use crate::lever::auth::scopes;
use crate::lever::world::Lever;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/auth/authorize", web::get().to(show))
        .route("/lever/auth/authorize", web::post().to(decide));
}

struct Person {
    value: String,
    name: String,
    account: String,
    email: String,
}

#[derive(Template)]
#[template(path = "lever/authorize.html")]
struct AuthorizePage {
    frame: Frame,
    app: String,
    permissions: Vec<(String, String)>,
    people: Vec<Person>,
    parameters: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "lever/turned_away.html")]
struct TurnedAwayPage {
    frame: Frame,
    why: String,
}

async fn show(shared: Data, request: HttpRequest) -> Page {
    let asks = AuthorizationRequest::of_query(request.query_string());
    let audience = shared.link("/lever/v1/");
    let checked = shared.read(|world| {
        let asked = asks.check(&world.lever, &audience)?;
        Ok((asked, people(&world.lever)))
    });
    let (asked, people) = match checked {
        Ok(checked) => checked,
        Err(turned) => return turned_page(&shared, turned),
    };
    let answer = page(&AuthorizePage {
        frame: Frame::of(&shared, format!("{} asks for access", asked.app.name)),
        app: asked.app.name.clone(),
        permissions: permissions(&asked),
        people,
        parameters: owned(&asks),
    })?;
    Ok(leading_to(answer, &asks.redirect_uri))
}

fn turned_page(shared: &Data, turned: Turned) -> Page {
    match turned {
        Turned::Back(url) => see_other(&url),
        Turned::Away(why) => {
            let frame = Frame::of(shared, "undefined");
            page_with(StatusCode::BAD_REQUEST, &TurnedAwayPage { frame, why })
        }
    }
}

fn permissions(asked: &Asked) -> Vec<(String, String)> {
    let scopes = asked.scopes.iter();
    scopes
        .map(|scope| (scopes::words(scope), scope.clone()))
        .collect()
}

fn owned(asks: &AuthorizationRequest) -> Vec<(&'static str, String)> {
    let parameters = asks.parameters().into_iter();
    parameters
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}

/// Every active Super Admin of every account.
fn people(lever: &Lever) -> Vec<Person> {
    let accounts = lever.accounts.values();
    let people = accounts.flat_map(|account| {
        let users = account.users.iter().filter(|user| user.may_authorise());
        users.map(|user| Person {
            value: format!("{} {}", account.id, user.id),
            name: user.name.clone(),
            account: account.name.clone(),
            email: user.email.clone(),
        })
    });
    people.collect()
}

/// Browsers hold what answers a form against the form's own policy: the app's host has to be in it.
fn leading_to(mut answer: HttpResponse, redirect_uri: &str) -> HttpResponse {
    let origin = Url::parse(redirect_uri).map(|url| url.origin().ascii_serialization());
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
        origin.unwrap_or_default()
    );
    if let Ok(policy) = header::HeaderValue::from_str(&policy) {
        answer
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

async fn decide(shared: Data, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let asks = AuthorizationRequest::of_query(&String::from_utf8_lossy(&body));
    let audience = shared.link("/lever/v1/");
    let asked = match shared.read(|world| asks.check(&world.lever, &audience)) {
        Ok(asked) => asked,
        Err(turned) => return turned_page(&shared, turned),
    };
    if form.text("decision") != "accept" {
        return see_other(&asks.deny());
    }
    let (account_id, user_id) = form.text("person").split_once(' ').unwrap_or_default();
    let accepted = shared.change(|world, now| {
        let now = now.timestamp_millis();
        asks.accept(&mut world.lever, now, &asked, account_id, Some(user_id))
    });
    match accepted {
        Ok(url) => see_other(&url),
        Err(refusal) => refused(&refusal, "/lever"),
    }
}
