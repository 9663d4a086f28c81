//! A connection as a card.

use std::time::Duration;

use app::connections::{ConnectionView, NOT_REACHED, NOT_YET_HEARD, TriggerStage, WebhookState};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionKind, ConnectionState};

use super::HERE;
use super::activity::Newest;
use crate::badge::Tone;
use crate::dashboard::{
    Button, CardFact, ConnectionCard, DISCONNECT_LEVER, EventsView, Question, SWITCH_IT_ON,
    StageView, activity_href,
};
use crate::parts::Remark;
use crate::routes::site::sentence;
use crate::when::When;
use crate::words;

/// What every card is made with.
#[derive(Debug)]
pub(super) struct Cards<'a> {
    pub(super) may_change: bool,
    pub(super) csrf: &'a str,
    /// The stages in Lever that invite.
    pub(super) stages: &'a [TriggerStage],
    /// What last happened at Lever.
    pub(super) last: Option<&'a Newest>,
    /// How often Lever is swept.
    pub(super) reconcile: Duration,
    pub(super) now: DateTime<Utc>,
}

impl Cards<'_> {
    /// One connection.
    pub(super) fn card(&self, view: &ConnectionView) -> ConnectionCard {
        let (name, purpose) = named(view.kind);
        ConnectionCard {
            id: view.kind.as_str(),
            name,
            purpose,
            state: crate::badge::connection(view.state, view.expires_at, self.now),
            remarks: self.remarks(view),
            facts: self.facts(view),
            stages: self.stages(view),
            csrf: self.csrf.to_owned(),
            may_change: self.may_change,
            buttons: if self.may_change {
                buttons(view, self.stages)
            } else {
                Vec::new()
            },
            links: links(view, self.may_change),
        }
    }

    fn remarks(&self, view: &ConnectionView) -> Vec<Remark> {
        let tone = match view.state {
            ConnectionState::NeedsAttention => Tone::Bad,
            _ if view.held.is_some() || view.state.works() => Tone::Warn,
            _ => Tone::Quiet,
        };
        let why = view.detail.as_deref().and_then(to_be_said);
        let remark = why.map(|text| Remark::new(tone, text));
        let hint = || hint(view).map(|text| Remark::new(Tone::Quiet, text));
        remark.or_else(hint).into_iter().collect()
    }

    fn facts(&self, view: &ConnectionView) -> Vec<CardFact> {
        let account = view.account.as_ref().map(|account| {
            let name = account.name.as_ref().or(account.id.as_ref());
            CardFact::new("Account", name.map_or("not named", String::as_str))
        });
        let since = view.connected_at.filter(|_| view.state.works());
        let since = since.map(|at| CardFact::new("Connected", "").at(When::new(at, self.now)));
        let access = view
            .expires_at
            .filter(|_| view.state.works())
            .map(|end| CardFact::new("Access", access_words(view, end, self.now)));
        let last = self.last.filter(|_| view.kind == ConnectionKind::Lever);
        let last =
            last.map(|last| CardFact::new("Last", &last.text).at(When::new(last.at, self.now)));
        account
            .into_iter()
            .chain(since)
            .chain(access)
            .chain(self.events(view).map(|events| events.fact()))
            .chain(last)
            .collect()
    }

    fn events(&self, view: &ConnectionView) -> Option<EventsView> {
        if view.kind != ConnectionKind::Lever || !view.state.works() {
            return None;
        }
        let webhook = &view.webhook;
        let every = words::span(TimeDelta::from_std(self.reconcile).unwrap_or_default());
        Some(match (webhook.state, webhook.last_received_at) {
            (WebhookState::Receiving, Some(at)) => EventsView::Receiving {
                last: When::new(at, self.now),
            },
            (WebhookState::None, _) if webhook.possible && view.detail.is_none() => {
                EventsView::Making
            }
            (WebhookState::None, _) => EventsView::Swept {
                every,
                possible: webhook.possible,
            },
            _ => EventsView::Waiting { every },
        })
    }

    fn stages(&self, view: &ConnectionView) -> Option<Vec<StageView>> {
        let shown =
            view.kind == ConnectionKind::Lever && (view.state.works() || !self.stages.is_empty());
        let stage = |stage: &TriggerStage| StageView {
            id: stage.id.to_string(),
            name: stage.name.clone(),
            missing: stage.missing,
            since: Some(When::new(stage.configured_at, self.now)),
        };
        shown.then(|| self.stages.iter().map(stage).collect())
    }
}

