//! Told to end: what was accepted is answered, nothing new is taken, and nothing that was answered is lost.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Programs, ask, eventually, external, read, text};

test_support::each_database! {
    async fn a_request_that_was_accepted_is_answered_and_its_connection_closed(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        let body = body(&test, 0).to_string();
        let (mut half, rest) = begin(&baton, &body).await;
        let mut idle = connect(&baton).await;
        idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: baton\r\n\r\n").await.expect("it is taken");
        let mut healthy = [0; 15];
        idle.read_exact(&mut healthy).await.expect("an answer");
        assert_eq!(&healthy, b"HTTP/1.1 200 OK");

        baton.tell_api_to_end().await;
        until_draining(&baton).await;
        let mut said = Vec::new();
        idle.read_to_end(&mut said).await.expect("a connection that waits is closed in order");
        half.write_all(rest.as_bytes()).await.expect("the rest is taken");
        let mut answer = String::new();
        half.read_to_string(&mut answer).await.expect("a whole answer, and then the end");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
        assert_eq!(baton.api_ends().await, Some(0));

        baton.start_api().await;
        let interview = baton.send_test(&serde_json::from_str(&body).expect("JSON")).await;
        assert!(answer.contains(&interview), "{answer}");
        baton.end().await;
    }

    async fn told_to_end_under_load_it_loses_nothing_that_it_answered(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        let taken = Mutex::new(BTreeMap::new());
        let senders = join_all((0..4).map(|sender| send(&baton, &test, sender, &taken)));
        let told = async {
            eventually("sends are taken", async || (taken.lock().expect("no panic").len() > 20).then_some(())).await;
            baton.tell_api_to_end().await;
        };
        tokio::join!(told, senders);
        assert_eq!(baton.api_ends().await, Some(0));
        baton.start_api().await;
        for (number, interview) in taken.into_inner().expect("no panic") {
            assert_eq!(baton.send_test(&body(&test, number)).await, interview);
        }
        baton.end().await;
    }

    async fn told_twice_it_ends_at_once(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        let (_half, _rest) = begin(&baton, &body(&test, 0).to_string()).await;
        baton.tell_api_to_end().await;
        until_draining(&baton).await;
        baton.tell_api_to_end().await;
        assert_eq!(baton.api_ends().await, Some(1));
        baton.start_api().await;
        baton.end().await;
    }
}

fn body(test: &str, number: usize) -> Value {
    let email = format!("candidate-{number}@candidate.example");
    ask(
        test,
        &email,
        &format!("https://app.greenhouse.io/take_home_tests/{number}"),
    )
}

/// Sends until the api no longer takes connections.
async fn send(baton: &Programs, test: &str, sender: usize, taken: &Mutex<BTreeMap<usize, String>>) {
    for number in (sender..).step_by(4) {
        let Ok(answer) = baton.call_send_test(&body(test, number)).await else {
            return;
        };
        let (status, answer) = read(answer).await;
        assert_eq!(status, 200, "{answer}");
        taken
            .lock()
            .expect("no panic")
            .insert(number, text(&answer["partner_interview_id"]));
    }
}

async fn connect(baton: &Programs) -> TcpStream {
    let address = baton.url.trim_start_matches("http://");
    TcpStream::connect(address).await.expect("it listens")
}

/// A `send_test` of which the api has the head and half the body, and the other half.
async fn begin(baton: &Programs, body: &str) -> (TcpStream, String) {
    let mut stream = connect(baton).await;
    let (half, rest) = body.split_at(body.len() / 2);
    let head = format!(
        "POST /api/greenhouse/send_test HTTP/1.1\r\nHost: baton\r\nAuthorization: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        baton.greenhouse_authorization(),
        body.len()
    );
    stream
        .write_all(head.as_bytes())
        .await
        .expect("the head is taken");
    // This answer shows that the request is being worked on.
    let mut go_on = [0; 25];
    stream
        .read_exact(&mut go_on)
        .await
        .expect("it is told to go on");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
        .write_all(half.as_bytes())
        .await
        .expect("half is taken");
    (stream, rest.to_owned())
}

async fn until_draining(baton: &Programs) {
    eventually("it says that it drains", async || {
        let (status, answer) = baton.try_operations("readyz").await?;
        (status == 503 && answer["status"] == "draining").then_some(())
    })
    .await;
}
