//! How this account's Lever behaves.

use actix_web::web;
use askama::Template;
use serde_json::{Map, Value};

use super::{Data, Form, Frame, Id, Page, Tabs, act, page};
use crate::lever::settings::Settings;
use crate::lever::setup;
use crate::pages::Choice;
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}/settings", web::get().to(show))
        .route("/lever/accounts/{id}/settings", web::post().to(save));
}

/// A setting with words to choose from: its name, its label, the words.
type Words = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const WORDS: [Words; 6] = [
    (
        "refresh_mode",
        "A refresh token that was used",
        &[
            (
                "rotate_strict",
                "is replaced; when it comes again, its whole family dies",
            ),
            ("rotate_overlap", "is replaced; for a while it is let off"),
            ("static", "stays"),
        ],
    ),
    (
        "access_tokens_after_revoke",
        "When access is revoked, access tokens",
        &[("die_now", "die now"), ("live_out", "live out their hour")],
    ),
    (
        "webhooks_after_revoke",
        "When access is revoked, the app's webhooks",
        &[("stay", "stay"), ("go", "are removed")],
    ),
    (
        "posting_tags",
        "A posting's tags are",
        &[
            (
                "copied",
                "copied onto its candidates, where they can be removed",
            ),
            (
                "live",
                "shown on its candidates as long as they stand on it",
            ),
        ],
    ),
    (
        "note_answer",
        "Create note answers with",
        &[("whole", "the whole note"), ("id_only", "noteId alone")],
    ),
    (
        "retry_token",
        "A delivery that is tried again carries",
        &[("same", "the same token"), ("new", "a new token")],
    ),
];

const SWITCHES: [(&str, &str); 7] = [
    (
        "tags_locked",
        "Tag creation is locked: users below Admin pick tags that exist",
    ),
    (
        "blank_write_answers",
        "Answers of writes carry no name and no address",
    ),
    (
        "nested_webhook_answer",
        "Create webhook answers doubly nested",
    ),
    ("retry_after", "429 of the bucket carries Retry-After"),
    ("api_moves_tell", "Moves made through the API fire webhooks"),
    (
        "confidential_moves_tell",
        "Events of confidential opportunities are sent",
    ),
    (
        "deliveries_held",
        "Deliveries are held back until a script releases them",
    ),
];

const NUMBERS: [(&str, &str); 10] = [
    ("calls_per_second", "Calls per second (0: no limit)"),
    ("burst", "Burst"),
    (
        "access_token_seconds",
        "Life of an access token, in seconds",
    ),
    (
        "overlap_seconds",
        "A replaced refresh token is let off for, in seconds",
    ),
    (
        "confidential_status",
        "A confidential opportunity is refused with",
    ),
    ("page_size", "Most items of a page"),
    ("offset_seconds", "Life of a paging token, in seconds"),
    (
        "delivery_timeout_seconds",
        "A delivery waits for its answer, in seconds",
    ),
    ("delivery_copies", "Deliveries of each event"),
    ("delivery_delay_seconds", "Delay of deliveries, in seconds"),
];

struct ChoiceField {
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "lever/settings.html")]
struct SettingsPage {
    frame: Frame,
    tabs: Tabs,
    words: Vec<ChoiceField>,
    switches: Vec<Choice>,
    numbers: Vec<(&'static str, &'static str, String)>,
    retries: String,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        let frame = Frame::of(&shared, format!("How {}'s Lever behaves", account.name));
        let tabs = Tabs::of(account, "Behaviour");
        Ok::<_, Refusal>(settings_page(frame, tabs, &account.settings))
    })?;
    page(&template)
}

fn settings_page(frame: Frame, tabs: Tabs, settings: &Settings) -> SettingsPage {
    let now = serde_json::to_value(settings).unwrap_or_default();
    let text = |name: &str| match &now[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let words = WORDS.iter().map(|(name, label, pairs)| ChoiceField {
        name,
        label,
        choices: Choice::among(pairs, &text(name)),
    });
    let switches = SWITCHES.iter().map(|(name, label)| Choice {
        value: (*name).to_owned(),
        label: (*label).to_owned(),
        chosen: now[*name] == true,
    });
    let retries = settings.retry_after_seconds.iter().map(u32::to_string);
    SettingsPage {
        frame,
        tabs,
        words: words.collect(),
        switches: switches.collect(),
        numbers: NUMBERS
            .iter()
            .map(|(name, label)| (*name, *label, text(name)))
            .collect(),
        retries: retries.collect::<Vec<_>>().join(", "),
    }
}

async fn save(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let mut change = Map::new();
    for (name, ..) in WORDS {
        change.insert(name.to_owned(), form.text(name).into());
    }
    for (name, _) in SWITCHES {
        change.insert(name.to_owned(), form.ticked(name).into());
    }
    for (name, _) in NUMBERS {
        let number: Option<u64> = form.number(name);
        change.insert(name.to_owned(), number.into());
    }
    let retries = form.text("retry_after_seconds").split([',', ' ']);
    let retries = retries.filter_map(|text| text.trim().parse::<u64>().ok());
    change.insert("retry_after_seconds".to_owned(), retries.collect());
    act(
        &shared,
        &format!("/lever/accounts/{id}/settings"),
        |lever, _| setup::change_settings(lever, &id, change),
    )
}
