//! Who is in the demo: Acme, its recruiter, its tests, and its Greenhouse, ready to send.

use std::io;

use app::api_keys::{self, NewKey};
use app::assessments::{self, Draft, DraftChoice, DraftQuestion};
use app::{App, organizations, sign_in};
use domain::{ApiKeyKind, AssessmentId, OrganizationId, QuestionKind, Role};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::house::House;

/// The name of the test that the walk sends.
const WALKED: &str = "Reading a table";

/// What was set up.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) http: reqwest::Client,
    /// The job and stage in the sandbox's Greenhouse that have the test.
    pub(crate) job: u64,
    pub(crate) stage: u64,
    pub(crate) assessment: AssessmentId,
    pub(crate) organization: OrganizationId,
    setup_url: String,
    platform_key: String,
}

/// What the demo has on Baton's side.
struct Acme {
    organization: OrganizationId,
    assessment: AssessmentId,
    greenhouse_key: String,
    platform_key: String,
    setup_url: String,
}

impl Story {
    /// Sets everything up: Acme through the use cases, its Greenhouse through the sandbox's control API.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(crate) async fn begin(house: &House) -> io::Result<Self> {
        let acme = house.app.write(acme).await.map_err(io::Error::other)?;
        let config = ats_http::ClientConfig::new("baton-demo");
        let http = ats_http::client(config).map_err(io::Error::other)?;
        let (job, stage) = greenhouse(house, &http, &acme).await?;
        Ok(Self {
            http,
            job,
            stage,
            assessment: acme.assessment,
            organization: acme.organization,
            setup_url: acme.setup_url,
            platform_key: acme.platform_key,
        })
    }

    /// The pages to open, and what to do there.
    pub(crate) fn pages(&self, house: &House) -> String {
        format!(
            "\nBaton is running.\n\n\
             1. Play recruiter     {}jobs/{}\n   \
                Press Send Test beside a candidate.\n\
             2. Play candidate     {}\n   \
                Open the invitation and take the assessment.\n\
             3. See it in Baton    {}\n   \
                Choose a password, once; you then see Acme's candidates.\n\n\
             The API               {}/docs   (key: {})\n",
            house.sandbox.url(),
            self.job,
            house.mail.page_url(),
            self.setup_url,
            house.url,
            self.platform_key,
        )
    }
}

fn acme(app: &App, conn: &mut app::AnyConnection) -> app::Result<Acme> {
    let organization = organizations::create(app, conn, "Acme")?.organization.id;
    let mut key = |kind, name: &str| {
        let new = NewKey {
            kind,
            name: name.to_owned(),
            scopes: None,
        };
        let made = api_keys::create(app, conn, organization, &new)?;
        Ok::<_, app::Error>(made.text.expose_secret().to_owned())
    };
    let greenhouse_key = key(ApiKeyKind::GreenhouseAssessment, "Acme's Greenhouse")?;
    let platform_key = key(ApiKeyKind::Platform, "Trying out the API")?;
    let mut publish = |draft: &Draft| {
        let made = assessments::create(app, conn, organization, draft)?;
        assessments::publish(conn, organization, made.id)
    };
    let assessment = publish(&table())?.id;
    publish(&every_kind())?;
    let owner = sign_in::create(
        app,
        conn,
        Some(organization),
        "grace@acme.example",
        Role::Owner,
    )?;
    Ok(Acme {
        organization,
        assessment,
        greenhouse_key,
        platform_key,
        setup_url: owner.setup_url,
    })
}

/// Five choices, 20 points each: four right answers make 80.
fn table() -> Draft {
    let questions = [
        (
            "Sales were 120 in May and 150 in June. By how much did they grow?",
            ["25 %", "20 %", "30 %"],
        ),
        (
            "Three of twelve tickets are open. What share is that?",
            ["A quarter", "A third", "A half"],
        ),
        (
            "A row has the values 2, 4 and 9. What is their mean?",
            ["5", "4", "7.5"],
        ),
        (
            "Two columns sum to 40. One is three times the other. How large is the smaller?",
            ["10", "13", "30"],
        ),
        (
            "A table is sorted by date, newest first. Where does today's row stand?",
            ["At the top", "At the bottom", "In the middle"],
        ),
    ];
    Draft {
        title: WALKED.to_owned(),
        description_html: Some(
            "<p>Five short questions about tables. No calculator needed.</p>".to_owned(),
        ),
        time_limit_minutes: Some(15),
        questions: questions
            .iter()
            .map(|(prompt, choices)| choice_question(prompt, choices))
            .collect(),
        ..Draft::default()
    }
}

