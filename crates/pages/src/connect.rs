//! What somebody sees who connects an organization to an ATS: on the way there, and back.

use askama::Template;
use domain::{ConnectionKind, Hold};

use crate::badge::Tone;
use crate::link::WebHref;
use crate::parts::Remark;

/// The answer to a button that leads to an ATS: says where the person is going, with the link as a button and a refresh, since
/// browsers drop redirects of a form to another origin.
#[derive(Debug, Clone, Template)]
#[template(path = "connect/going.html")]
pub struct GoingPage {
    /// The vendor's name.
    pub platform: String,
    /// What people call the ATS.
    pub ats: &'static str,
    /// Where a person lets us in.
    pub href: WebHref,
}

/// The page of a connect link.
#[derive(Debug, Clone, Template)]
#[template(path = "connect/link.html")]
pub struct LinkPage {
    /// The vendor's name.
    pub platform: String,
    /// The organization that is connected.
    pub organization: String,
    /// Where the form posts to.
    pub action: String,
    /// What may be connected.
    pub choices: Vec<Choice>,
}

/// One button of a connect link's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The kind's name in the form.
    pub kind: &'static str,
    /// What the button says.
    pub button: &'static str,
}

impl From<ConnectionKind> for Choice {
    fn from(kind: ConnectionKind) -> Self {
        let button = match kind {
            ConnectionKind::Lever => "Log In to Lever",
            ConnectionKind::GreenhouseHarvest | ConnectionKind::GreenhouseAssessment => {
                "Connect to Greenhouse"
            }
        };
        Self {
            kind: kind.as_str(),
            button,
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Template)]
#[template(path = "connect/told.html")]
pub struct ToldPage {
    /// The vendor's name.
    pub platform: String,
    /// What happened, in a few words.
    pub heading: String,
    /// Who is connected with what, in large words.
    pub between: Option<Between>,
    /// What is left to do elsewhere.
    pub step: Option<Remark>,
    /// The rest, a paragraph each.
    pub paragraphs: Vec<String>,
    /// Ends the connection: what its form carries.
    pub undo: Option<String>,
    /// The way on, for somebody who is signed in.
    pub integrations: bool,
}

/// The two ends of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Between {
    /// The organization here.
    pub organization: String,
    /// What people call the ATS.
    pub ats: &'static str,
    /// The account there.
    pub account: String,
}

/// What is left to do in the ATS, where nobody can see from here whether it is done.
fn switch_on(platform: &str, ats: &str) -> Remark {
    let text = format!(
        "One step is left in {ats}: open Settings › Integrations and API › Webhooks and turn on the toggle of Candidate Stage Change (blue). \
         {platform} cannot see that toggle. Until it is on, moves are found by a look every few minutes."
    );
    Remark::new(Tone::Warn, text)
}

impl ToldPage {
    fn new(platform: String, heading: String) -> Self {
        Self {
            platform,
            heading,
            between: None,
            step: None,
            paragraphs: Vec::new(),
            undo: None,
            integrations: false,
        }
    }

    /// Connected, by somebody without an account: `undo` ends it. `has_webhook`: a person still has to switch it on there.
    pub fn connected(
        platform: String,
        between: Between,
        undo: Option<String>,
        has_webhook: bool,
    ) -> Self {
        let heading = format!("{} is connected", between.ats);
        let check = "Check both names above. If they are right, you can close this page.";
        let step = has_webhook.then(|| switch_on(&platform, between.ats));
        Self {
            between: Some(between),
            step,
            paragraphs: vec![check.to_owned()],
            undo,
            ..Self::new(platform, heading)
        }
    }

    /// The grant waits.
    pub fn held(platform: String, between: Between, why: Hold) -> Self {
        let heading = format!("{} is not connected yet", between.ats);
        let organization = &between.organization;
        let next = match why {
            Hold::AnotherAccount | Hold::LetThrough => format!(
                "{organization} was connected to another account before. An admin of {organization} has to confirm this one on the Integrations page; until then nothing is read or written there."
            ),
            Hold::HeldElsewhere => format!(
                "This account is connected to another organization already. Whoever runs {platform} has to let it through; until then nothing is read or written there."
            ),
        };
        Self {
            between: Some(between),
            paragraphs: vec![next],
            ..Self::new(platform, heading)
        }
    }

    /// Nothing came of it; `integrations` for somebody who is signed in.
    pub fn refused(platform: String, ats: &str, why: &str, integrations: bool) -> Self {
        Self {
            paragraphs: vec![why.to_owned()],
            integrations,
            ..Self::new(platform, format!("{ats} was not connected"))
        }
    }

    /// Nobody knows this way back any more; `integrations` for somebody who is signed in.
    pub fn over(platform: String, ats: &str, integrations: bool) -> Self {
        let said = "This way back was used already, is older than ten minutes, or was opened in another browser. Nothing was changed. Start again where you came from.";
        Self {
            paragraphs: vec![said.to_owned()],
            integrations,
            ..Self::new(platform, format!("You came back from {ats} too late"))
        }
    }

    /// It was wrong, and is ended.
    pub fn undone(platform: String, ats: &str, organization: &str) -> Self {
        let said = format!(
            "{organization} no longer has access to the {ats} account; what was given is erased. Ask whoever sent you here for a new link."
        );
        Self {
            paragraphs: vec![said],
            ..Self::new(platform, format!("{ats} is disconnected"))
        }
    }
}
