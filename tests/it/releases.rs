//! What an earlier release left behind, and how it fares beside this one. `tests/releases/record` made the fixtures, from that
//! release's own programs.

use std::path::PathBuf;

use serde::Deserialize;
use storage::DatabaseUrl;
use test_support::Database;

use crate::harness::{Callback, Programs, answer, ask};

/// A release, as it was recorded on one database.
struct Release {
    dump: String,
    known: Known,
    statements: Vec<Statement>,
}

/// What was made then.
#[derive(Deserialize)]
struct Known {
    platform_key: String,
    greenhouse_key: String,
    test: String,
    /// Stands for the address of whoever is told of completion.
    callback: String,
    completed: Invite,
    reset: Invite,
    waiting: Invite,
    reported: Invite,
}

#[derive(Deserialize)]
struct Invite {
    id: String,
    #[serde(default)]
    link: String,
}

/// One that the release's programs sent.
#[derive(Deserialize)]
struct Statement {
    sql: String,
    values: Vec<Option<String>>,
}

test_support::each_database! {
    async fn what_an_earlier_release_left_is_served_and_its_jobs_are_done(database: Database) {
        for release in releases(&database) {
            served(bare_twin(&database), release).await;
        }
    }

    async fn an_earlier_release_goes_on_beside_the_new_schema(database: Database) {
        for release in releases(&database) {
            goes_on(&bare_twin(&database), &release);
        }
    }
}

async fn served(database: Database, release: Release) {
    let greenhouse = Callback::start(|_| async { answer(200) }).await;
    let callback = greenhouse
        .url("")
        .replace("integrations/testing_partners/take_home_tests/", "");
    database.run_sql(&release.dump.replace(&release.known.callback, &callback));
    // It was recorded once, and has not grown old.
    database.run_sql(
        "UPDATE invites SET expires_at = expires_at + 3000000000000000, due_at = due_at + 3000000000000000",
    );
    let mut baton = Programs::start(database).await;
    let known = release.known;
    baton.sign_in_with(&known.platform_key, &known.greenhouse_key);

    baton.idle().await;
    let told: Vec<String> = greenhouse
        .heard()
        .into_iter()
        .map(|call| call.path)
        .collect();
    for test in ["/take_home_tests/ada", "/take_home_tests/joan"] {
        assert!(told.iter().any(|path| path == test), "{test} of {told:?}");
    }
    for (invite, score) in [(&known.completed, 82.0), (&known.reported, 64.0)] {
        let status = baton.test_status(&invite.id).await;
        assert_eq!(status["partner_status"], "complete", "{status}");
        assert_eq!(status["partner_score"].as_f64(), Some(score), "{status}");
    }
    let mails = baton.mail.messages();
    let waited = mails
        .iter()
        .find(|mail| mail.recipients == ["grace@candidate.example"]);
    let waited = waited.expect("the mail that was waiting is sent");
    let link = waited.link().expect("it holds a link");
    assert!(link.ends_with(&known.waiting.link), "{link}");
    for invite in [&known.waiting, &known.reset] {
        let page = baton
            .http
            .get(format!("{}/take/{}", baton.url, invite.link))
            .send()
            .await;
        assert_eq!(
            page.expect("an answer").status().as_u16(),
            200,
            "the link of {}",
            invite.id
        );
    }
    let again = ask(
        &known.test,
        "ada@candidate.example",
        &format!("{callback}take_home_tests/ada"),
    );
    assert_eq!(baton.send_test(&again).await, known.completed.id);
    let shown = baton
        .v1("GET", &format!("invites/{}", known.completed.id), None)
        .await;
    assert_eq!(shown["score"].as_f64(), Some(82.0), "{shown}");
    let timeline = baton
        .v1(
            "GET",
            &format!("invites/{}/timeline", known.completed.id),
            None,
        )
        .await;
    assert!(
        timeline["data"]
            .as_array()
            .is_some_and(|entries| entries.len() > 3),
        "{timeline}"
    );
    baton.end().await;
}

