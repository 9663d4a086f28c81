//! `/styleguide` of development builds: each component once.

use askama::Template;
use domain::{Recommendation, Status, WritebackState};

use crate::badge::{Badge, Shape, Tone};
use crate::dashboard::{ConnectionCard, Frame, Section};
use crate::parts::{Bar, Copy, Empty, ErrorSummary, FieldError, Remark, TimelineEntry};
use crate::samples;
use crate::when::{Deadline, When};

/// All components, with sample data.
#[derive(Debug, Clone, Template)]
#[template(path = "styleguide.html")]
pub struct StyleguidePage {
    /// The dashboard around it.
    pub frame: Frame,
    /// Every state.
    pub badges: Vec<Badge>,
    /// A moment.
    pub when: When,
    /// A deadline.
    pub deadline: Deadline,
    /// A summary of errors.
    pub errors: ErrorSummary,
    /// Bars.
    pub bars: Vec<Bar>,
    /// A text to copy.
    pub copy: Copy,
    /// A timeline.
    pub timeline: Vec<TimelineEntry>,
    /// Warnings and hints.
    pub remarks: Vec<Remark>,
    /// Connections, as an admin meets them.
    pub connections: Vec<ConnectionCard>,
    /// An empty list.
    pub empty: Empty,
}

impl StyleguidePage {
    /// The page.
    pub fn new() -> Self {
        let now = samples::now();
        Self {
            frame: samples::frame(Section::Elsewhere),
            badges: badges(),
            when: When::new(now - chrono::TimeDelta::hours(3), now),
            deadline: Deadline::new(now + chrono::TimeDelta::days(9), now),
            errors: ErrorSummary {
                errors: vec![FieldError::new(
                    "sample",
                    "What was wrong, then what to do.",
                )],
            },
            bars: vec![
                Bar::new("Half", 5.0, 10.0, None),
                Bar::new("All", 10.0, 10.0, None),
            ],
            copy: Copy::new("Candidate's link", "https://baton.example/take/…"),
            timeline: samples::timeline(),
            remarks: [Tone::Quiet, Tone::Warn, Tone::Bad]
                .map(|tone| Remark::new(tone, "What is so, then what to do."))
                .into(),
            connections: connections(),
            empty: Empty {
                heading: "Nothing here yet".into(),
                text: "And this is how to fill it.".into(),
                link: Some(("The one useful link".into(), "#".into())),
            },
        }
    }

    fn colours() -> [&'static str; 9] {
        [
            "ink", "ink-2", "paper", "paper-2", "line", "accent", "good", "warn", "bad",
        ]
    }
}

impl Default for StyleguidePage {
    fn default() -> Self {
        Self::new()
    }
}

fn connections() -> Vec<ConnectionCard> {
    let mut lost = samples::integrations::lever_lost();
    lost.id = "lever-lost";
    vec![samples::integrations::lever_connected(), lost]
}

fn badges() -> Vec<Badge> {
    let advice = [
        Recommendation::StrongYes,
        Recommendation::Yes,
        Recommendation::No,
        Recommendation::StrongNo,
    ];
    let writebacks = [
        WritebackState::Pending,
        WritebackState::Retrying,
        WritebackState::Sent,
        WritebackState::Seen,
        WritebackState::Blocked,
        WritebackState::Failed,
    ];
    let states = Status::ALL.into_iter().map(Badge::from);
    states
        .chain(writebacks.map(Badge::from))
        .chain(advice.map(Badge::from))
        .chain([Badge::new("Expiring in 5 h", Shape::Clock, Tone::Warn)])
        .collect()
}
