//! Every page with sample data: what the snapshots, the checks of the markup and the pictures look at.

pub(crate) mod connect;
mod integrations;
pub(crate) mod interviews;
pub(crate) mod requests;

use askama::Template;
use chrono::TimeDelta;
use domain::{AssessmentStatus, Kind, Origin, Role, Status, Target, Writeback, WritebackState};
use pages::account::{SetupPage, SignInPage, password_errors};
use pages::badge::{Badge, Mail, Shape, Tone};
use pages::confirm::ConfirmPage;
use pages::dashboard::{
    ApiKeyRow, ApiKeysPage, AssessmentRow, AssessmentsPage, Choice, Filters, InvitePage, InviteRow,
    InvitesPage, LinkView, MailNews, MailView, Section, WritebackView, key_words, role_words,
};
use pages::errors::{ErrorPage, FramedErrorPage, Trouble};
use pages::grading::{GradeForm, grades_from_form};
use pages::link::WebHref;
use pages::parts::{Copy, ErrorSummary, FieldError, TimelineEntry};
use pages::results::{ErasedPage, ResultPage, ResultView, SharedResultPage, Source, WithdrawnPage};
use pages::samples;
use pages::styleguide::StyleguidePage;
use pages::take::{
    LaunchPage, NoticePage, QuestionnairePage, ReviewPage, WelcomePage, question_views, unanswered,
};
use pages::when::{Deadline, When, iso};

pub(crate) const TAKE: &str = "/take/sample-token";

fn ago(minutes: i64) -> When {
    When::new(samples::now() - TimeDelta::minutes(minutes), samples::now())
}

fn in_days(days: i64) -> Deadline {
    Deadline::new(samples::now() + TimeDelta::days(days), samples::now())
}

pub(crate) fn welcome() -> WelcomePage {
    let deadline = in_days(12);
    WelcomePage::new(
        samples::asker(),
        TAKE.into(),
        "Zoë",
        &samples::assessment(),
        deadline,
    )
}

fn external_welcome() -> WelcomePage {
    let mut assessment = samples::assessment();
    assessment.kind = Kind::External;
    assessment.external = Some(domain::External {
        launch_url: Some("https://runner.vendor.example/start".into()),
    });
    let mut asker = samples::asker();
    asker.contact = None;
    WelcomePage::new(asker, TAKE.into(), "Zoë", &assessment, in_days(12)).continued()
}

pub(crate) fn questionnaire() -> QuestionnairePage {
    let assessment = samples::assessment();
    let mut answers = samples::answers();
    answers.retain(|id, _| *id != assessment.questions[3].id);
    QuestionnairePage {
        asker: samples::asker(),
        take_path: TAKE.into(),
        title: assessment.title.clone(),
        draft_key: "0192.1".into(),
        seq: 4,
        now: iso(samples::now()),
        ends: Some(Deadline::new(
            samples::now() + TimeDelta::minutes(38),
            samples::now(),
        )),
        deadline: None,
        questions: question_views(&assessment, &answers, &[]),
        saved: None,
        errors: ErrorSummary::default(),
    }
}

fn refused_questionnaire() -> QuestionnairePage {
    let assessment = samples::assessment();
    let errors = vec![FieldError::new(
        format!("answer.{}", assessment.questions[3].id),
        "This answer is longer than 20,000 characters. Shorten it, then save again.",
    )];
    QuestionnairePage {
        questions: question_views(&assessment, &samples::answers(), &errors),
        errors: ErrorSummary { errors },
        ends: None,
        deadline: Some(in_days(3)),
        saved: Some(ago(0)),
        ..questionnaire()
    }
}

fn review() -> ReviewPage {
    let assessment = samples::assessment();
    let mut answers = samples::answers();
    answers.retain(|id, _| *id != assessment.questions[3].id && *id != assessment.questions[1].id);
    ReviewPage {
        asker: samples::asker(),
        take_path: TAKE.into(),
        title: assessment.title.clone(),
        unanswered: unanswered(&assessment, &answers),
        ends: questionnaire().ends,
    }
}

fn launch() -> LaunchPage {
    LaunchPage {
        asker: samples::asker(),
        title: "Backend practical".into(),
        href: WebHref::new(
            "https://runner.vendor.example/start?baton_invite=1&baton_signature=v1%2Cabc",
        )
        .expect("a link"),
    }
}

