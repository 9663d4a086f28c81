//! One connection, as a card.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::badge::{Badge, Shape, Tone};
use crate::parts::Remark;
use crate::when::When;

/// One connection: its state, what it last did, what can be done about it. Renders as a `<section>`.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/connection.html")]
pub struct ConnectionCard {
    /// Names it within the page: `lever`.
    pub id: &'static str,
    /// "Lever".
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub purpose: &'static str,
    /// How it is.
    pub state: Badge,
    /// Why it is so, and what to do next; the most pressing first.
    pub remarks: Vec<Remark>,
    /// What is known of it.
    pub facts: Vec<CardFact>,
    /// The stages that invite; none where the ATS has no such thing or is not connected.
    pub stages: Option<Vec<StageView>>,
    /// The session's token.
    pub csrf: String,
    /// May whoever looks at it change it?
    pub may_change: bool,
    /// What can be done.
    pub buttons: Vec<Button>,
    /// More to read: label and address.
    pub links: Vec<(&'static str, String)>,
}

impl HtmlSafe for ConnectionCard {}

/// One thing that is known of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFact {
    /// "Account".
    pub name: &'static str,
    /// A state, in front.
    pub state: Option<Badge>,
    /// In words.
    pub text: String,
    /// When.
    pub when: Option<When>,
}

impl CardFact {
    /// A fact in words.
    pub fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            state: None,
            text: text.into(),
            when: None,
        }
    }

    /// With its moment behind it.
    #[must_use]
    pub fn at(self, when: When) -> Self {
        Self {
            when: Some(when),
            ..self
        }
    }
}

/// A stage that invites whoever is moved into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageView {
    /// Its id with us.
    pub id: String,
    /// Its name in the ATS.
    pub name: String,
    /// Is it gone there?
    pub missing: bool,
    /// Since when it invites.
    pub since: Option<When>,
}

impl StageView {
    fn remove(&self) -> Button {
        Button {
            style: "small",
            ..Button::post(
                "Remove",
                format!(
                    "/settings/integrations/lever/trigger-stages/{}/remove",
                    self.id
                ),
            )
        }
        .of(&self.name)
        .asking(self.removal())
    }

    /// What is asked before it is removed.
    pub fn removal(&self) -> Question {
        Question {
            id: format!("remove-{}", self.id),
            heading: format!("Remove the trigger stage {}?", self.name),
            consequence: "Moving a candidate into it invites nobody from now on. Invites that were made stay as they are.".into(),
            yes: "Remove it",
            no: "Keep it",
        }
    }

    fn missing_badge() -> Badge {
        Badge::new("Missing in Lever", Shape::Triangle, Tone::Bad)
    }
}

/// Something that can be done, as a form with one button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub label: &'static str,
    /// What it is about, for those who do not see where it stands; may be empty.
    pub of: String,
    /// Where its form goes.
    pub action: String,
    /// Does it change something by itself? Otherwise it opens a page, which scripts show as a dialog.
    pub posts: bool,
    /// The style sheet's class.
    pub style: &'static str,
    /// What is asked first.
    pub question: Option<Question>,
}

impl Button {
    /// A button that does something.
    pub fn post(label: &'static str, action: impl Into<String>) -> Self {
        Self {
            label,
            of: String::new(),
            action: action.into(),
            posts: true,
            style: "",
            question: None,
        }
    }

    /// A button that opens a page; with scripts, as a dialog.
    pub fn open(label: &'static str, action: impl Into<String>) -> Self {
        Self {
            posts: false,
            ..Self::post(label, action)
        }
    }

    /// The one that matters most.
    #[must_use]
    pub fn primary(self) -> Self {
        Self {
            style: "primary",
            ..self
        }
    }

    /// Asks first.
    #[must_use]
    pub fn asking(self, question: Question) -> Self {
        Self {
            question: Some(question),
            ..self
        }
    }

    /// Says what it is about to those who do not see where it stands.
    #[must_use]
    pub fn of(self, what: &str) -> Self {
        Self {
            of: what.to_owned(),
            ..self
        }
    }
}

/// What is asked before something that has consequences, in a dialog or, without scripts, on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Names the dialog within the page.
    pub id: String,
    /// The question.
    pub heading: String,
    /// What will happen.
    pub consequence: String,
    /// The button that does it.
    pub yes: &'static str,
    /// The button that does not.
    pub no: &'static str,
}

/// What **Disconnect** does at Lever, in the words of the dialog and of the page.
pub const DISCONNECT_LEVER: &str = "Moves in Lever invite nobody from now on, and nothing is written there any more: no tags, no notes. Our access and our webhook there \
     are removed. Candidates who were invited can still take their assessment; its result is kept here and goes to Lever once it is \
     connected again. Trigger stages are kept.";

/// What is to be done in Lever so that events come, for a card whose state is otherwise as it should be.
pub const SWITCH_IT_ON: &str = "Waiting for the first event. In Lever, under Settings › Integrations and API › Webhooks, turn on the toggle of Candidate Stage Change (blue). \
     Baton cannot see that toggle: it knows once a candidate is moved.";

/// What is known of the events that an ATS should send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventsView {
    /// There is no webhook: it is looked for changes instead, this often.
    Swept {
        /// "10 min".
        every: String,
        /// Could there be one? Not where the ATS cannot reach this server.
        possible: bool,
    },
    /// One is being made.
    Making,
    /// There is one, and nothing has come yet: meanwhile it is looked for changes, this often.
    Waiting {
        /// "10 min".
        every: String,
    },
    /// Something came.
    Receiving {
        /// When last.
        last: When,
    },
}

impl EventsView {
    /// As a fact on the card.
    pub fn fact(&self) -> CardFact {
        let (badge, text, when) = match self {
            Self::Swept { every, possible } => (
                Badge::new("None", Shape::Dash, Tone::Quiet),
                swept(every, *possible),
                None,
            ),
            Self::Making => (
                Badge::new("Being set up", Shape::Half, Tone::Active),
                "our webhook is being made in Lever".to_owned(),
                None,
            ),
            Self::Waiting { every } => (
                Badge::new("None yet", Shape::Clock, Tone::Warn),
                format!("until one comes, moves are looked for every {every}"),
                None,
            ),
            Self::Receiving { last } => (
                Badge::new("Receiving", Shape::Check, Tone::Good),
                "the last one".to_owned(),
                Some(last.clone()),
            ),
        };
        CardFact {
            name: "Events",
            state: Some(badge),
            text,
            when,
        }
    }
}

fn swept(every: &str, possible: bool) -> String {
    let why = if possible {
        ""
    } else {
        ": it only sends events to an https address"
    };
    format!("Lever is looked through every {every} instead{why}")
}
