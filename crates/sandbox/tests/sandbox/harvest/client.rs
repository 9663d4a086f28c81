//! The client that others use (`greenhouse-harvest`) against this Harvest: what one says the other understands.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use greenhouse_harvest::ats_http::{FixedWindow, HostList, StaticToken};
use greenhouse_harvest::oauth::App;
use greenhouse_harvest::write::{
    CurrentStage, Move, NewApplication, NewAttachment, NewCandidate, NewNote,
};
use greenhouse_harvest::{
    ApplicationFilter, AttachmentFilter, AttachmentKind, CandidateEntry, CandidateFilter, Client,
    JobFilter, JobInterviewStageFilter, JobStatus, NoteFilter, Visibility,
};
use serde_json::json;

use super::play::{HarvestPlay, REDIRECT, SCOPES, parameter};

impl HarvestPlay {
    fn client(&self) -> Client {
        let base = self.url("/greenhouse/harvest/v3").parse().unwrap();
        let window = Arc::new(FixedWindow::new(10_000, Duration::from_secs(30)));
        let token = Arc::new(StaticToken::new(self.access.as_str()));
        let redirects = HostList::new(["127.0.0.1"]).unwrap();
        let redirects = redirects.allow_loopback_http(true);
        Client::new(self.http.clone(), base, token, window, redirects)
    }

    fn partner(&self) -> App {
        let of_app = |name: &str| self.app[name].as_str().unwrap();
        let mut app = App::partner(of_app("client_id"), of_app("client_secret"), REDIRECT);
        app.auth_base = self.url("/greenhouse/auth").parse().unwrap();
        app.scopes = SCOPES.split_whitespace().map(str::to_owned).collect();
        app
    }
}

#[tokio::test]
async fn an_app_is_let_in_learns_by_whom_and_is_thrown_out() {
    let play = HarvestPlay::start().await;
    let app = play.partner();
    let url = app.authorize_url("st4te", None);
    let (_, to) = play.decide(&url, json!({"service_account": true})).await;
    let code = parameter(&to["redirect_to"], "code").unwrap();
    let grant = app.exchange(&play.http, &code, None).await.unwrap();
    let again = app.exchange(&play.http, &code, None).await.unwrap_err();
    assert!(again.is_invalid_grant() && !again.is_temporary(), "{again}");
    let said = app
        .introspect(&play.http, &grant.access_token)
        .await
        .unwrap();
    let organization = i64::try_from(play.organization).ok();
    assert_eq!((said.active, said.organization_id), (true, organization));
    assert_eq!(said.user_role.as_deref(), Some("site_admin"));

    let refresh_token = grant.refresh_token.unwrap();
    let next = app.refresh(&play.http, &refresh_token).await.unwrap();
    let used = app.refresh(&play.http, &refresh_token).await.unwrap_err();
    assert!(used.is_invalid_grant(), "{used}");
    play.post(&play.of_organization("/revoke"), json!({})).await;
    let revoked = next.refresh_token.unwrap();
    let dead = app.refresh(&play.http, &revoked).await.unwrap_err();
    assert!(dead.is_invalid_grant(), "{dead}");
    let lost = play
        .client()
        .user_with_email("sofia.admin@customer.example")
        .await;
    assert!(lost.unwrap_err().is_auth_lost());
}

#[tokio::test]
async fn a_list_of_many_pages_comes_whole() {
    let play = HarvestPlay::start().await;
    let path = play.of_organization("/jobs/bulk");
    play.post(&path, json!({"count": 1_200})).await;
    let filter = JobFilter::new().status(JobStatus::Open).page_size(100);
    let jobs: Vec<_> = play.client().list(&filter).try_collect().await.unwrap();
    assert_eq!(jobs.len(), 1_200);
    let mut ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1_200);
}

