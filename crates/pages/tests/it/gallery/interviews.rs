//! Sourcing, as a recruiter and a candidate see it.

use domain::ReferralState;
use pages::badge::{Badge, Mail, Shape, Tone};
use pages::consent::{ConsentAnswer, ConsentPage};
use pages::dashboard::{
    AnswerView, InterviewForm, InterviewPage, InterviewRow, InterviewsPage, NewInterviewPage,
    Section,
};
use pages::link::WebHref;
use pages::parts::{Copy, ErrorSummary, FieldError, Remark};
use pages::samples;

use super::{ago, html};

fn row(candidate: &str, state: ReferralState, minutes: i64) -> InterviewRow {
    InterviewRow {
        href: "/interviews/0192".into(),
        candidate: candidate.into(),
        email: "zoe@candidate.example".into(),
        interviewer: "Ines Ito".into(),
        day: "28 Sep 2026".into(),
        state: state.into(),
        attention: None,
        when: ago(minutes),
    }
}

fn list() -> InterviewsPage {
    let mut rows = vec![
        row("Zoë Nakamura", ReferralState::AwaitingCandidate, 3),
        row("John Snow", ReferralState::InGreenhouse, 40),
        row("Dan Nolan", ReferralState::Blocked, 180),
        row(
            "Maximiliane von Hohenfels-Oberberg",
            ReferralState::Sending,
            200,
        ),
        row("Ade Okafor", ReferralState::Declined, 4000),
        row("Li Wei", ReferralState::NotAdvanced, 9000),
    ];
    rows[2].attention = Some("Greenhouse waits for somebody".into());
    InterviewsPage {
        frame: samples::frame(Section::Interviews),
        rows,
        next_href: Some("/interviews?cursor=1".into()),
    }
}

fn form(errors: Vec<FieldError>) -> NewInterviewPage {
    let mut form = InterviewForm::empty();
    if !errors.is_empty() {
        form.first_name = "Zoë".into();
        form.scores[0].score = "4".into();
        form.advance = "yes".into();
    }
    NewInterviewPage {
        frame: samples::frame(Section::Interviews),
        form,
        today: "2026-11-25".into(),
        errors: ErrorSummary { errors },
    }
}

fn refused() -> NewInterviewPage {
    form(vec![
        FieldError::new("last_name", "Last name is empty."),
        FieldError::new(
            "email",
            "E-mail is not an e-mail address such as name@example.com.",
        ),
    ])
}

fn one(state: ReferralState) -> InterviewPage {
    let (tone, text) = match state {
        ReferralState::Blocked => (
            Tone::Bad,
            "Greenhouse is not connected: connect to Greenhouse on the Integrations page. It goes on by itself then.",
        ),
        ReferralState::InGreenhouse => (
            Tone::Good,
            "The candidate is in Greenhouse, with the feedback as a note.",
        ),
        _ => (
            Tone::Active,
            "The candidate has to say whether they want to go on, too. Nothing is passed on before.",
        ),
    };
    let open = state == ReferralState::AwaitingCandidate;
    InterviewPage {
        frame: samples::frame(Section::Interviews),
        id: "0192".into(),
        candidate: "Zoë Nakamura".into(),
        state: state.into(),
        remark: Remark::new(tone, text),
        may_try: state == ReferralState::Blocked,
        email: "zoe@candidate.example".into(),
        linkedin: WebHref::new("https://www.linkedin.com/in/zoe-nakamura"),
        interviewer: "Ines Ito".into(),
        day: "28 September 2026".into(),
        scores: vec![
            ("Technical skills".into(), "4".into()),
            ("Communication skills".into(), "3".into()),
        ],
        comments: "Really good overall!\nWould gladly work with her.".into(),
        advance: true,
        answer: if open {
            AnswerView::Open
        } else {
            AnswerView::Given {
                interested: true,
                when: ago(50),
            }
        },
        mail: (Mail::Sent.into(), "Asks the candidate.".into()),
        link: open.then(|| Copy::new("Candidate's link", "https://baton.example/consent/kB7x93")),
        job: (state == ReferralState::InGreenhouse).then(|| "4000123".into()),
        person: (state == ReferralState::InGreenhouse).then(|| "17681532".into()),
        timeline: samples::timeline(),
    }
}

/// What a candidate is asked.
pub(crate) fn consent(answer: ConsentAnswer) -> ConsentPage {
    ConsentPage {
        asker: samples::asker(),
        path: "/consent/kB7x93".into(),
        salutation: "Zoë".into(),
        interviewer: "Ines Ito".into(),
        day: "28 September 2026".into(),
        shared: vec![
            ("Name", "Zoë Nakamura".into()),
            ("E-mail", "zoe@candidate.example".into()),
            ("LinkedIn", "https://www.linkedin.com/in/zoe-nakamura".into()),
            (
                "Feedback",
                "How Ines Ito scored (Technical skills, Communication skills), and what they wrote about the interview".into(),
            ),
        ],
        answer,
    }
}

/// All states once, so that none looks like another.
#[test]
fn no_two_states_look_alike() {
    let badges: Vec<Badge> = ReferralState::ALL.map(Badge::from).into();
    for (at, badge) in badges.iter().enumerate() {
        let alike = |other: &Badge| {
            other.word == badge.word || (other.shape, other.tone) == (badge.shape, badge.tone)
        };
        assert!(!badges[at + 1..].iter().any(alike), "{badge:?}");
    }
    assert!(badges.iter().any(|badge| badge.shape == Shape::Triangle));
}

pub(super) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("interviews", html(&list())),
        (
            "interviews-none",
            html(&InterviewsPage {
                rows: Vec::new(),
                next_href: None,
                ..list()
            }),
        ),
        ("interview-new", html(&form(Vec::new()))),
        ("interview-new-refused", html(&refused())),
        (
            "interview-awaiting",
            html(&one(ReferralState::AwaitingCandidate)),
        ),
        ("interview-blocked", html(&one(ReferralState::Blocked))),
        (
            "interview-in-greenhouse",
            html(&one(ReferralState::InGreenhouse)),
        ),
        ("consent-open", html(&consent(ConsentAnswer::Open))),
        ("consent-yes", html(&consent(ConsentAnswer::Yes))),
        ("consent-passed-on", html(&consent(ConsentAnswer::PassedOn))),
        ("consent-no", html(&consent(ConsentAnswer::No))),
        ("consent-not-asked", html(&consent(ConsentAnswer::NotAsked))),
    ]
}
