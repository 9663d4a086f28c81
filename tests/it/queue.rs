//! What users see of jobs that are given up, and of jobs that are queued again.

use app::jobs::{count_dead, list_dead, replay_dead};
use chrono::TimeDelta;
use serde_json::json;
use storage::jobs::{DeadFilter, Room, claim, claim_suspect, take_back_all, take_back_lost};
use storage::workers::{self, WorkerId};
use storage::{AnyConnection, Page};

use crate::harness::{TestApp, ask, eventually, external};

const NOWHERE: &str = "http://127.0.0.1:9/take_home_tests/1";

test_support::each_database! {
    async fn a_mail_over_which_worker_after_worker_died_has_failed_and_can_be_sent_after_all(database: Database) {
        let app = TestApp::start_still(database, &[("MAIL__SMTP_URL", "")]).await;
        let test = app.publish(external("Backend")).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", NOWHERE)).await;
        app.idle().await;
        for _ in 0..8 {
            a_worker_dies_over_it(&app).await;
        }
        app.advance(TimeDelta::hours(1));
        email_state(&app, &interview, "failed").await;
        let told = app.timeline(&interview).await.pop().expect("entries");
        assert_eq!(told["type"], "mail.failed");
        assert_eq!(told["detail"]["reason"], "given up: one worker after the other ended while it was at it, the last ones with nothing else in hand");
        let ours = DeadFilter { organization: Some(app.organization), ..DeadFilter::default() };
        let dead = list_dead(&app.app, ours.clone(), Page::default()).await.expect("a list");
        assert_eq!((dead.len(), dead[0].kind.as_str(), dead[0].reason.as_deref()), (1, "mail_invite", Some("crashed")));
        let one = DeadFilter { id: Some(dead[0].id), ..DeadFilter::default() };
        let replayed = replay_dead(&app.app, one, |_, _, _| Ok(())).await.expect("it is queued again");
        assert_eq!((replayed.len(), count_dead(&app.app, ours).await.expect("a count")), (1, 0));
        email_state(&app, &interview, "queued").await;
        let relay = app.mail.smtp_url();
        let app = app.restart(&[("MAIL__SMTP_URL", &relay)]).await;
        app.advance(TimeDelta::hours(1));
        email_state(&app, &interview, "sent").await;
        app.stop().await;
    }
}

/// A worker claims all there is, however early, and goes away without a word.
async fn a_worker_dies_over_it(app: &TestApp) {
    let died = app.app.write(|app, conn| {
        let (worker, later) = (WorkerId(app.draw()), app.now() + TimeDelta::hours(1));
        let claimed = match conn {
            AnyConnection::Sqlite(_) => take(conn, worker, later)?,
            AnyConnection::Postgres(_) => {
                workers::beat(conn, worker, "a worker that dies", later)?;
                let claimed = take(conn, worker, later)?;
                workers::leave(conn, worker)?;
                claimed
            }
        };
        let back = match conn {
            AnyConnection::Sqlite(_) => take_back_all(conn, later)?,
            AnyConnection::Postgres(_) => take_back_lost(conn, later)?,
        };
        Ok((claimed, back))
    });
    assert_eq!(died.await.expect("it can be written"), (1, 1));
}

fn take(
    conn: &mut AnyConnection,
    worker: WorkerId,
    at: chrono::DateTime<chrono::Utc>,
) -> storage::Result<usize> {
    let usual = claim(conn, &Room::of(worker, 10), at, worker.0)?.jobs.len();
    let suspect = claim_suspect(conn, worker, at, worker.0)?;
    Ok(usual + usize::from(suspect.is_some()))
}

async fn email_state(app: &TestApp, interview: &str, state: &str) {
    eventually(&format!("the mail is {state}"), async || {
        (app.show(interview).await["email_state"] == json!(state)).then_some(())
    })
    .await;
}
