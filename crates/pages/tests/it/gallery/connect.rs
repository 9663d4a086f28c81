//! What somebody sees who connects an organization, on the way there and back.

use domain::{ConnectionKind, Hold};
use pages::connect::{Between, GoingPage, LinkPage, ToldPage};
use pages::link::WebHref;

use super::html;

fn platform() -> String {
    "Vendor".into()
}

fn between() -> Between {
    Between {
        organization: "Acme Logistics".into(),
        ats: "Lever",
        account: "Sam Superadmin (sam@acme.example)".into(),
    }
}

fn link() -> LinkPage {
    LinkPage {
        platform: platform(),
        organization: "Acme Logistics".into(),
        action: "/connect/sample-token".into(),
        choices: vec![ConnectionKind::Lever.into()],
    }
}

fn going() -> GoingPage {
    GoingPage {
        platform: platform(),
        ats: "Lever",
        href: WebHref::new("https://auth.lever.co/authorize?state=sample").expect("a link"),
    }
}

/// The page of a Super Admin whom a vendor sent.
pub(crate) fn connected() -> ToldPage {
    ToldPage::connected(platform(), between(), Some("undo-token".into()), true)
}

/// Each page's name and markup.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("connect-link", html(&link())),
        ("connect-going", html(&going())),
        ("connect-connected", html(&connected())),
        (
            "connect-held",
            html(&ToldPage::held(platform(), between(), Hold::HeldElsewhere)),
        ),
        (
            "connect-refused",
            html(&ToldPage::refused(
                platform(),
                "Lever",
                "The permissions were not accepted at Lever.",
                true,
            )),
        ),
        (
            "connect-over",
            html(&ToldPage::over(platform(), "Lever", false)),
        ),
        (
            "connect-undone",
            html(&ToldPage::undone(platform(), "Lever", "Acme Logistics")),
        ),
    ]
}
