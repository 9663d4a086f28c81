//! Connections, and assessments as an admin needs them in an ATS.

use domain::AssessmentStatus;
use pages::badge::{Badge, Shape, Tone};
use pages::confirm::ConfirmPage;
use pages::dashboard::{
    ActivityFilter, ActivityPage, ActivityRow, AddTriggerStagePage, AssessmentPage, ConnectionCard,
    InLever, IntegrationsPage, LeverSettingsPage, Section, StageChoice, TagUse, UserChoice,
    tag_remarks,
};
use pages::link::WebHref;
use pages::parts::Copy;
use pages::samples;
use pages::samples::integrations as cards;

use super::{ago, html};

fn assessment(title: &str, lever: TagUse, look: Option<InLever>) -> AssessmentPage {
    AssessmentPage {
        frame: samples::frame(Section::Assessments),
        title: Copy::title(title),
        state: AssessmentStatus::Published.into(),
        published: true,
        contents: "5 questions".into(),
        time_limit: Some("45 minutes".into()),
        valid: "14 days".into(),
        version: 3,
        invites_href: "/candidates?assessment=0192".into(),
        greenhouse_job: None,
        stages_href: None,
        description_href: None,
        lever,
        remarks: tag_remarks(title, look.map(Ok)),
    }
}

fn assessment_in_lever() -> AssessmentPage {
    let stages = TagUse::Stages(vec!["Assessment".into(), "Take-home".into()]);
    assessment("Backend practical", stages, Some(InLever::default()))
}

fn assessment_with_remarks() -> AssessmentPage {
    let title = "Platform engineering: a long look at how you build services that have to stay up, and how you find out that they do not";
    let look = InLever {
        namesakes: vec!["the team Platform".into()],
        outdated: vec![(
            "Site reliability engineer".into(),
            "Platform screening".into(),
        )],
    };
    assessment(title, TagUse::NoStage, Some(look))
}

fn integrations(cards: Vec<ConnectionCard>) -> IntegrationsPage {
    IntegrationsPage {
        frame: samples::frame(Section::Integrations),
        cards,
    }
}

fn no_integrations() -> IntegrationsPage {
    integrations(vec![
        cards::greenhouse(),
        cards::harvest_off(),
        cards::lever_not_connected(),
    ])
}

fn add_trigger_stage() -> AddTriggerStagePage {
    let stage = |name: &str, chosen| StageChoice {
        id: name.to_lowercase(),
        name: name.into(),
        chosen,
    };
    AddTriggerStagePage {
        frame: samples::frame(Section::Integrations),
        stages: vec![
            stage("New lead", false),
            stage("New applicant", false),
            stage("Phone screen", false),
            stage("Assessment", true),
            stage("On-site interview", false),
            stage("Offer", false),
        ],
        error: None,
    }
}

fn lever_settings() -> LeverSettingsPage {
    LeverSettingsPage {
        frame: samples::frame(Section::Integrations),
        users: vec![UserChoice {
            id: "1".into(),
            name: "Rosa Ortega".into(),
            chosen: true,
        }],
        users_missing: None,
        note_secret: true,
        note_notify: false,
        error: None,
    }
}

fn activity(show: ActivityFilter) -> ActivityPage {
    let row = |outcome: Badge, text: &str, minutes| ActivityRow {
        when: ago(minutes),
        outcome,
        text: text.into(),
        subject: Some("5e1d0c9a".into()),
        opportunity: WebHref::new("https://hire.lever.co/candidates/5e1d0c9a"),
        invite: None,
    };
    let invited = || Badge::new("Invited", Shape::Check, Tone::Good);
    let not = || Badge::new("Not invited", Shape::Dash, Tone::Quiet);
    let mut rows = vec![
        row(
            invited(),
            "Moved into Assessment, tagged Backend practical.",
            4,
        ),
        row(
            not(),
            "Moved into Assessment, but no tag is the title of a published assessment.",
            50,
        ),
        row(not(), "The opportunity has no e-mail address.", 3000),
    ];
    rows[0].invite = Some(("Zoë Nakamura".into(), "/invites/0192".into()));
    if show != ActivityFilter::All {
        rows.clear();
    }
    ActivityPage {
        frame: samples::frame(Section::Integrations),
        kind: "lever",
        name: "Lever",
        show,
        rows,
        next_href: None,
    }
}

fn disconnect() -> ConfirmPage {
    let button = cards::lever_connected()
        .buttons
        .pop()
        .expect("it can be disconnected");
    let question = button.question.expect("it asks");
    ConfirmPage::integration(
        samples::frame(Section::Integrations),
        question,
        button.action,
    )
}

/// Each page's name and markup.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("assessment", html(&assessment_in_lever())),
        ("assessment-remarks", html(&assessment_with_remarks())),
        (
            "assessment-without-lever",
            html(&assessment("Backend practical", TagUse::NotConnected, None)),
        ),
        (
            "integrations",
            html(&integrations(vec![
                cards::greenhouse(),
                cards::harvest_off(),
                cards::lever_connected(),
            ])),
        ),
        ("integrations-none", html(&no_integrations())),
        (
            "integrations-waiting",
            html(&integrations(vec![cards::lever_waiting()])),
        ),
        (
            "integrations-lost",
            html(&integrations(vec![cards::lever_lost()])),
        ),
        ("integrations-add-stage", html(&add_trigger_stage())),
        ("integrations-settings", html(&lever_settings())),
        (
            "integrations-activity",
            html(&activity(ActivityFilter::All)),
        ),
        (
            "integrations-activity-none",
            html(&activity(ActivityFilter::Invited)),
        ),
        ("integrations-disconnect", html(&disconnect())),
    ]
}