/// A connection's detail in a person's words; nothing where the card's facts say it.
fn to_be_said(detail: &str) -> Option<String> {
    match detail {
        NOT_YET_HEARD => Some(SWITCH_IT_ON.to_owned()),
        NOT_REACHED => None,
        other => Some(sentence(other)),
    }
}

fn named(kind: ConnectionKind) -> (&'static str, &'static str) {
    match kind {
        ConnectionKind::GreenhouseAssessment => (
            "Greenhouse assessments",
            "Send Test in Greenhouse invites the candidate; the stage there shows the result.",
        ),
        ConnectionKind::GreenhouseHarvest => (
            "Greenhouse jobs and notes",
            "Imports jobs from Greenhouse and writes results there as notes.",
        ),
        ConnectionKind::Lever => (
            "Lever",
            "Moving a candidate into a trigger stage invites them; tags and a note bring the result back.",
        ),
    }
}

/// What to know before the first step.
fn hint(view: &ConnectionView) -> Option<&'static str> {
    match (view.kind, view.state) {
        (ConnectionKind::Lever, ConnectionState::NotConfigured) if view.offered => Some(
            "You need to be a Super Admin in Lever. Lever lists what will be allowed before you accept.",
        ),
        (ConnectionKind::Lever, ConnectionState::Disconnected) if view.offered => Some(
            "Nobody is invited meanwhile. Log in when you want it back; trigger stages were kept.",
        ),
        (ConnectionKind::GreenhouseAssessment, ConnectionState::NotConfigured) => Some(
            "Greenhouse calls with a key of its own. Whoever runs this server makes one for you.",
        ),
        (ConnectionKind::GreenhouseHarvest, ConnectionState::NotConfigured) if view.offered => {
            Some(
                "You need to be a Site Admin in Greenhouse. On Greenhouse's page choose \"Authorize using a service account\": then the connection outlives your own account there.",
            )
        }
        (ConnectionKind::GreenhouseHarvest, ConnectionState::Disconnected) if view.offered => Some(
            "Candidates and assessments are as they were; nothing new is imported or written. The grant itself can be removed in Greenhouse, under Dev Center.",
        ),
        _ => None,
    }
}

fn access_words(view: &ConnectionView, end: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if view.kind == ConnectionKind::GreenhouseHarvest {
        let left = words::span(end - now);
        return match view.state {
            ConnectionState::Expiring => format!("Lost in {left} unless somebody connects again."),
            _ => format!("Renewed by itself; lost in {left} only if that should fail until then."),
        };
    }
    let day = end.format("%-d %B %Y");
    match view.state {
        ConnectionState::Expiring => format!("Ends on {day} unless somebody logs in again."),
        _ => format!("Renewed by itself; lost on {day} only if that should fail until then."),
    }
}

fn buttons(view: &ConnectionView, stages: &[TriggerStage]) -> Vec<Button> {
    let path = |what: &str| format!("{HERE}/{}/{what}", view.kind.as_str());
    let mut buttons = Vec::new();
    if view
        .held
        .as_ref()
        .is_some_and(|held| held.why.is_for_admins())
    {
        buttons.push(Button::post(
            "Confirm this account",
            path("confirm-account"),
        ));
    }
    let is_ended = matches!(
        view.state,
        ConnectionState::NotConfigured | ConnectionState::Disconnected
    );
    match view.kind {
        _ if asks(view) && view.state == ConnectionState::Requested => {}
        _ if asks(view) && is_ended => buttons.push(Button::post("Request Setup", path("request"))),
        ConnectionKind::Lever => buttons.extend(lever_buttons(view.state, stages, path)),
        ConnectionKind::GreenhouseHarvest => buttons.extend(harvest_buttons(view.state, path)),
        ConnectionKind::GreenhouseAssessment if !is_ended => {
            let end = Button::post("Disconnect", path("disconnect"));
            buttons.push(end.asking(disconnect_question(view.kind)));
        }
        _ => {}
    }
    buttons
}

