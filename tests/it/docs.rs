//! What an admin reads in Baton is explained in the admin's page.

use std::path::Path;

use ats::lever::{Ambiguous, Reason};
use server::settings::Settings;

/// Stands for every name in a reason, in the page and here.
const NAME: &str = "…";

#[test]
fn each_reason_why_nothing_was_sent_has_its_row_in_the_admins_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lever.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let (_, rows) = page.split_once("| it says |").expect("the table");
    let said: Vec<&str> = rows
        .lines()
        .skip(2)
        .map_while(|row| row.strip_prefix("| ")?.split(" | ").next())
        .collect();
    let reasons: Vec<String> = all().iter().map(Reason::to_string).collect();
    for reason in &reasons {
        let explained = said.iter().any(|row| reason.starts_with(row));
        assert!(explained, "no row begins as this does: {reason}");
    }
    for row in said {
        let given = reasons.iter().any(|reason| reason.starts_with(row));
        assert!(given, "nothing says this any more: {row}");
    }
}

#[test]
fn the_scopes_that_lever_is_asked_for_are_named_wherever_an_operator_looks() {
    let settings = Settings::load(None, std::iter::empty()).expect("the defaults fit together");
    let asked = settings.lever.oauth.scopes;
    for page in ["settings.md", "connections.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let text = std::fs::read_to_string(path.join(page)).expect("the page is there");
        for scope in &asked {
            assert!(
                text.contains(&format!("`{scope}`")),
                "{page} leaves out {scope}"
            );
        }
    }
}

fn all() -> Vec<Reason> {
    let name = || NAME.to_owned();
    let all = vec![
        Reason::SameStage,
        Reason::NotATrigger,
        Reason::OtherEvent,
        Reason::NoOpportunity,
        Reason::Disconnected,
        Reason::Gone,
        Reason::NotReadable,
        Reason::Archived,
        Reason::Anonymized,
        Reason::MayNotBeContacted,
        Reason::NoTriggerStages,
        Reason::MovedOn,
        Reason::NoMove,
        Reason::AlreadyThere,
        Reason::NotConnected,
        Reason::TooLongAgo,
        Reason::NoTag,
        Reason::Ambiguous(Ambiguous {
            tag: name(),
            titles: vec![name()],
        }),
        Reason::NoEmail,
        Reason::EmailUnusable,
        Reason::AlreadyInvited(name()),
        Reason::NotYetTagged(name()),
        Reason::StatusTagStands {
            title: name(),
            tag: name(),
        },
        Reason::Inherited(name()),
    ];
    assert!(all.iter().all(is_listed));
    all
}

/// Does not compile until a new reason is listed here, and above.
fn is_listed(reason: &Reason) -> bool {
    match reason {
        Reason::SameStage
        | Reason::NotATrigger
        | Reason::OtherEvent
        | Reason::NoOpportunity
        | Reason::Disconnected
        | Reason::Gone
        | Reason::NotReadable
        | Reason::Archived
        | Reason::Anonymized
        | Reason::MayNotBeContacted
        | Reason::NoTriggerStages
        | Reason::MovedOn
        | Reason::NoMove
        | Reason::AlreadyThere
        | Reason::NotConnected
        | Reason::TooLongAgo
        | Reason::NoTag
        | Reason::Ambiguous(_)
        | Reason::NoEmail
        | Reason::EmailUnusable
        | Reason::AlreadyInvited(_)
        | Reason::NotYetTagged(_)
        | Reason::StatusTagStands { .. }
        | Reason::Inherited(_) => true,
    }
}
