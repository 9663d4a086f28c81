//! Faults, clock and the big red button.

use actix_web::web;
use askama::Template;

use super::form::Form;
use super::{Choice, Data, Frame, Page, page, refused, see_other};
use crate::control::carry_out;
use crate::greenhouse::faults::{Fault, Faults, Play};
use crate::greenhouse::reading;

/// More hours at a time would take too long: eight weeks are 1,344.
const MOST_HOURS: u32 = 1_400;

const KINDS: [(&str, &str); 12] = [
    ("off", "No fault"),
    ("401", "Answer 401: credential refused"),
    ("403", "Answer 403: not allowed"),
    ("404", "Answer 404: test gone"),
    ("410", "Answer 410: test gone for good"),
    ("429", "Answer 429 with Retry-After"),
    ("500", "Answer 500"),
    ("503", "Answer 503"),
    ("redirect", "Answer 302 to another host"),
    ("hang", "Hang, then break the connection"),
    ("reset", "Reset the connection"),
    ("slow_drip", "Answer byte by byte"),
];

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/faults", web::get().to(show))
        .route("/faults", web::post().to(set))
        .route("/clock", web::post().to(let_hours_pass))
        .route("/reset", web::post().to(reset));
}

#[derive(Template)]
#[template(path = "faults.html")]
struct FaultsPage {
    frame: Frame,
    problem: Option<String>,
    fault: Option<String>,
    kinds: Vec<Choice>,
    now: String,
    ahead: String,
}

async fn show(shared: Data) -> Page {
    let (faults, ahead) = shared.read(|world| (world.faults.clone(), world.clock_ahead_seconds));
    let hours = ahead / 3_600;
    page(&FaultsPage {
        frame: Frame::of(&shared, "Faults and clock"),
        problem: None,
        fault: told(&faults),
        kinds: Choice::among(&KINDS, "off"),
        now: shared.now().format("%-d %b %Y, %H:%M UTC").to_string(),
        ahead: match ahead {
            0 => String::new(),
            _ => format!(", {hours} h ahead of the real time"),
        },
    })
}

fn told(faults: &Faults) -> Option<String> {
    let ordered = faults.patch.as_ref().map(words);
    let chance = faults.chance.as_ref().map(|chance| {
        let (percent, kinds) = (chance.percent, chance.faults.len());
        format!("By chance, {percent} % of PATCHes meet one of {kinds} faults.")
    });
    let told: Vec<String> = ordered.into_iter().chain(chance).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn words(fault: &Fault) -> String {
    let play = fault.play.words();
    let often = match fault.times {
        None => "until switched off".to_owned(),
        Some(1) => "once more".to_owned(),
        Some(times) => format!("{times} times more"),
    };
    let only = match fault.take_home_test_id {
        None => String::new(),
        Some(id) => format!(", for take home test {id} only"),
    };
    format!("It will {play}, {often}{only}.")
}

async fn set(shared: Data, body: web::Bytes) -> Page {
    let faults = Faults {
        patch: chosen(&Form::read(&body)),
        chance: None,
    };
    if let Err(refusal) = faults.check() {
        return refused(&refusal, "/faults");
    }
    shared.change(|world, _| world.faults = faults);
    see_other("/faults")
}

fn chosen(form: &Form) -> Option<Fault> {
    let seconds: u64 = form.number("seconds").unwrap_or(30);
    let play = match form.text("kind") {
        "redirect" => Play::Redirect { location: None },
        "hang" => Play::Hang { seconds },
        "reset" => Play::Reset,
        "slow_drip" => Play::SlowDrip { seconds },
        other => {
            let status = other.parse().ok()?;
            let retry_after = (status == 429).then(|| seconds.to_string());
            Play::Status {
                status,
                retry_after,
            }
        }
    };
    Some(Fault {
        play,
        times: form.number("times"),
        take_home_test_id: None,
        takes_effect: form.ticked("takes_effect"),
    })
}

async fn let_hours_pass(shared: Data, body: web::Bytes) -> Page {
    let hours: u32 = Form::read(&body).number("hours").unwrap_or_default();
    let inner = shared.into_inner();
    carry_out(async move { reading::poll_for(&inner, hours.min(MOST_HOURS)).await }).await;
    see_other("/faults")
}

async fn reset(shared: Data) -> Page {
    shared.change(|world, _| world.reset());
    see_other("/")
}
