//! Every route of the server: those of `/v1` as its own document lists them, the others as this table does. The table is held
//! against the sources, so that no route is forgotten.

use serde_json::Value;

use super::TestApp;

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// The operator's token.
    Operator,
    /// An operator who is signed in.
    Operating,
    /// An organization's platform key.
    Platform,
    /// An organization's key as Greenhouse sends it.
    Greenhouse,
    /// Somebody of an organization who is signed in.
    Session,
    /// The same, and an owner or an admin.
    Administration,
    /// The same as [`Session`](Self::Session), or whoever has a grant; everybody else is asked to sign in.
    Results,
    /// Whoever has a candidate's link.
    Link,
    /// Whoever has a setup link.
    Setup,
    /// Everybody.
    Open,
}

/// What a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Form,
}

/// One route, with all that a call of it needs.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// The path, with `{…}` where an id or a token belongs, in a query too.
    pub(crate) pattern: String,
    pub(crate) door: Door,
    /// A body that is taken, with `{id}` where an id belongs.
    pub(crate) body: Option<(Format, String)>,
    /// What its own door answers to an id that nobody has.
    pub(crate) unknown: u16,
}

impl Route {
    /// Does a call of it name a thing?
    pub(crate) fn names_something(&self) -> bool {
        self.pattern.contains('{')
            || self
                .body
                .as_ref()
                .is_some_and(|(_, body)| body.contains("{id}"))
    }

    /// The path with this in the place of each id.
    pub(crate) fn path(&self, id: &str) -> String {
        let mut path = String::new();
        let mut rest = self.pattern.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            path = path + before + id;
            rest = after.split_once('}').expect("a bracket is closed").1;
        }
        path + rest
    }

    /// The body with this in the place of each id.
    pub(crate) fn body(&self, id: &str) -> Option<(Format, String)> {
        let (format, body) = self.body.as_ref()?;
        Some((*format, body.replace("{id}", id)))
    }
}

/// All of them.
pub(crate) async fn routes(app: &TestApp) -> Vec<Route> {
    let mut routes = of_v1(&app.http, &app.url).await;
    routes.extend(others());
    routes
}

/// Those that the document lists, and those of them that name something in another place than the path.
pub(crate) async fn of_v1(http: &reqwest::Client, url: &str) -> Vec<Route> {
    let document = http.get(format!("{url}/openapi.json")).send().await;
    let document: Value = document.expect("an answer").json().await.expect("JSON");
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if let Some(operation) = methods.get(method.to_lowercase()) {
                found.push(documented(method, path, operation));
            }
        }
    }
    assert!(found.len() >= 30, "the document lists them all");
    found.push(Route {
        unknown: 200,
        ..route("GET", "/v1/invites?assessment_id={id}", Door::Platform)
    });
    found
}

fn documented(method: &'static str, path: &str, operation: &Value) -> Route {
    let security = operation["security"].to_string();
    let door = match (
        security.contains("operator_token"),
        security.contains("platform_key"),
    ) {
        (true, false) => Door::Operator,
        (false, true) => Door::Platform,
        _ => panic!("{method} {path} declares {security}: each operation declares one role"),
    };
    let mut route = route(method, path, door);
    if let Some(wanted) = operation.get("requestBody") {
        let example = EXAMPLES
            .iter()
            .find(|(known, _)| *known == format!("{method} {path}"));
        assert!(
            example.is_some() || wanted["required"] != true,
            "{method} {path}: give it an example in EXAMPLES"
        );
        route.body = Some((
            Format::Json,
            example.map_or("{}", |(_, body)| *body).to_owned(),
        ));
    }
    if ["/v1/invites", "/v1/greenhouse/stage-mappings"].contains(&path) {
        // What a body names is a member at fault.
        route.unknown = 422;
    }
    route
}

