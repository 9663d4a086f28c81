//! Who is in the demo: Acme, its people, its assessments, its Greenhouse and its Lever, ready to send.

use std::io;

use app::api_keys::{self, NewKey};
use app::assessments::Draft;
use app::{App, assessments, organizations, sign_in};
use domain::{ApiKeyKind, AssessmentId, OrganizationId, Role};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::assessments::{every_kind, table};
use crate::control::Control;
use crate::greenhouse::Greenhouse;
use crate::house::House;
use crate::lever::Lever;

/// What was set up.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) control: Control,
    pub(crate) greenhouse: Greenhouse,
    pub(crate) lever: Lever,
    pub(crate) assessment: AssessmentId,
    pub(crate) organization: OrganizationId,
    setup_url: String,
    platform_key: String,
}

/// What the demo has on Baton's side.
struct Acme {
    organization: OrganizationId,
    assessment: AssessmentId,
    graded: AssessmentId,
    greenhouse_key: String,
    platform_key: String,
    setup_url: String,
}

impl Story {
    /// Sets everything up: Acme through the use cases, its Greenhouse and its Lever through the sandbox's control API.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(crate) async fn begin(house: &House) -> io::Result<Self> {
        let acme = house.app.write(acme).await.map_err(io::Error::other)?;
        let config = ats_http::ClientConfig::new("baton-demo");
        let http = ats_http::client(config).map_err(io::Error::other)?;
        let control = Control::new(http, house.sandbox.url());
        let (test, graded) = (acme.assessment, acme.graded);
        let key = &acme.greenhouse_key;
        Ok(Self {
            greenhouse: Greenhouse::set_up(&control, &house.url, key, test, graded).await?,
            lever: Lever::set_up(&control, &house.url).await?,
            control,
            assessment: acme.assessment,
            organization: acme.organization,
            setup_url: acme.setup_url,
            platform_key: acme.platform_key,
        })
    }

    /// The pages to open, and what to do there.
    pub(crate) fn pages(&self, house: &House) -> String {
        let (sandbox, baton) = (house.sandbox.url(), &house.url);
        format!(
            "\nBaton is running.\n\n\
             1. See it in Baton      {}\n   \
                Choose a password, once; you then are Acme's owner.\n\
             2. Play candidate       {}\n   \
                Every invitation lands here: open it and take the assessment.\n\n\
             Greenhouse\n\
             3. Play recruiter       {sandbox}jobs/{}\n   \
                Press Send Test beside a candidate.\n\
             4. Connect Harvest      {baton}/settings/integrations\n   \
                Press Connect to Greenhouse, authorize using a service account, then Import from Greenhouse. Under Settings name\n   \
                grace@acme.example; then file an interview under Interviews, and say yes as the candidate.\n   \
                Send Margaret her test, take it as her, grade it twice: the second score is a note in her feed.\n\
             5. Play recruiter       {sandbox}organizations/{}/people\n   \
                Everybody with applications and notes; web hooks are made in the Dev Center beside it.\n\n\
             Lever\n\
             6. Connect              {baton}/settings/integrations\n   \
                Press Log In to Lever, accept, add the trigger stage Assessment.\n\
             7. Play recruiter       {sandbox}lever/accounts/{}\n   \
                Switch on Candidate Stage Change under Webhooks, tag a candidate “Reading a table”, move the card to Assessment.\n\n\
             The API                 {baton}/docs   (key: {})\n",
            self.setup_url,
            house.mail.page_url(),
            self.greenhouse.job,
            self.greenhouse.organization,
            self.lever.account,
            self.platform_key,
        )
    }
}

impl Story {
    /// Calls `/v1` as Acme's own program would.
    ///
    /// # Errors
    /// What Baton answers, where it refuses.
    pub(crate) async fn v1(
        &self,
        house: &House,
        method: Method,
        path: &str,
        body: &Value,
    ) -> io::Result<Value> {
        let url = format!("{}/v1/{path}", house.url);
        let call = self.control.http.request(method, url);
        let answer = call.bearer_auth(&self.platform_key).json(body).send().await;
        let answer = answer.map_err(io::Error::other)?;
        let status = answer.status();
        let text = answer.text().await.map_err(io::Error::other)?;
        if status.is_success() {
            return serde_json::from_str(&text).map_err(io::Error::other);
        }
        Err(io::Error::other(format!("Baton answers {status}: {text}")))
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
    let graded = publish(&every_kind())?.id;
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
        graded,
        greenhouse_key,
        platform_key,
        setup_url: owner.setup_url,
    })
}