pub(crate) fn result(status: Status) -> ResultView {
    let (invite, assessment) = (samples::invite(status), samples::assessment());
    let (answers, marks) = (samples::answers(), samples::marks());
    let mut marks = marks;
    if status == Status::Submitted {
        marks.retain(|id, _| {
            assessment.questions[..2]
                .iter()
                .any(|question| question.id == *id)
        });
    }
    ResultView::new(Source {
        invite: &invite,
        candidate: &samples::candidate(),
        assessment: &assessment,
        answers: &answers,
        marks: &marks,
        now: samples::now(),
    })
}

pub(crate) fn shared_result(status: Status) -> SharedResultPage {
    SharedResultPage {
        organization: "Acme Logistics".into(),
        platform: "Baton".into(),
        result: result(status),
        timeline: samples::timeline(),
    }
}

fn grading(graded: bool) -> Option<GradeForm> {
    let mut marks = samples::marks();
    if !graded {
        marks.clear();
    }
    let (assessment, answers) = (samples::assessment(), samples::answers());
    GradeForm::new(
        "/invites/0192/grades".into(),
        "csrf-token".into(),
        &assessment,
        &answers,
        &marks,
    )
}

fn refused_grading() -> Option<GradeForm> {
    let assessment = samples::assessment();
    let typed = [
        (
            format!("points.{}", assessment.questions[2].id),
            "1".to_owned(),
        ),
        (
            format!("points.{}", assessment.questions[3].id),
            "11".to_owned(),
        ),
    ];
    let errors = grades_from_form(&assessment, &typed).expect_err("eleven of ten");
    grading(false).map(|form| form.refused(&typed, errors))
}

fn result_page() -> ResultPage {
    ResultPage {
        frame: samples::frame(Section::Candidates),
        id: "0192".into(),
        result: result(Status::Completed),
        timeline: samples::timeline(),
        grading: grading(true),
        may_withdraw: true,
    }
}

fn invite(status: Status) -> InvitePage {
    let now = samples::now();
    let mut seen = Writeback::pending(Target::GreenhouseStatus, 1, now - TimeDelta::minutes(11));
    seen.progress = WritebackState::Sent;
    seen.seen_at = Some(now - TimeDelta::minutes(11));
    seen.detail = Some("Greenhouse answered 200".into());
    let completed = status == Status::Completed;
    InvitePage {
        frame: samples::frame(Section::Candidates),
        id: "0192".into(),
        email: "zoe@candidate.example".into(),
        origin: "Greenhouse",
        ats_href: WebHref::new("https://app.greenhouse.io/people/17681532"),
        attempt: 2,
        deadline: (status == Status::Invited).then(|| in_days(12)),
        link: match status {
            Status::Invited => LinkView::HandOn(Copy::new(
                "Candidate's link",
                "https://baton.example/take/4mYbq0T1n7Zr8WcVdLhS2kXu5oPjEiFg6aBtQyHsNxM",
            )),
            _ => LinkView::Ended,
        },
        mail: MailView::new(
            if status == Status::Invited {
                Mail::NotOurs
            } else {
                Mail::Sent
            },
            &MailNews::default(),
            false,
            status == Status::Invited,
            Origin::Greenhouse,
        ),
        writebacks: completed
            .then(|| WritebackView::new(&seen, now))
            .into_iter()
            .collect(),
        result: result(status),
        grading: match status {
            Status::Submitted => refused_grading(),
            Status::Completed => grading(true),
            _ => None,
        },
        may_erase: completed,
        timeline: samples::timeline(),
    }
}

fn row(
    candidate: &str,
    state: Status,
    score: Option<&str>,
    origin: &'static str,
    minutes: i64,
) -> InviteRow {
    InviteRow {
        href: "/invites/0192".into(),
        candidate: candidate.into(),
        email: "someone@candidate.example".into(),
        assessment: "Backend practical".into(),
        state: state.into(),
        attention: None,
        score: score.map(str::to_owned),
        origin,
        when: ago(minutes),
    }
}