/// Bodies that are taken where the thing they are about is there.
const EXAMPLES: [(&str, &str); 20] = [
    ("POST /v1/organizations", r#"{"name":"Another"}"#),
    (
        "POST /v1/organizations/{id}/api-keys",
        r#"{"kind":"platform","name":"More","scopes":["read"]}"#,
    ),
    (
        "PATCH /v1/organizations/{id}",
        r#"{"integrations":["lever"]}"#,
    ),
    (
        "PATCH /v1/connections/{kind}",
        r#"{"settings":{"note_secret":true}}"#,
    ),
    ("POST /v1/connect-links", r#"{"kinds":["lever"]}"#),
    (
        "POST /v1/lever/trigger-stages",
        r#"{"stage_id":"applicant-new"}"#,
    ),
    (
        "POST /v1/greenhouse/stage-mappings",
        r#"{"stage_id":"4711","assessment_id":"{id}"}"#,
    ),
    (
        "PATCH /v1/organization",
        r#"{"name":"Renamed","reply_to":"people@customer.example"}"#,
    ),
    (
        "POST /v1/api-keys",
        r#"{"kind":"greenhouse_assessment","name":"More"}"#,
    ),
    ("POST /v1/api-keys/{id}/rotate", r#"{"overlap_seconds":60}"#),
    (
        "POST /v1/assessments",
        r#"{"title":"Essay","kind":"questionnaire","time_limit_minutes":30,"competencies":[{"key":"a","name":"A"}],"questions":[{"kind":"single_choice","prompt":"Which?","points":2,"competency":"a","choices":[{"text":"This","correct":true},{"text":"That"}]},{"kind":"long_text","prompt":"Why?"}]}"#,
    ),
    (
        "PATCH /v1/assessments/{id}",
        r#"{"title":"Mine","email_template":{"subject":"Hello","body":"{{link}}"}}"#,
    ),
    (
        "POST /v1/invites",
        r#"{"assessment_id":"{id}","candidate":{"email":"kim@candidate.example","first_name":"Kim"},"send_email":false}"#,
    ),
    (
        "POST /v1/interviews",
        r#"{"candidate":{"first_name":"Kim","last_name":"Lee","email":"kim@candidate.example"},"interviewer_name":"Ines","interviewed_on":"2026-09-28","scores":[{"name":"A","score":3}],"advance":true,"send_email":false}"#,
    ),
    (
        "POST /v1/interviews/{id}/consent",
        r#"{"interested":false}"#,
    ),
    ("PUT /v1/invites/{id}/result", r#"{"score":1}"#),
    ("PATCH /v1/invites/{id}", r#"{"launch_url":null}"#),
    (
        "POST /v1/invites/{id}/extend",
        r#"{"expires_at":"2099-01-01T00:00:00Z"}"#,
    ),
    ("POST /v1/invites/{id}/refuse", r#"{"reason":"No"}"#),
    ("POST /v1/invites/{id}/grades", r#"{"grades":[]}"#),
];

/// All routes outside of `/v1`.
pub(crate) fn others() -> Vec<Route> {
    let open = [
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/docs",
        "/docs/{file:.*}",
        "/assets/{hash}/{name}",
        "/styleguide",
        "/sign-in",
        // Leads everybody on to a page of theirs.
        "/",
    ];
    let mut all: Vec<_> = open.map(|path| route("GET", path, Door::Open)).into();
    all.extend([
        with("POST", "/sign-in", Door::Open, Format::Form, "email=ada%40customer.example&password=a&next=%2F", 422),
        with("POST", "/sign-out", Door::Open, Format::Form, "csrf=a", 303),
        route("GET", "/setup/{token}", Door::Setup),
        with("POST", "/setup/{token}", Door::Setup, Format::Form, "password=a-long-password-1&repeated=a-long-password-1", 410),
        Route { unknown: 400, ..route("GET", "/oauth/lever/callback?state={token}&code=x", Door::Link) },
        Route { unknown: 400, ..route("GET", "/oauth/greenhouse/callback?state={token}&code=x", Door::Link) },
        with("POST", "/oauth/undo", Door::Link, Format::Form, "token={id}", 410),
        route("GET", "/connect/{token}", Door::Link),
        with("POST", "/connect/{token}", Door::Link, Format::Form, "kind=lever", 404),
        route("GET", "/take/{token}", Door::Link),
        with("POST", "/take/{token}/start", Door::Link, Format::Form, "", 404),
        with("POST", "/take/{token}/save", Door::Link, Format::Form, "q-{id}=x", 404),
        with("POST", "/take/{token}/submit", Door::Link, Format::Form, "q-{id}=x&confirmed=yes", 404),
        with("POST", "/take/{token}/answers", Door::Link, Format::Json, r#"{"seq":1,"answers":{"{id}":"x"}}"#, 404),
        route("GET", "/consent/{token}", Door::Link),
        with("POST", "/consent/{token}", Door::Link, Format::Form, "interested=no", 404),
        Route { unknown: 200, ..route("GET", "/interviews?cursor={id}", Door::Session) },
        route("GET", "/interviews/new", Door::Session),
        with("POST", "/interviews/new", Door::Session, Format::Form, "first_name=Kim&last_name=Lee&email=kim%40candidate.example&interviewer_name=Ines&interviewed_on=2026-09-28&score-name-0=A&score-0=3&comments=x&advance=no&greenhouse_job_id=1&linkedin_url=", 303),
        route("GET", "/interviews/{id}", Door::Session),
        with("POST", "/interviews/{id}/try-again", Door::Session, Format::Form, "", 404),
        Route { unknown: 200, ..route("GET", "/candidates?assessment={id}&cursor={id}", Door::Session) },
        route("GET", "/invites/{id}", Door::Session),
        with("POST", "/invites/{id}/grades", Door::Session, Format::Form, "points-{id}=1&comment-{id}=x", 404),
        route("GET", "/results/{id}", Door::Results),
        with("POST", "/invites/{id}/resend", Door::Session, Format::Form, "", 404),
        with("POST", "/invites/{id}/erase", Door::Administration, Format::Form, "confirmed=yes", 404),
        with("POST", "/webhooks/mail/{token}", Door::Link, Format::Json, r#"{"message_id":"<{id}.1.invitation@h>","kind":"bounced"}"#, 401),
        with("POST", "/webhooks/lever/{connection_id}", Door::Link, Format::Json, r#"{"event":"candidateStageChange","triggeredAt":1790000000123,"token":"t","signature":"00","data":{"opportunityId":"{id}"}}"#, 401),
        with("POST", "/webhooks/greenhouse/{connection_id}", Door::Link, Format::Json, r#"{"action":"candidate_stage_change","payload":{"application":{"id":1}}}"#, 401),
        with("POST", "/results/{id}/withdraw", Door::Administration, Format::Form, "confirmed=yes", 404),
        Route { unknown: 200, ..route("GET", "/assessments?cursor={id}", Door::Session) },
        route("GET", "/assessments/{id}", Door::Session),
        route("GET", "/assessments/import", Door::Session),
        with("POST", "/assessments/import?job_id={id}", Door::Administration, Format::Form, "", 404),
        route("GET", "/assessments/{id}/description", Door::Session),
        with("POST", "/assessments/{id}/description", Door::Administration, Format::Form, "version=x", 404),
        route("GET", "/assessments/{id}/stages", Door::Session),
        with("POST", "/assessments/{id}/stages", Door::Administration, Format::Form, "stage_id=1", 404),
        with("POST", "/assessments/{id}/stages/{mapping}/remove", Door::Administration, Format::Form, "", 404),
        with("POST", "/assessments/{id}/job", Door::Administration, Format::Form, "job=1", 404),
        route("GET", "/settings/integrations", Door::Session),
        with("POST", "/settings/integrations/{kind}/disconnect", Door::Administration, Format::Form, "confirmed=yes", 404),
        with("POST", "/settings/integrations/{kind}/request", Door::Administration, Format::Form, "", 404),
        with("POST", "/settings/integrations/{kind}/confirm-account", Door::Administration, Format::Form, "", 404),
        route("GET", "/settings/integrations/{kind}/activity", Door::Session),
        with("POST", "/settings/integrations/{kind}/log-in", Door::Administration, Format::Form, "", 404),
        route("GET", "/settings/integrations/greenhouse_harvest/settings", Door::Administration),
        with("POST", "/settings/integrations/greenhouse_harvest/settings", Door::Administration, Format::Form, "created_by_email=", 404),
        with("POST", "/settings/integrations/greenhouse_harvest/webhook-secret", Door::Administration, Format::Form, "", 404),
        route("GET", "/settings/integrations/lever/trigger-stages/add", Door::Administration),
        with("POST", "/settings/integrations/lever/trigger-stages", Door::Administration, Format::Form, "stage_id=x", 404),
        with("POST", "/settings/integrations/lever/trigger-stages/{id}/remove", Door::Administration, Format::Form, "confirmed=yes", 404),
        route("GET", "/settings/integrations/lever/settings", Door::Administration),
        with("POST", "/settings/integrations/lever/settings", Door::Administration, Format::Form, "note_secret=yes", 404),
        route("GET", "/settings/api-keys", Door::Administration),
        Route { unknown: 200, ..route("GET", "/operator/requests?cursor={id}", Door::Operating) },
        with("POST", "/operator/requests/{organization}/{kind}/fulfil", Door::Operating, Format::Form, "confirmed=yes", 404),
        route("GET", "/api/greenhouse/list_tests", Door::Greenhouse),
        route("GET", "/api/greenhouse/test_status?partner_interview_id={id}", Door::Greenhouse),
        with(
            "POST",
            "/api/greenhouse/send_test",
            Door::Greenhouse,
            Format::Json,
            r#"{"partner_test_id":"{id}","candidate":{"first_name":"Kim","last_name":"Lee","email":"kim@candidate.example","phone_number":"1","resume_url":"https://files.example/1","greenhouse_profile_url":"https://app.greenhouse.io/people/1?application_id=2"},"sent_by":"r@customer.example","url":"https://app.greenhouse.io/tests/1"}"#,
            404,
        ),
    ]);
    for path in [
        "/api/greenhouse/response_errors",
        "/api/greenhouse/response_error",
    ] {
        let body = r#"{"api_call":"test_status","errors":["x"],"partner_test_id":"{id}","partner_interview_id":"{id}"}"#;
        all.push(with(
            "POST",
            path,
            Door::Greenhouse,
            Format::Json,
            body,
            200,
        ));
    }
    all
}

fn route(method: &'static str, pattern: &str, door: Door) -> Route {
    let unknown = if door == Door::Setup { 410 } else { 404 };
    Route {
        method,
        pattern: pattern.to_owned(),
        door,
        body: None,
        unknown,
    }
}

fn with(
    method: &'static str,
    pattern: &str,
    door: Door,
    format: Format,
    body: &str,
    unknown: u16,
) -> Route {
    let body = Some((format, body.to_owned()));
    Route {
        body,
        unknown,
        ..route(method, pattern, door)
    }
}
