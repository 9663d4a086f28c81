//! Whoever can write to the database cannot lend one customer another's secret: a text that was moved is not read.

use std::collections::BTreeSet;

use app::{api_keys, organizations};
use diesel::sql_types::{Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use domain::ApiKeyKind;
use secrecy::ExposeSecret;
use serde_json::json;
use storage::DatabaseUrl;
use storage::secrets::Field;

use crate::harness::{LeverAccount, TestApp, eventually, external, text};

/// A second customer, whose rows the first one's secrets are moved to; its key for `/v1`.
async fn neighbour(app: &TestApp) -> String {
    let made = app.app.write(|app, conn| {
        let id = organizations::create(app, conn, "Neighbour")?
            .organization
            .id;
        let new = |kind| api_keys::NewKey {
            kind,
            name: "theirs".into(),
            scopes: None,
        };
        let platform = api_keys::create(app, conn, id, &new(ApiKeyKind::Platform))?;
        api_keys::create(app, conn, id, &new(ApiKeyKind::GreenhouseAssessment))?;
        Ok(platform.text.expose_secret().to_owned())
    });
    made.await.expect("a second customer")
}

/// The second customer's id, in SQL.
const NEIGHBOUR: &str = "(SELECT id FROM organizations WHERE name = 'Neighbour')";

/// Puts what the second customer keeps in a column (of `id`s named `whose`) into the first one's rows.
fn move_here(app: &TestApp, table: &str, column: &str, whose: &str) {
    app.database.run_sql(&format!(
        "UPDATE {table} SET {column} = (SELECT max({column}) FROM {table} WHERE {whose} = {NEIGHBOUR}) \
         WHERE {column} IS NOT NULL AND {whose} <> {NEIGHBOUR}"
    ));
}

test_support::each_database! {
    async fn a_link_key_of_another_organization_opens_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let link = text(&invite["candidate_url"]);
        neighbour(&app).await;
        assert_eq!(app.http.get(&link).send().await.expect("an answer").status(), 200);
        move_here(&app, "organizations", "link_key", "id");
        assert_eq!(app.http.get(&link).send().await.expect("an answer").status(), 500);
        let (status, answer) = app.v1("GET", "invites", None).await;
        assert_eq!(status, 500, "{answer}");
        assert!(!answer.to_string().contains("v1."), "{answer}");
    }

    async fn a_signing_secret_of_another_organization_signs_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let link = text(&invite["candidate_url"]);
        neighbour(&app).await;
        let start = async || {
            let call = app.http.post(format!("{link}/start")).header("sec-fetch-site", "same-origin");
            let answer = call.send().await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("text"))
        };
        let (status, page) = start().await;
        assert!(status == 200 && page.contains("baton_signature"), "{status} {page}");
        move_here(&app, "organizations", "signing_secret", "id");
        let (status, page) = start().await;
        assert!(status == 500 && !page.contains("baton_signature"), "{status} {page}");
    }

    async fn a_greenhouse_key_of_another_organization_is_not_presented(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let heard = crate::harness::Callback::start(|_| async { crate::harness::answer(200) }).await;
        neighbour(&app).await;
        move_here(&app, "api_keys", "encrypted_key", "organization_id");
        let sent = app.send(crate::harness::ask(&test, "ada@candidate.example", &heard.url("1"))).await;
        app.complete(&sent, 80).await;
        crate::harness::eventually("the worker has given the attempt back", async || {
            let waits = app.database.count("SELECT count(*) FROM jobs WHERE kind = 'show_at' AND last_error LIKE '%secret%'");
            (waits > 0).then_some(())
        })
        .await;
        assert!(heard.heard().is_empty(), "nothing was presented");
    }

    async fn an_answer_kept_for_another_organization_is_not_repeated(database: Database) {
        let app = TestApp::start(database).await;
        let theirs = neighbour(&app).await;
        let call = async |key: &str, name: &str| {
            let call = app.http.post(format!("{}/v1/api-keys", app.url)).bearer_auth(key);
            let call = call.header("idempotency-key", "once").json(&json!({ "kind": "platform", "name": name }));
            let answer = call.send().await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("text"))
        };
        let (_, shown) = call(&theirs, "server").await;
        assert_eq!(call(&app.platform_key, "server").await.0, 201);
        assert_eq!(call(&theirs, "server").await, (201, shown.clone()));
        move_here(&app, "idempotency_keys", "answer", "organization_id");
        let (status, answer) = call(&app.platform_key, "server").await;
        assert_eq!(status, 500, "{answer}");
        let key: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        assert!(!answer.contains(key["key"].as_str().expect("a key")));
    }

    async fn every_encrypted_column_is_on_the_list_of_secrets(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let call = app.http.post(format!("{}/v1/invites", app.url)).bearer_auth(&app.platform_key);
        let body = json!({ "assessment_id": test, "candidate": { "email": "ada@candidate.example" } });
        let made = call.header("idempotency-key", "once").json(&body).send().await.expect("an answer");
        assert_eq!(made.status(), 201);
        let first = LeverAccount::create(&app, "Acme Hiring").await;
        first.connect().await;
        // An account that is left and does not answer is called again later.
        let away = json!({ "next": { "play": { "kind": "status", "status": 503 }, "calls": ["list_webhooks"] } });
        first.control("PUT", "faults", Some(away)).await;
        LeverAccount::create(&app, "Another").await.come_back("accept").await;
        assert_eq!(app.v1("POST", "connections/lever/confirm-account", None).await.0, 200);
        let webhook = async || app.connection("lever").await["webhook"]["url"].is_string().then_some(());
        eventually("our webhook is in the other account", webhook).await;
        let listed: BTreeSet<_> = Field::ALL.iter().map(|field| field.column()).collect();
        let listed: BTreeSet<_> = listed.into_iter().map(|(table, column)| format!("{table}.{column}")).collect();
        assert_eq!(encrypted_columns(&app), listed);
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

/// The columns that hold what an encrypted field looks like, whatever the code says of them.
fn encrypted_columns(app: &TestApp) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for Named {
        table_name,
        column_name,
    } in text_columns(app)
    {
        let one = format!(
            "SELECT max({column_name}) AS text FROM {table_name} WHERE {column_name} LIKE 'v1.test.%'"
        );
        let shown: Shown = match app.database.url() {
            DatabaseUrl::Postgres(url) => sql_query(one).get_result(&mut postgres(url)),
            DatabaseUrl::Sqlite(path) => sql_query(one).get_result(&mut sqlite(path)),
        }
        .expect("the column is read");
        if shown.text.is_some() {
            found.insert(format!("{table_name}.{column_name}"));
        }
    }
    found
}

fn text_columns(app: &TestApp) -> Vec<Named> {
    match app.database.url() {
        DatabaseUrl::Postgres(url) => sql_query(
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND data_type = 'text'",
        )
        .load(&mut postgres(url)),
        DatabaseUrl::Sqlite(path) => sql_query(
            "SELECT t.name AS table_name, c.name AS column_name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND c.type = 'TEXT'",
        )
        .load(&mut sqlite(path)),
    }
    .expect("the database describes itself")
}

fn postgres(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("the database can be reached")
}

fn sqlite(path: &std::path::Path) -> SqliteConnection {
    SqliteConnection::establish(&path.to_string_lossy()).expect("the file can be opened")
}
