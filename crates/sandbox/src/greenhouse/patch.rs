//! The endpoint that vendors PATCH when a test is done.

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};

use super::basic;
use super::faults::{self, Fault};
use super::organization::{Organization, PatchAuth, Polling};
use super::reading::{self, Read};
use super::recruiting::ApplicationStatus;
use super::take_home_test::{SentTest, State};
use crate::call_log::{Ats, Call, Direction, Findings};
use crate::shared::Shared;
use crate::world::World;

/// What Greenhouse does with a PATCH.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    /// No credential, or a wrong one: 401.
    Unauthorized,
    /// No such take home test: 404.
    Unknown,
    /// 200, without reading anything.
    Ignored(&'static str),
    /// 200, and the status is read: before the answer or after it.
    Read {
        /// Read first, to catch vendors that deadlock.
        before_answer: bool,
    },
}

/// `PATCH …/take_home_tests/{id}`.
pub(crate) async fn receive(
    shared: web::Data<Shared>,
    path: web::Path<String>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let begun = Instant::now();
    let mut call = describe(&shared, &request, &body);
    let id = path.parse::<u64>().unwrap_or_default();
    let authorization = text_header(&request, header::AUTHORIZATION);
    let (admission, fault) = shared.change(|world, now| {
        call.organization_id = world.test(id).ok().map(|test| test.organization_id);
        call.take_home_test_id = world.test(id).ok().map(|test| test.take_home_test_id);
        let admission = admit(world, now, id, authorization.as_deref());
        (admission, world.faults.take_for(id))
    });
    (call.status, call.note) = match &fault {
        Some(fault) => {
            let note = format!("Fault played: {}", fault.play.words());
            (fault.play.status(), Some(note))
        }
        None => verdict(admission),
    };
    // Into the log before the read that it leads to; the time it took is added at its end.
    let sequence = log(&shared, call);
    let answer = match &fault {
        Some(fault) => play_fault(&shared, fault, admission, id, &request).await,
        None => {
            take_effect(&shared, admission, id).await;
            answer(admission)
        }
    };
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    shared.change(|world, _| world.log.set_milliseconds(sequence, milliseconds));
    answer
}

/// Any other method.
pub(crate) async fn refuse_method(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let mut call = describe(&shared, &request, &body);
    call.status = Some(405);
    log(&shared, call);
    HttpResponse::MethodNotAllowed()
        .insert_header((header::ALLOW, "PATCH"))
        .finish()
}

/// Where a followed redirect ends: nobody should ever come here.
pub(crate) async fn elsewhere(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let mut call = describe(&shared, &request, &body);
    call.call = "elsewhere".to_owned();
    call.status = Some(200);
    call.findings
        .error("a redirect of the PATCH was followed: the credential must stay with Greenhouse");
    log(&shared, call);
    HttpResponse::Ok().finish()
}

fn describe(shared: &Shared, request: &HttpRequest, body: &[u8]) -> Call {
    let authorization = text_header(request, header::AUTHORIZATION);
    Call {
        sequence: 0,
        at: shared.now(),
        ats: Ats::Greenhouse,
        direction: Direction::FromVendor,
        call: "patch".to_owned(),
        method: request.method().to_string(),
        url: request.uri().to_string(),
        authorization: authorization.as_deref().map(basic::redacted),
        request_body: (!body.is_empty()).then(|| String::from_utf8_lossy(body).into_owned()),
        status: None,
        response_body: None,
        milliseconds: 0,
        note: None,
        findings: Findings::default(),
        organization_id: None,
        take_home_test_id: None,
        account_id: None,
        opportunity_id: None,
    }
}

