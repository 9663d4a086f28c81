//! What an operator sees.

use pages::badge::Tone;
use pages::confirm::ConfirmPage;
use pages::dashboard::{Button, Question, RequestRow, RequestsPage};
use pages::parts::Remark;
use pages::samples;

use super::{ago, html};

fn row(organization: &str, asked_by: Option<&str>, what: &'static str, minutes: i64) -> RequestRow {
    let action = "/operator/requests/0192/lever/fulfil";
    RequestRow {
        organization: organization.into(),
        asked_by: asked_by.map(Into::into),
        what,
        remark: None,
        when: Some(ago(minutes)),
        fulfil: Button::post("Fulfil", action).of(organization),
    }
}

fn question() -> Question {
    Question {
        id: "let-through-0192".into(),
        heading: "Connect Acme Logistics with this account?".into(),
        consequence: "Acme Logistics will read and write in the account of Sam Superadmin (sam@acme.example) at Lever, beside the organization that is connected to it already. Do it only where both belong together.".into(),
        yes: "Fulfil",
        no: "Not now",
    }
}

/// An operator's first page, on a day on which somebody waits.
pub(crate) fn requests() -> RequestsPage {
    let held = "They logged in as Sam Superadmin (sam@acme.example), an account that another organization is connected to already.";
    let mut rows = vec![
        row("Globex", Some("ada@globex.example"), "Lever", 12),
        row("Acme Logistics", None, "Lever", 50),
        row(
            "Initech",
            Some("A program, with the key Vendor's portal"),
            "Greenhouse (Harvest)",
            3000,
        ),
    ];
    rows[1].remark = Some(Remark::new(Tone::Warn, held));
    rows[1].fulfil = rows[1].fulfil.clone().asking(question());
    RequestsPage {
        frame: samples::operators_frame(),
        rows,
        next_href: None,
    }
}

fn none() -> RequestsPage {
    RequestsPage {
        rows: Vec::new(),
        ..requests()
    }
}

fn let_through() -> ConfirmPage {
    let action = "/operator/requests/0192/lever/fulfil".into();
    ConfirmPage::request(samples::operators_frame(), question(), action)
}

/// Each page's name and markup.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("operator-requests", html(&requests())),
        ("operator-requests-none", html(&none())),
        ("operator-let-through", html(&let_through())),
    ]
}