fn invites() -> InvitesPage {
    let mut rows = vec![
        row(
            "Zoë Nakamura",
            Status::Completed,
            Some("81.5"),
            "Greenhouse",
            12,
        ),
        row(
            "Daenerys Targaryen",
            Status::Submitted,
            None,
            "Greenhouse",
            41,
        ),
        row("John Snow", Status::Started, None, "Greenhouse", 55),
        row("Dan Nolan", Status::Invited, None, "API", 180),
        row(
            "Maximiliane-Theodora von und zu Hohenlohe-Schillingsfürst",
            Status::Completed,
            Some("64"),
            "Greenhouse",
            1500,
        ),
        row("Ade Okafor", Status::Expired, None, "Greenhouse", 4000),
        row("Li Wei", Status::Cancelled, None, "Dashboard", 9000),
        row(
            "Sofía García",
            Status::Completed,
            Some("92"),
            "Greenhouse",
            12000,
        ),
    ];
    rows[4].assessment = "Site reliability: incident write-up and a short interview".into();
    rows[4].attention = Some("Greenhouse refuses our key".into());
    InvitesPage {
        frame: pages::dashboard::Frame {
            mail_waits: true,
            ..samples::frame(Section::Candidates)
        },
        filters: Filters {
            assessments: vec![Choice {
                value: "1".into(),
                label: "Backend practical".into(),
            }],
            ..Filters::default()
        },
        rows,
        next_href: Some("/candidates?cursor=1".into()),
        looks_on: false,
        first_href: None,
    }
}

fn no_invites(filtered: bool) -> InvitesPage {
    InvitesPage {
        frame: samples::frame(Section::Candidates),
        filters: Filters {
            q: if filtered { "zoe" } else { "" }.into(),
            ..Filters::default()
        },
        rows: Vec::new(),
        next_href: None,
        looks_on: false,
        first_href: None,
    }
}

fn assessments() -> AssessmentsPage {
    let row =
        |title: &str, state: AssessmentStatus, contents: &str, limit: Option<&str>| AssessmentRow {
            title: title.into(),
            state: state.into(),
            contents: contents.into(),
            time_limit: limit.map(str::to_owned),
            href: "/assessments/0192".into(),
        };
    AssessmentsPage {
        imports: true,
        frame: samples::frame(Section::Assessments),
        rows: vec![
            row(
                "Backend practical",
                AssessmentStatus::Published,
                "5 questions",
                Some("45 minutes"),
            ),
            row(
                "Numerical reasoning",
                AssessmentStatus::Published,
                "On runner.vendor.example",
                None,
            ),
            row(
                "Platform screening",
                AssessmentStatus::Draft,
                "1 question",
                Some("1 hour 30 minutes"),
            ),
            row(
                "Backend practical 2024",
                AssessmentStatus::Archived,
                "12 questions",
                None,
            ),
        ],
        next_href: None,
    }
}

fn keys() -> ApiKeysPage {
    use domain::ApiKeyKind::{GreenhouseAssessment, Platform};
    let row = |name: &str, kind, public: &str, state: Badge, used: Option<i64>| ApiKeyRow {
        name: name.into(),
        kind: key_words(kind),
        public_part: public.into(),
        state,
        created: ago(90_000),
        last_used: used.map(ago),
    };
    let active = || Badge::new("Active", Shape::Check, Tone::Good);
    ApiKeysPage {
        frame: samples::frame(Section::ApiKeys),
        rows: vec![
            row(
                "Greenhouse, new",
                GreenhouseAssessment,
                "gh_9xKd2…",
                active(),
                None,
            ),
            row(
                "Greenhouse",
                GreenhouseAssessment,
                "gh_7Fq2a…",
                Badge::new("Ends in 5 h", Shape::Clock, Tone::Warn),
                Some(3),
            ),
            row("Nightly export", Platform, "bt_1LmZp…", active(), Some(700)),
            row(
                "Old laptop",
                Platform,
                "bt_0Aa9k…",
                Badge::new("Revoked", Shape::Cross, Tone::Quiet),
                Some(80_000),
            ),
        ],
        reports: vec![TimelineEntry::new(
            "greenhouse.response_error",
            Some("partner_score must be a number".into()),
            When::new(samples::now(), samples::now()),
        )],
    }
}