/// The first of `choices` is the right one; on the page it stands elsewhere in most questions.
fn choice_question(prompt: &str, choices: &[&str]) -> DraftQuestion {
    let mut choices: Vec<DraftChoice> = choices
        .iter()
        .enumerate()
        .map(|(at, text)| DraftChoice {
            id: None,
            text: (*text).to_owned(),
            correct: at == 0,
        })
        .collect();
    let turns = prompt.len() % choices.len();
    choices.rotate_right(turns);
    DraftQuestion {
        prompt: prompt.to_owned(),
        points: 20.0,
        choices,
        ..question(QuestionKind::SingleChoice)
    }
}

/// One question of each kind: people grade the last three.
fn every_kind() -> Draft {
    let asked = |kind, prompt: &str| DraftQuestion {
        prompt: prompt.to_owned(),
        points: 10.0,
        ..question(kind)
    };
    Draft {
        title: "A day in support".to_owned(),
        description_html: Some(
            "<p>How you would help three customers. Write as you would to them.</p>".to_owned(),
        ),
        questions: vec![
            choice_question(
                "A customer cannot sign in. What do you ask first?",
                &["What they see", "Their password", "Nothing"],
            ),
            DraftQuestion {
                kind: QuestionKind::MultipleChoice,
                ..choice_question(
                    "Which of these belong into a bug report?",
                    &["What you did and saw", "Your salary"],
                )
            },
            asked(
                QuestionKind::ShortText,
                "How would you open your answer, in one line?",
            ),
            asked(
                QuestionKind::LongText,
                "The customer is angry about a late delivery. Write your answer.",
            ),
            asked(
                QuestionKind::Code,
                "Write a query that finds all open tickets older than a week.",
            ),
        ],
        ..Draft::default()
    }
}

fn question(kind: QuestionKind) -> DraftQuestion {
    DraftQuestion {
        id: None,
        kind,
        prompt: String::new(),
        choices: Vec::new(),
        points: 1.0,
        competency: None,
    }
}

/// Connects Acme's Greenhouse with Baton: a job, a stage with the test and a grader, three candidates.
async fn greenhouse(house: &House, http: &reqwest::Client, acme: &Acme) -> io::Result<(u64, u64)> {
    let base = format!("{}/api/greenhouse", house.url);
    let organization = json!({ "name": "Acme", "partner_name": "Baton", "base_url": base, "key": acme.greenhouse_key });
    let organization = control(house, http, Method::POST, "organizations", organization).await?;
    let job = json!({ "organization_id": organization["id"], "name": "Support engineer" });
    let job = control(house, http, Method::POST, "jobs", job).await?;
    let job = id(&job)?;
    let stage = control(
        house,
        http,
        Method::POST,
        &format!("jobs/{job}/stages"),
        json!({ "name": "Baton assessment" }),
    )
    .await?;
    let stage = id(&stage)?;
    let test = json!({ "partner_test_id": acme.assessment, "graders": ["Grace Hopper"] });
    control(house, http, Method::PATCH, &format!("stages/{stage}"), test).await?;
    for (first, last) in [
        ("Ada", "Lovelace"),
        ("Alan", "Turing"),
        ("Katherine", "Johnson"),
    ] {
        add_candidate(house, http, job, stage, first, last).await?;
    }
    Ok((job, stage))
}

/// Adds a candidate to the stage; the application's id.
pub(crate) async fn add_candidate(
    house: &House,
    http: &reqwest::Client,
    job: u64,
    stage: u64,
    first: &str,
    last: &str,
) -> io::Result<u64> {
    let email = format!("{first}.{last}@candidate.example").to_lowercase();
    let candidate = json!({ "job_id": job, "stage_id": stage, "first_name": first, "last_name": last, "email": email });
    let made = control(house, http, Method::POST, "applications", candidate).await?;
    number(&made, "application_id")
}

/// Calls the sandbox's control API.
pub(crate) async fn control(
    house: &House,
    http: &reqwest::Client,
    method: Method,
    path: &str,
    body: Value,
) -> io::Result<Value> {
    let url = format!("{}control/greenhouse/{path}", house.sandbox.url());
    let mut call = http.request(method.clone(), url);
    if method != Method::GET {
        call = call.json(&body);
    }
    let answer = call.send().await.map_err(io::Error::other)?;
    let status = answer.status();
    let body: Value = answer.json().await.map_err(io::Error::other)?;
    if status.is_success() {
        Ok(body)
    } else {
        Err(io::Error::other(format!(
            "the sandbox answers {status}: {body}"
        )))
    }
}

fn id(made: &Value) -> io::Result<u64> {
    number(made, "id")
}

fn number(made: &Value, member: &str) -> io::Result<u64> {
    made[member]
        .as_u64()
        .ok_or_else(|| io::Error::other(format!("the sandbox gave no {member}")))
}
