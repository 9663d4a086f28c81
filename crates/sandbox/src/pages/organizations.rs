//! Connecting an organization to its assessment partner.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::form::Form;
use super::harvest::Tabs;
use super::{Choice, Data, Frame, Id, Page, page, page_with, refused, see_other};
use crate::call_log::Call;
use crate::control::carry_out;
use crate::greenhouse::organization::{Dialect, DialectYear, Organization};
use crate::greenhouse::setup::{self, OrganizationChange};
use crate::greenhouse::validator::TestItem;
use crate::greenhouse::vendor;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::shared::Shared;
use crate::world::World;

const PATCH_AUTH: [(&str, &str); 4] = [
    ("org_key", "the organization's key"),
    ("partner_pair", "the partner's user name and password"),
    ("either", "either of them"),
    ("none", "anything, even no credential"),
];

const DIALECTS: [(&str, &str); 5] = [
    ("2025", "2025: today's"),
    ("2024", "2024: no preferred name"),
    ("2019", "2019: url inside candidate"),
    ("2016", "2016: ids as numbers, no url"),
    ("keep", "as set by the control API"),
];

const POLLING: [(&str, &str); 3] = [
    ("patch_only", "on PATCH (partners since October 2019)"),
    ("legacy", "hourly (older partners)"),
    ("both", "on PATCH and hourly"),
];

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/organizations/new", web::get().to(new))
        .route("/organizations", web::post().to(create))
        .route("/organizations/{id}", web::get().to(show))
        .route("/organizations/{id}", web::post().to(save))
        .route(
            "/organizations/{id}/test-connection",
            web::post().to(test_connection),
        )
        .route("/organizations/{id}/rotate-key", web::post().to(rotate_key));
}

struct Fields {
    name: String,
    partner_name: String,
    base_url: String,
    key_shown: String,
    partner_username: String,
    details_open: bool,
    patch_auth: Vec<Choice>,
    dialect: Vec<Choice>,
    polling: Vec<Choice>,
    switches: Vec<Choice>,
}

struct LastTest {
    good: bool,
    words: String,
    sequence: u64,
}