/// Where a card stands on the page: what needs somebody comes first, what works next, what cannot be used yet last.
pub(super) fn rank(view: &ConnectionView) -> u8 {
    match view.state {
        ConnectionState::NeedsAttention => 0,
        ConnectionState::Expiring => 1,
        _ if view.held.is_some() => 1,
        ConnectionState::Connected if calls_for_somebody(view) => 1,
        ConnectionState::Connected | ConnectionState::Waiting => 2,
        _ if asks(view) => 4,
        _ => 3,
    }
}

/// Is there something that somebody of the organization can do?
fn calls_for_somebody(view: &ConnectionView) -> bool {
    let detail = view.detail.as_deref();
    detail.is_some_and(|detail| detail != NOT_REACHED)
}

/// Does somebody have to ask the operator first?
fn asks(view: &ConnectionView) -> bool {
    !view.offered
}

fn lever_buttons(
    state: ConnectionState,
    stages: &[TriggerStage],
    path: impl Fn(&str) -> String,
) -> Vec<Button> {
    let log_in = Button::post("Log In to Lever", path("log-in"));
    let add = Button::open("Add Trigger Stage", path("trigger-stages/add"));
    let end = Button::post("Disconnect", path("disconnect"))
        .asking(disconnect_question(ConnectionKind::Lever));
    match state {
        ConnectionState::Connected if stages.is_empty() => vec![add.primary(), end],
        ConnectionState::Connected => vec![add, end],
        ConnectionState::Expiring => vec![log_in.primary(), add, end],
        ConnectionState::NeedsAttention => vec![log_in.primary(), end],
        _ => vec![log_in.primary()],
    }
}

fn harvest_buttons(state: ConnectionState, path: impl Fn(&str) -> String) -> Vec<Button> {
    let connect = Button::post("Connect to Greenhouse", path("log-in"));
    let import = Button::open("Import from Greenhouse", "/assessments/import");
    let end = Button::post("Disconnect", path("disconnect"))
        .asking(disconnect_question(ConnectionKind::GreenhouseHarvest));
    match state {
        ConnectionState::Connected => vec![import, end],
        ConnectionState::Expiring => vec![connect.primary(), import, end],
        ConnectionState::NeedsAttention => vec![connect.primary(), end],
        _ => vec![connect.primary()],
    }
}

fn links(view: &ConnectionView, may_change: bool) -> Vec<(&'static str, String)> {
    let here = view.kind.as_str();
    match view.kind {
        ConnectionKind::Lever | ConnectionKind::GreenhouseHarvest => {
            let activity = ("Activity", activity_href(here, Default::default(), None));
            let settings = ("Settings", format!("{HERE}/{here}/settings"));
            let works = view.state.works() && may_change;
            [activity]
                .into_iter()
                .chain(works.then_some(settings))
                .collect()
        }
        ConnectionKind::GreenhouseAssessment if may_change => {
            vec![("API keys", "/settings/api-keys".to_owned())]
        }
        _ => Vec::new(),
    }
}

/// What is asked before a connection is ended.
pub(super) fn disconnect_question(kind: ConnectionKind) -> Question {
    let consequence = match kind {
        ConnectionKind::Lever => DISCONNECT_LEVER,
        ConnectionKind::GreenhouseAssessment => {
            "All keys that Greenhouse calls with are revoked: Send Test fails there from now on, and results no longer reach it."
        }
        ConnectionKind::GreenhouseHarvest => {
            "Nothing is imported from Greenhouse or written there any more. Candidates and assessments that you have stay as they are."
        }
    };
    Question {
        id: format!("disconnect-{}", kind.as_str()),
        heading: format!("Disconnect {}?", named(kind).0),
        consequence: consequence.to_owned(),
        yes: "Disconnect",
        no: "Keep it connected",
    }
}