#[tokio::test]
async fn somebody_is_referred_tagged_noted_and_moved() {
    let play = HarvestPlay::start().await;
    let client = play.client();
    let path = play.of_organization("/jobs");
    play.post(&path, json!({"name": "Engineer", "stages": ["Take home"]}))
        .await;
    let job = client
        .list(&JobFilter::new())
        .try_next()
        .await
        .unwrap()
        .unwrap();
    let second =
        json!({"name": "Ada Author", "emails": ["ada@acme.example", "author@acme.example"]});
    play.post(&play.of_organization("/users"), second).await;
    let author = client
        .user_with_email("AUTHOR@acme.example")
        .await
        .unwrap()
        .unwrap();
    let new = NewCandidate::new("Zoë", "Nowak")
        .email("personal".into(), "zoe@example.org")
        .social("https://www.linkedin.com/in/zoe")
        .application(&NewApplication::for_job(job.id).recruiter(author.id));
    let made = client.create_candidate(&new).await.unwrap();
    let CandidateEntry::Candidate(zoe) = made.candidate else {
        panic!("a person: {:?}", made.candidate);
    };
    let application = made.application.unwrap();
    let found = CandidateFilter::new().email("ZOE@example.org");
    let found: Vec<_> = client.list(&found).try_collect().await.unwrap();
    assert_eq!(found.len(), 1);

    client.ensure_tag(zoe.id, "Interviewed").await.unwrap();
    client.ensure_tag(zoe.id, "Interviewed").await.unwrap();
    let tagged = CandidateFilter::new().tag("Interviewed");
    assert!(client.list(&tagged).try_next().await.unwrap().is_some());

    let note = NewNote::new(zoe.id, &Visibility::Private, "Interview with Ada\nref: 8f2");
    let note = note.application(application.id).user(author.id);
    let written = client.create_note(&note).await.unwrap();
    assert_eq!(
        (written.user_id, written.visibility),
        (Some(author.id), Some(Visibility::Private))
    );
    let read: Vec<_> = client
        .list(&NoteFilter::new().candidates([zoe.id]))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(read.len(), 1);

    let file = NewAttachment::holding(
        application.id,
        AttachmentKind::TakeHomeTest,
        &Visibility::Private,
        "report.pdf",
        b"%PDF",
    );
    let file = client.create_attachment(&file).await.unwrap();
    let files = AttachmentFilter::new().applications([application.id]);
    assert!(client.list(&files).try_next().await.unwrap().is_some());
    client.delete_attachment(file.id).await.unwrap();
    assert!(
        client
            .delete_attachment(file.id)
            .await
            .unwrap_err()
            .is_not_found()
    );

    let stages = JobInterviewStageFilter::new().jobs([job.id]);
    let stages: Vec<_> = client.list(&stages).try_collect().await.unwrap();
    let from = application.job_interview_stage_id.unwrap();
    let on = Move::to_next_stage(CurrentStage::OfJob(from));
    client.move_application(application.id, &on).await.unwrap();
    let stale = client
        .move_application(application.id, &on)
        .await
        .unwrap_err();
    assert!(stale.is_invalid(), "{stale}");
    let there = ApplicationFilter::new().candidates([zoe.id]);
    let there = client.list(&there).try_next().await.unwrap().unwrap();
    assert_eq!(
        there.job_interview_stage_id,
        stages.iter().map(|stage| stage.id).max()
    );
}

#[tokio::test]
async fn each_fault_is_told_for_what_it_is() {
    let play = HarvestPlay::start().await;
    let client = play.client().with_repeats(0);
    let meets = async |play_of: serde_json::Value| {
        play.faults(json!({"next": {"play": play_of, "times": 1}}))
            .await;
        client.list(&JobFilter::new()).try_next().await.unwrap_err()
    };
    let throttled = meets(json!({"kind": "status", "status": 429, "retry_after": "7"})).await;
    assert!(throttled.is_throttled(), "{throttled}");
    assert_eq!(throttled.retry_after(), Some(Duration::from_secs(7)));
    assert!(
        meets(json!({"kind": "status", "status": 503}))
            .await
            .is_temporary()
    );
    assert!(meets(json!({"kind": "not_json"})).await.is_temporary());
    assert!(meets(json!({"kind": "reset"})).await.is_temporary());
    assert!(
        meets(json!({"kind": "status", "status": 403}))
            .await
            .is_forbidden()
    );
}
