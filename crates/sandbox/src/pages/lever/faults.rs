//! Faults of an account's API, and the calls that were counted.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page};
use crate::lever::faults::{Chance, Fault, Faults, Play};
use crate::lever::views;
use crate::pages::Choice;
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}/faults", web::get().to(show))
        .route("/lever/accounts/{id}/faults", web::post().to(set));
}

const KINDS: [(&str, &str); 13] = [
    ("off", "No fault"),
    ("429", "Answer 429 with Retry-After"),
    ("429-bare", "Answer 429 without Retry-After"),
    ("500", "Answer 500"),
    ("503", "Answer 503"),
    ("401", "Answer 401: credential refused"),
    ("403", "Answer 403: not allowed"),
    ("slow", "Answer late"),
    ("hang", "Hang, then break the connection"),
    ("reset", "Reset the connection"),
    ("truncated", "Cut the JSON in half"),
    ("not_json", "Answer 502 with HTML"),
    ("redirect", "Answer 301 to the API's second home"),
];

#[derive(Template)]
#[template(path = "lever/faults.html")]
struct FaultsPage {
    frame: Frame,
    tabs: Tabs,
    fault: Option<String>,
    kinds: Vec<Choice>,
    calls: String,
    refused: String,
    largest: String,
    now: String,
}

async fn show(shared: Data, id: Id) -> Page {
    let now = shared.now().format("%-d %b %Y, %H:%M:%S UTC").to_string();
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        let counted = views::allowance(account);
        Ok::<_, Refusal>(FaultsPage {
            frame: Frame::of(&shared, format!("Faults of {}", account.name)),
            tabs: Tabs::of(account, "Faults"),
            fault: told(&account.faults),
            kinds: Choice::among(&KINDS, "off"),
            calls: counted["calls"].to_string(),
            refused: counted["refused"].to_string(),
            largest: counted["largest_second"].to_string(),
            now,
        })
    })?;
    page(&template)
}

fn told(faults: &Faults) -> Option<String> {
    let next = faults.next.as_ref().map(|fault| {
        let often = match fault.times {
            None => "until switched off".to_owned(),
            Some(1) => "once more".to_owned(),
            Some(times) => format!("{times} times more"),
        };
        format!("It will {}, {often}.", fault.play.words())
    });
    let chance = faults.chance.as_ref().map(|chance| {
        let plays = chance.faults.iter().map(|fault| fault.play.words());
        let plays = plays.collect::<Vec<_>>().join(", or ");
        format!(
            "Of a hundred calls {} will meet a fault: {plays}.",
            chance.percent
        )
    });
    let told: Vec<String> = next.into_iter().chain(chance).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

async fn set(shared: Data, id: Id, body: web::Bytes) -> Page {
    let faults = chosen(&Form::read(&body));
    act(
        &shared,
        &format!("/lever/accounts/{id}/faults"),
        |lever, _| {
            faults.check()?;
            lever.account_mut(&id)?.faults = faults;
            Ok(())
        },
    )
}

fn chosen(form: &Form) -> Faults {
    let Some(play) = play(form) else {
        return Faults::default();
    };
    let fault = Fault {
        play,
        times: form.number("times"),
        calls: Vec::new(),
        opportunity_id: None,
        takes_effect: form.ticked("takes_effect"),
    };
    match form.number("percent") {
        Some(percent) if percent < 100 => Faults {
            next: None,
            chance: Some(Chance {
                percent,
                faults: vec![Fault {
                    times: None,
                    ..fault
                }],
                seed: 0,
                calls: Vec::new(),
            }),
        },
        _ => Faults {
            next: Some(fault),
            chance: None,
        },
    }
}

fn play(form: &Form) -> Option<Play> {
    let seconds: u64 = form.number("seconds").unwrap_or(2);
    let milliseconds = seconds.saturating_mul(1_000);
    Some(match form.text("kind") {
        "slow" => Play::Slow { milliseconds },
        "hang" => Play::Hang { milliseconds },
        "reset" => Play::Reset,
        "truncated" => Play::Truncated,
        "not_json" => Play::NotJson,
        "redirect" => Play::Redirect { location: None },
        "429" => Play::Status {
            status: 429,
            retry_after: Some(seconds.to_string()),
        },
        other => Play::Status {
            status: other.split('-').next()?.parse().ok()?,
            retry_after: None,
        },
    })
}