/// On an empty schema of that release, brought up to date, everything its programs sent can be sent again.
fn goes_on(database: &Database, release: &Release) {
    let tables: Vec<&str> = release
        .dump
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split([' ', '(']).next())
        .filter(|table| !table.contains("__diesel"))
        .collect();
    assert!(tables.len() > 10, "{tables:?}");
    database.run_sql(&release.dump);
    let emptied = match database.url() {
        DatabaseUrl::Postgres(_) => format!("TRUNCATE {}", tables.join(", ")),
        DatabaseUrl::Sqlite(_) => std::iter::once("PRAGMA foreign_keys = OFF;".to_owned())
            .chain(tables.iter().map(|table| format!("DELETE FROM {table};")))
            .collect(),
    };
    database.run_sql(&emptied);
    assert!(
        !storage::migrate(database.url())
            .expect("it is brought up to date")
            .is_empty()
    );
    let mut sent = 0;
    for statement in &release.statements {
        if let Some(sql) = as_one(statement, database) {
            database.run_sql(&sql);
            sent += 1;
        }
    }
    assert!(sent > 80, "only {sent} statements were sent");
    let invites = database.count("SELECT count(*) FROM invites");
    assert!(invites >= 4, "only {invites} invites were made again");
}

/// The statement with its values in it. What only PostgreSQL understands is not sent to SQLite.
fn as_one(statement: &Statement, database: &Database) -> Option<String> {
    let Statement { sql, values } = statement;
    if let DatabaseUrl::Postgres(_) = database.url() {
        let values: Vec<String> = values
            .iter()
            .map(|value| quoted(value.as_deref()))
            .collect();
        let values = if values.is_empty() {
            String::new()
        } else {
            format!("({})", values.join(", "))
        };
        return Some(format!("PREPARE sent AS {sql}; EXECUTE sent{values}"));
    }
    if ["ANY(", "SKIP LOCKED", "unnest(", "::"]
        .iter()
        .any(|only| sql.contains(only))
    {
        return None;
    }
    // A value that is not given: for these columns nothing.
    let sql = sql.replace("DEFAULT", "NULL");
    let mut whole = String::new();
    for (at, part) in sql.split('$').enumerate() {
        let digits = part
            .find(|sign: char| !sign.is_ascii_digit())
            .unwrap_or(part.len());
        match part[..digits].parse::<usize>() {
            Ok(number) if at > 0 => {
                whole.push_str(&in_sqlite(values.get(number - 1)?.as_deref()));
                whole.push_str(&part[digits..]);
            }
            _ => whole.push_str(part),
        }
    }
    Some(whole)
}

fn in_sqlite(value: Option<&str>) -> String {
    match value {
        Some("t") => "1".to_owned(),
        Some("f") => "0".to_owned(),
        Some(value) if value.starts_with("\\x") => format!("X'{}'", &value[2..]),
        value => quoted(value),
    }
}

fn quoted(value: Option<&str>) -> String {
    value.map_or("NULL".to_owned(), |value| {
        format!("'{}'", value.replace('\'', "''"))
    })
}

fn bare_twin(database: &Database) -> Database {
    match database.url() {
        DatabaseUrl::Postgres(_) => Database::bare_postgres(),
        DatabaseUrl::Sqlite(_) => Database::bare_sqlite(),
    }
}

/// Every release that was recorded.
fn releases(database: &Database) -> Vec<Release> {
    let engine = match database.url() {
        DatabaseUrl::Postgres(_) => "postgres",
        DatabaseUrl::Sqlite(_) => "sqlite",
    };
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/releases"));
    let folders = std::fs::read_dir(folder).expect("tests/releases is there");
    let folders = folders.map(|entry| entry.expect("it can be read").path());
    let found: Vec<Release> = folders
        .filter(|path| path.is_dir())
        .map(|path| {
            let read =
                |name: &str| std::fs::read_to_string(path.join(name)).expect("a whole record");
            let known = read(&format!("{engine}.json"));
            Release {
                dump: read(&format!("{engine}.sql")),
                known: serde_json::from_str(&known).expect("what is known"),
                statements: read("statements.jsonl")
                    .lines()
                    .map(|line| serde_json::from_str(line).expect("a statement"))
                    .collect(),
            }
        })
        .collect();
    assert!(!found.is_empty(), "no release was recorded");
    found
}
