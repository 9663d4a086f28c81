//! A person is forgotten, everywhere.

use serde_json::{Value, json};

use super::{invite, page, publish, send};
use crate::harness::{Callback, Programs, answer, ask, written};

/// What was said of or by the person, in every place that takes a word.
const WORDS: [&str; 8] = [
    "zora.canary@candidate.example",
    "Zoracanary",
    "Quillcanary",
    "answercanary",
    "summarycanary",
    "transcriptcanary",
    "reasoncanary",
    "profilecanary",
];

/// Everything the database holds, as a backup has it: nothing else of an SQLite file or a server can be restored.
async fn everything(baton: &Programs, name: &str) -> Vec<u8> {
    let file = baton.file(name).to_string_lossy().into_owned();
    baton.admin(&["backup", &file]).await;
    std::fs::read(file).expect("it can be read")
}

fn found(in_it: &[u8]) -> Vec<&'static str> {
    let holds = |text: &&str| {
        in_it
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    WORDS.into_iter().filter(holds).collect()
}

fn asked(test: &str, url: &str) -> Value {
    let mut body = ask(test, WORDS[0], url);
    body["candidate"]["first_name"] = json!(WORDS[1]);
    body["candidate"]["last_name"] = json!(WORDS[2]);
    body["candidate"]["greenhouse_profile_url"] =
        json!("https://app.greenhouse.io/people/1?x=profilecanary");
    body
}

/// Three invites of one person: one with a result, one handed in, one under way.
async fn three(baton: &Programs, greenhouse: &Callback) -> (String, String, String) {
    let (test, paper) = (publish(baton).await, baton.publish(written("Essay")).await);
    let url = |number: u32| greenhouse.url(&number.to_string());
    let done = baton.send_test(&asked(&test, &url(1))).await;
    baton
        .v1("POST", &format!("invites/{done}/start"), None)
        .await;
    let result = json!({ "score": 80, "summary": WORDS[4], "transcript": WORDS[5] });
    baton
        .v1("PUT", &format!("invites/{done}/result"), Some(result))
        .await;
    let handed_in = baton.send_test(&asked(&paper, &url(2))).await;
    let started = baton
        .v1("POST", &format!("invites/{handed_in}/start"), None)
        .await;
    let link = started["candidate_url"]
        .as_str()
        .expect("a link")
        .to_owned();
    let question = started["answers"][1]["question_id"]
        .as_str()
        .expect("a question")
        .to_owned();
    let saved = baton
        .http
        .post(format!("{link}/answers"))
        .header("sec-fetch-site", "same-origin")
        .json(&json!({ "seq": 1, "answers": { question: WORDS[3] } }))
        .send()
        .await
        .expect("an answer");
    assert!(
        saved.status().is_success(),
        "{}",
        saved.text().await.unwrap_or_default()
    );
    baton
        .v1("POST", &format!("invites/{handed_in}/submit"), None)
        .await;
    let refused = baton.send_test(&asked(&test, &url(3))).await;
    let reason = json!({ "reason": WORDS[6] });
    baton
        .v1("POST", &format!("invites/{refused}/refuse"), Some(reason))
        .await;
    let under_way = baton.send_test(&asked(&paper, &url(4))).await;
    baton
        .v1("POST", &format!("invites/{under_way}/start"), None)
        .await;
    baton.idle().await;
    (done, handed_in, under_way)
}

test_support::each_database! {
    async fn nothing_of_a_person_is_left_and_the_invites_stay_as_numbers(database: Database) {
        let baton = Programs::start(database).await;
        let greenhouse = Callback::start(|_| async { answer(200) }).await;
        let (done, handed_in, under_way) = three(&baton, &greenhouse).await;
        let other = send(&baton, &publish_once_more(&baton).await, "other@candidate.example", 9).await;
        assert_eq!(found(&everything(&baton, "before.backup").await), WORDS, "each word is there to be found");
        let status = baton.test_status(&done).await;
        let link = invite(&baton, &under_way).await["candidate_url"].as_str().expect("a link").to_owned();
        let mails = baton.mail.messages().len();

        let erased = baton.admin(&["erase", "--organization", &baton.organization, "--email", "Zora.Canary@candidate.example"]).await;
        assert_eq!(erased["invites"], 4, "{erased}");
        assert_eq!(found(&everything(&baton, "after.backup").await), [""; 0]);

        let now = baton.test_status(&done).await;
        assert_eq!(now["partner_status"], status["partner_status"]);
        assert_eq!(now["partner_score"], status["partner_score"]);
        assert_eq!(baton.test_status(&under_way).await["partner_status"], "in_progress");
        assert_eq!(baton.test_status(&handed_in).await["partner_status"], "submitted");
        let (gone, text) = page(&baton, now["partner_profile_url"].as_str().expect("a link")).await;
        assert_eq!(gone, 410);
        assert!(text.contains("erased on"), "{text}");
        assert_eq!(page(&baton, &link).await.0, 410);
        let shown = invite(&baton, &done).await;
        assert_eq!((&shown["score"], &shown["result"]["summary"]), (&json!(80.0), &Value::Null), "{shown}");

        let test = shown["assessment"]["id"].as_str().expect("an id");
        let again = baton.send_test(&asked(test, &greenhouse.url("1"))).await;
        assert_eq!(again, done);
        baton.idle().await;
        assert_eq!(baton.mail.messages().len(), mails, "nobody was mailed once more");
        assert_eq!(invite(&baton, &other).await["candidate"]["email"], "other@candidate.example");
        let timeline = baton.v1("GET", &format!("invites/{done}/timeline"), None).await;
        assert_eq!(timeline["data"][0]["type"], "candidate.erased", "{timeline}");
        baton.end().await;
    }

    async fn whoever_was_erased_is_on_the_list_and_can_be_erased_again(database: Database) {
        let baton = Programs::start(database).await;
        let test = publish(&baton).await;
        let interview = send(&baton, &test, "zora.canary@candidate.example", 1).await;
        let person = invite(&baton, &interview).await["candidate"]["id"].as_str().expect("an id").to_owned();
        let missing = baton.admin_refuses(&["erase", "--organization", &baton.organization, "--email", "nobody@candidate.example"]).await;
        assert!(missing.contains("no such candidate"), "{missing}");
        let erased = baton.admin(&["erase", "--organization", &baton.organization, "--candidate", &person]).await;
        assert_eq!(erased["invites"], 1, "{erased}");
        let list = baton.admin(&["erase", "--list"]).await;
        assert_eq!(list[0]["candidate"], json!(person), "{list}");
        let again = baton.admin(&["erase", "--organization", &baton.organization, "--candidate", &person]).await;
        assert_eq!(again["invites"], 0, "{again}");
        baton.end().await;
    }
}

async fn publish_once_more(baton: &Programs) -> String {
    baton.publish(crate::harness::external("Frontend")).await
}