fn sign_in() -> SignInPage {
    SignInPage {
        platform: "Baton".into(),
        next: "/candidates".into(),
        email: String::new(),
        errors: ErrorSummary::default(),
        notice: None,
    }
}

fn setup() -> SetupPage {
    SetupPage {
        platform: "Baton".into(),
        action: "/setup/sample".into(),
        email: "rosa.ortega@acme.example".into(),
        organization: Some("Acme Logistics".into()),
        errors: ErrorSummary {
            errors: password_errors("short", "short"),
        },
    }
}

fn trouble(status: u16) -> Trouble {
    let status = actix_web::http::StatusCode::from_u16(status).expect("a status");
    Trouble::new(status, None, "/candidates", "01934c5e-7a10")
}

fn html(page: &impl Template) -> String {
    page.render().expect("the page renders")
}

/// Each page's name and markup.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    let asker = samples::asker;
    assert_eq!(
        role_words(Role::Owner),
        samples::frame(Section::Elsewhere).role
    );
    vec![
        ("take-welcome", html(&welcome())),
        ("take-continue", html(&external_welcome())),
        ("take-questionnaire", html(&questionnaire())),
        ("take-refused", html(&refused_questionnaire())),
        ("take-review", html(&review())),
        ("take-launch", html(&launch())),
        (
            "take-thanks",
            html(&NoticePage::thanks(
                asker(),
                "Backend practical",
                ago(1),
                false,
            )),
        ),
        (
            "take-time-up",
            html(&NoticePage::thanks(
                asker(),
                "Backend practical",
                ago(1),
                true,
            )),
        ),
        (
            "take-expired",
            html(&NoticePage::expired(
                asker(),
                "Backend practical",
                in_days(-1),
            )),
        ),
        ("take-gone", html(&NoticePage::gone(asker()))),
        ("take-not-found", html(&NoticePage::not_found())),
        ("take-busy", html(&NoticePage::too_busy(TAKE))),
        (
            "take-failed",
            html(&NoticePage::failed(TAKE, "01934c5e-7a10")),
        ),
        ("result-shared", html(&shared_result(Status::Completed))),
        (
            "result-shared-started",
            html(&shared_result(Status::Started)),
        ),
        ("result-signed-in", html(&result_page())),
        ("result-withdrawn", html(&withdrawn())),
        ("result-erased", html(&erased())),
        (
            "result-confirm",
            html(&ConfirmPage::withdraw(
                samples::frame(Section::Candidates),
                "0192",
            )),
        ),
        (
            "invite-confirm-erase",
            html(&ConfirmPage::erase(
                samples::frame(Section::Candidates),
                "0192",
                "Zoë Nowak",
            )),
        ),
        ("invites", html(&invites())),
        ("invites-none", html(&no_invites(false))),
        ("invites-no-match", html(&no_invites(true))),
        ("invite-invited", html(&invite(Status::Invited))),
        ("invite-submitted", html(&invite(Status::Submitted))),
        ("invite-completed", html(&invite(Status::Completed))),
        ("assessments", html(&assessments())),
        ("keys", html(&keys())),
        ("sign-in", html(&sign_in())),
        (
            "sign-in-refused",
            html(&sign_in().refused("rosa@acme.example")),
        ),
        ("setup", html(&setup())),
        ("error-404", html(&framed_error(404))),
        (
            "error-503",
            html(&ErrorPage {
                platform: "Baton".into(),
                trouble: trouble(503),
            }),
        ),
        ("styleguide", html(&StyleguidePage::new())),
    ]
    .into_iter()
    .chain(integrations::all())
    .chain(interviews::all())
    .chain(requests::all())
    .chain(connect::all())
    .collect()
}

fn framed_error(status: u16) -> FramedErrorPage {
    FramedErrorPage {
        frame: samples::frame(Section::Elsewhere),
        trouble: trouble(status),
    }
}

fn erased() -> ErasedPage {
    ErasedPage::new("Acme Logistics", "Baton".into(), samples::now())
}

fn withdrawn() -> WithdrawnPage {
    WithdrawnPage {
        organization: "Acme Logistics".into(),
        platform: "Baton".into(),
        sign_in_href: "/sign-in?next=/results/0192".into(),
    }
}
