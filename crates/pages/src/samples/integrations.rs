//! Acme's connections, in the states that an admin meets.

use chrono::TimeDelta;

use super::now;
use crate::badge::{Badge, Shape, Tone};
use crate::dashboard::{
    Button, CardFact, ConnectionCard, DISCONNECT_LEVER, EventsView, Question, SWITCH_IT_ON,
    StageView,
};
use crate::parts::Remark;
use crate::when::When;

fn ago(minutes: i64) -> When {
    When::new(now() - TimeDelta::minutes(minutes), now())
}

/// A card as it begins.
fn card(
    id: &'static str,
    name: &'static str,
    purpose: &'static str,
    state: Badge,
) -> ConnectionCard {
    ConnectionCard {
        id,
        name,
        purpose,
        state,
        remarks: Vec::new(),
        facts: Vec::new(),
        stages: None,
        csrf: "csrf-token".into(),
        may_change: true,
        buttons: Vec::new(),
        links: Vec::new(),
    }
}

fn lever(state: Badge) -> ConnectionCard {
    card(
        "lever",
        "Lever",
        "Moving a candidate into a trigger stage invites them; tags and a note bring the result back.",
        state,
    )
}

fn disconnect() -> Button {
    let question = Question {
        id: "disconnect-lever".into(),
        heading: "Disconnect Lever?".into(),
        consequence: DISCONNECT_LEVER.into(),
        yes: "Disconnect",
        no: "Keep it connected",
    };
    Button::post("Disconnect", "/settings/integrations/lever/disconnect").asking(question)
}

/// Lever, before anybody has logged in.
pub fn lever_not_connected() -> ConnectionCard {
    let log_in = Button::post("Log In to Lever", "/settings/integrations/lever/log-in").primary();
    let mut card = lever(Badge::new("Not connected", Shape::Ring, Tone::Quiet));
    card.remarks = vec![Remark::new(
        Tone::Quiet,
        "You need to be a Super Admin in Lever.",
    )];
    card.buttons = vec![log_in];
    card
}

/// Lever, as it should be.
pub fn lever_connected() -> ConnectionCard {
    let stage = |id: &str, name: &str, missing| StageView {
        id: id.into(),
        name: name.into(),
        missing,
        since: Some(ago(9000)),
    };
    let mut card = lever(Badge::new("Connected", Shape::Check, Tone::Good));
    card.facts = vec![
        CardFact::new("Account", "Acme Logistics, connected").at(ago(9000)),
        CardFact::new(
            "Access",
            "Renewed by itself; lost on 23 February 2027 only if that should fail until then.",
        ),
        EventsView::Receiving { last: ago(4) }.fact(),
        CardFact::new("Last", "Invited to Backend practical,").at(ago(4)),
    ];
    card.stages = Some(vec![
        stage("1", "Assessment", false),
        stage("2", "Take-home, second round", true),
    ]);
    card.buttons = vec![
        Button::open(
            "Add Trigger Stage",
            "/settings/integrations/lever/trigger-stages",
        )
        .primary(),
        disconnect(),
    ];
    card.links = vec![
        ("Activity", "/settings/integrations/lever/activity".into()),
        ("Settings", "/settings/integrations/lever/settings".into()),
    ];
    card
}

/// Lever, just connected: nothing has come yet.
pub fn lever_waiting() -> ConnectionCard {
    let events = EventsView::Waiting {
        every: "10 min".into(),
    };
    let mut card = lever_connected();
    card.remarks = vec![Remark::new(Tone::Warn, SWITCH_IT_ON)];
    card.facts.truncate(2);
    card.facts.push(events.fact());
    card.stages = Some(Vec::new());
    card
}

/// Lever, after the access was revoked there; seen by a member.
pub fn lever_lost() -> ConnectionCard {
    let why = "Lever no longer accepts our access: it was revoked there, or has run out. Nobody is invited until a Super Admin logs in again; \
               what waits is then sent.";
    let mut card = lever(Badge::new("Needs attention", Shape::Triangle, Tone::Bad));
    card.remarks = vec![Remark::new(Tone::Bad, why)];
    card.may_change = false;
    card.links = vec![("Activity", "/settings/integrations/lever/activity".into())];
    card
}

/// Greenhouse's assessment key.
pub fn greenhouse() -> ConnectionCard {
    let mut card = card(
        "greenhouse_assessment",
        "Greenhouse assessments",
        "Send Test in Greenhouse invites the candidate; the stage shows the result.",
        Badge::new("Connected", Shape::Check, Tone::Good),
    );
    card.facts = vec![CardFact::new("Last", "Greenhouse called").at(ago(2))];
    card.links = vec![("API keys", "/settings/api-keys".into())];
    card
}

/// Greenhouse's Harvest, switched off by the operator.
pub fn harvest_off() -> ConnectionCard {
    let mut card = card(
        "greenhouse_harvest",
        "Greenhouse jobs and notes",
        "Imports jobs from Greenhouse and writes results as notes there.",
        Badge::new("Not available yet", Shape::Ring, Tone::Quiet),
    );
    card.buttons = vec![Button::post(
        "Request Setup",
        "/settings/integrations/greenhouse_harvest/request",
    )];
    card
}