fn text_header(request: &HttpRequest, name: header::HeaderName) -> Option<String> {
    let value = request.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn log(shared: &Shared, call: Call) -> u64 {
    shared.change(|world, _| world.log.add(call))
}

/// Decides what to do, and counts it.
fn admit(world: &mut World, now: DateTime<Utc>, id: u64, authorization: Option<&str>) -> Admission {
    let credential = authorization.and_then(basic::parse);
    let Ok(test) = world.test(id) else {
        let anonymous_is_fine = world
            .organizations
            .values()
            .any(|organization| organization.patch_auth == PatchAuth::None);
        return match credential {
            None if !anonymous_is_fine => Admission::Unauthorized,
            _ => Admission::Unknown,
        };
    };
    let decided = decide(world, now, test, credential.as_ref());
    if let Some(test) = world.tests.get_mut(&id) {
        test.last_patch_at = Some(now);
        match decided {
            Admission::Unauthorized | Admission::Unknown => test.refused_patches += 1,
            Admission::Ignored(_) | Admission::Read { .. } => test.patches += 1,
        }
    }
    decided
}

fn decide(
    world: &World,
    now: DateTime<Utc>,
    test: &SentTest,
    credential: Option<&(String, String)>,
) -> Admission {
    let organization = world.organizations.get(&test.organization_id);
    let application = world.applications.get(&test.application_id);
    let (Some(organization), Some(application)) = (organization, application) else {
        return Admission::Unknown;
    };
    if !accepts(organization, now, credential) {
        return Admission::Unauthorized;
    }
    if application.status != ApplicationStatus::Active {
        return Admission::Ignored("The candidate is hired or rejected: the result is not shown");
    }
    if test.state == State::ToBeGraded && !organization.reread_complete {
        return Admission::Ignored("The test is complete already");
    }
    if organization.polling == Polling::Legacy {
        return Admission::Ignored("This partner is polled: nothing is read on a PATCH");
    }
    Admission::Read {
        before_answer: organization.read_before_answer,
    }
}

fn accepts(
    organization: &Organization,
    now: DateTime<Utc>,
    credential: Option<&(String, String)>,
) -> bool {
    let is_key = || {
        let key = organization.key_at(now);
        credential.is_some_and(|(user, password)| {
            key.is_some_and(|key| key.0 == *user) && password.is_empty()
        })
    };
    let is_pair = || {
        let pair = organization
            .partner_username
            .as_ref()
            .zip(organization.partner_password.as_ref());
        credential.is_some_and(|(user, password)| {
            pair.is_some_and(|(name, secret)| name == user && secret.0 == *password)
        })
    };
    match organization.patch_auth {
        PatchAuth::OrgKey => is_key(),
        PatchAuth::PartnerPair => is_pair(),
        PatchAuth::Either => is_key() || is_pair(),
        PatchAuth::None => true,
    }
}

/// Status and note for the log.
fn verdict(admission: Admission) -> (Option<u16>, Option<String>) {
    let (status, note) = match admission {
        Admission::Unauthorized => (401, "No credential that is accepted here"),
        Admission::Unknown => (404, "No such take home test"),
        Admission::Ignored(why) => (200, why),
        Admission::Read { .. } => return (Some(200), None),
    };
    (Some(status), Some(note.to_owned()))
}

fn answer(admission: Admission) -> HttpResponse {
    match admission {
        Admission::Unauthorized => HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"Greenhouse\""))
            .finish(),
        Admission::Unknown => HttpResponse::NotFound().finish(),
        Admission::Ignored(_) | Admission::Read { .. } => HttpResponse::Ok().finish(),
    }
}

async fn play_fault(
    shared: &web::Data<Shared>,
    fault: &Fault,
    admission: Admission,
    id: u64,
    request: &HttpRequest,
) -> HttpResponse {
    if fault.takes_effect {
        take_effect(shared, admission, id).await;
    } else if matches!(admission, Admission::Ignored(_) | Admission::Read { .. }) {
        shared.change(|world, _| take_back(world, id));
    }
    faults::play(&fault.play, request, &elsewhere_link(shared)).await
}

/// A PATCH that met a fault was not heard.
fn take_back(world: &mut World, id: u64) {
    if let Some(test) = world.tests.get_mut(&id) {
        test.patches -= 1;
        test.refused_patches += 1;
    }
}

/// The sandbox under another host name, so that following there is a step to another host.
fn elsewhere_link(shared: &Shared) -> String {
    let mut url = shared.public_url.clone();
    let other = if url.host_str() == Some("localhost") {
        "127.0.0.1"
    } else {
        "localhost"
    };
    let _ = url.set_host(Some(other));
    url.set_path("/greenhouse/elsewhere");
    url.into()
}

/// Reads the status where the PATCH calls for it. The read goes on when the vendor hangs up.
async fn take_effect(shared: &web::Data<Shared>, admission: Admission, id: u64) {
    let Admission::Read { before_answer } = admission else {
        return;
    };
    let inner: Arc<Shared> = shared.clone().into_inner();
    let reading = tokio::spawn(async move {
        let read = reading::read_status(&inner, id).await;
        inner.change(|world, _| count(world, id, read.ok()));
    });
    if before_answer {
        let _ = reading.await;
    }
}

fn count(world: &mut World, id: u64, read: Option<Read>) {
    if let (Some(test), Some(read)) = (world.tests.get_mut(&id), read) {
        match read {
            Read::NotComplete => test.early_patches += 1,
            Read::SameResult => test.idle_patches += 1,
            Read::News | Read::Unusable => {}
        }
    }
}