struct Connection {
    id: u64,
    tabs: Tabs,
    last: Option<LastTest>,
    tests: Vec<TestItem>,
    urls: Vec<(&'static str, String)>,
    next_key: Option<String>,
}

#[derive(Template)]
#[template(path = "organization.html")]
struct OrganizationPage {
    frame: Frame,
    problem: Option<String>,
    connection: Option<Connection>,
    action: String,
    form: Fields,
}

async fn new(shared: Data) -> Page {
    let blank = Organization {
        partner_name: String::new(),
        ..Organization::named(0, String::new())
    };
    page(&OrganizationPage {
        frame: Frame::of(&shared, "Connect an assessment partner"),
        problem: None,
        connection: None,
        action: "/organizations".to_owned(),
        form: fields(&blank),
    })
}

async fn create(shared: Data, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let made = shared.change(|world, _| setup::create_organization(world, change(&form)));
    let id = match made {
        Ok(id) => id,
        Err(refusal) => {
            let page = OrganizationPage {
                frame: Frame::of(&shared, "Connect an assessment partner"),
                problem: Some(refusal.to_string()),
                connection: None,
                action: "/organizations".to_owned(),
                form: entered(&Organization::named(0, String::new()), &form),
            };
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    run_test(shared, id).await;
    see_other(&format!("/organizations/{id}"))
}

async fn show(shared: Data, id: Id) -> Page {
    let (organization, connection) = look(&shared, *id)?;
    page(&OrganizationPage {
        frame: Frame::of(&shared, organization.name.clone()),
        problem: None,
        connection: Some(connection),
        action: format!("/organizations/{id}"),
        form: fields(&organization),
    })
}

async fn save(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let saved = shared.change(|world, _| setup::change_organization(world, *id, change(&form)));
    let Err(refusal) = saved else {
        return see_other(&format!("/organizations/{id}"));
    };
    let (organization, connection) = look(&shared, *id)?;
    let page = OrganizationPage {
        frame: Frame::of(&shared, organization.name.clone()),
        problem: Some(refusal.to_string()),
        connection: Some(connection),
        action: format!("/organizations/{id}"),
        form: entered(&organization, &form),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn test_connection(shared: Data, id: Id) -> Page {
    shared.read(|world| world.organization(*id).map(|_| ()))?;
    run_test(shared, *id).await;
    see_other(&format!("/organizations/{id}"))
}

/// The outcome stands in the log, from where the page shows it.
async fn run_test(shared: Data, id: u64) {
    let inner = shared.into_inner();
    let _ = carry_out(async move { vendor::open_picker(&inner, id).await }).await;
}

async fn rotate_key(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let key = Secret(form.owned("key"));
    let hours: u32 = form.number("delay_hours").unwrap_or_default();
    let seconds = hours.saturating_mul(3_600);
    let rotated = shared.change(|world, now| setup::rotate_key(world, now, *id, &key, seconds));
    let back = format!("/organizations/{id}");
    match rotated {
        Ok(()) => see_other(&back),
        Err(refusal) => refused(&refusal, &back),
    }
}

fn look(shared: &Shared, id: u64) -> Result<(Organization, Connection), Refusal> {
    shared.read(|world| {
        let organization = world.organization(id)?;
        Ok((organization.clone(), connection(world, organization)))
    })
}

fn connection(world: &World, organization: &Organization) -> Connection {
    let is_test =
        |call: &&Call| call.call == "list_tests" && call.organization_id == Some(organization.id);
    let urls = organization.endpoints.iter().flat_map(|endpoints| {
        [
            ("List tests", endpoints.list_tests.to_string()),
            ("Send test", endpoints.send_test.to_string()),
            ("Test status", endpoints.test_status.to_string()),
            ("Response errors", endpoints.response_error.to_string()),
        ]
    });
    let next_key = organization.next_key.as_ref().map(|next| {
        format!(
            "{}, entered at {}",
            next.key.shortened(),
            next.from.format("%-d %b %Y, %H:%M UTC")
        )
    });
    Connection {
        id: organization.id,
        tabs: Tabs::of(organization, "Assessment partner"),
        last: world
            .log
            .iter()
            .rev()
            .find(is_test)
            .map(|call| last_test(call, organization)),
        tests: organization.tests.clone(),
        urls: urls.collect(),
        next_key,
    }
}

fn last_test(call: &Call, organization: &Organization) -> LastTest {
    let failure = vendor::failure(call);
    LastTest {
        good: failure.is_none(),
        words: match failure {
            Some(failure) => format!("{failure}."),
            None => match organization.tests.len() {
                1 => "1 test offered.".to_owned(),
                count => format!("{count} tests offered."),
            },
        },
        sequence: call.sequence,
    }
}

fn fields(organization: &Organization) -> Fields {
    let dialect = dialect_name(&organization.dialect);
    let known = if dialect == "keep" {
        &DIALECTS[..]
    } else {
        &DIALECTS[..4]
    };
    let switch = |value: &str, label: &str, chosen: bool| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen,
    };
    Fields {
        name: organization.name.clone(),
        partner_name: organization.partner_name.clone(),
        base_url: organization.base_url.clone().unwrap_or_default(),
        key_shown: organization
            .key
            .as_ref()
            .map(Secret::shortened)
            .unwrap_or_default(),
        partner_username: organization.partner_username.clone().unwrap_or_default(),
        details_open: false,
        patch_auth: Choice::among(&PATCH_AUTH, &word(&organization.patch_auth)),
        dialect: Choice::among(known, dialect),
        polling: Choice::among(&POLLING, &word(&organization.polling)),
        switches: vec![
            switch(
                "strict",
                "Strict: numbers as ids are malformed",
                organization.strict,
            ),
            switch(
                "notify_failures",
                "Report failed calls too, not only malformed answers",
                organization.notify_failures,
            ),
            switch(
                "read_before_answer",
                "Read the status before the PATCH is answered",
                organization.read_before_answer,
            ),
            switch(
                "reread_complete",
                "Read again when a complete test is PATCHed",
                organization.reread_complete,
            ),
            switch(
                "accept_private_results",
                "Show results whose link names a private host (the real one hides them)",
                organization.shows_private_results(),
            ),
        ],
    }
}

/// The form as it was sent, so that nothing typed is lost.
fn entered(organization: &Organization, form: &Form) -> Fields {
    let mut fields = fields(organization);
    fields.name = form.owned("name");
    fields.partner_name = form.owned("partner_name");
    fields.base_url = form.owned("base_url");
    fields.partner_username = form.owned("partner_username");
    fields.patch_auth = Choice::among(&PATCH_AUTH, form.text("patch_auth"));
    fields.dialect = Choice::among(&DIALECTS[..4], form.text("dialect"));
    fields.polling = Choice::among(&POLLING, form.text("polling"));
    for switch in &mut fields.switches {
        switch.chosen = form.ticked(&switch.value);
    }
    fields.details_open = true;
    fields
}

fn change(form: &Form) -> OrganizationChange {
    OrganizationChange {
        name: Some(form.owned("name")),
        partner_name: Some(form.owned("partner_name")),
        base_url: form.given("base_url"),
        endpoints: None,
        key: form.given("key").map(Secret),
        patch_auth: from_word(form.text("patch_auth")),
        partner_username: Some(form.owned("partner_username")),
        partner_password: form.given("partner_password").map(Secret),
        dialect: from_word(form.text("dialect")),
        polling: from_word(form.text("polling")),
        strict: Some(form.ticked("strict")),
        notify_failures: Some(form.ticked("notify_failures")),
        read_before_answer: Some(form.ticked("read_before_answer")),
        reread_complete: Some(form.ticked("reread_complete")),
        accept_private_results: private_results(form),
    }
}

/// A first form cannot show what will be the usual for its base URL, so there it decides nothing.
fn private_results(form: &Form) -> Option<bool> {
    let ticked = form.ticked("accept_private_results");
    (ticked || form.text("key").is_empty()).then_some(ticked)
}

fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word)).ok()
}

fn dialect_name(dialect: &Dialect) -> &'static str {
    let years = [
        (DialectYear::Y2025, "2025"),
        (DialectYear::Y2024, "2024"),
        (DialectYear::Y2019, "2019"),
        (DialectYear::Y2016, "2016"),
    ];
    let same = years
        .into_iter()
        .find(|(year, _)| Dialect::from(*year) == *dialect);
    same.map_or("keep", |(_, name)| name)
}
