//! The hot queries find their rows by an index, on both databases, with the very text that this crate sends.

use std::sync::{Arc, Mutex};

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use domain::{OrganizationId, Status};
use storage::jobs::{NewJob, Room};
use storage::workers::WorkerId;
use storage::{
    AnyConnection, Page, Result, api_keys, assessments, candidates, events, invites, jobs, mails,
    places, reminders,
};
use test_support::each_database;

use crate::house::{House, id, invite, link_hash, start};

/// Writes down each statement.
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let sql = text
                .split(" -- binds")
                .next()
                .unwrap_or_default()
                .to_owned();
            self.0
                .lock()
                .expect("nobody panics while recording")
                .push(sql);
        }
    }
}

/// The statements that `look` sends.
fn sent(
    conn: &mut AnyConnection,
    look: impl Fn(&mut AnyConnection) -> Result<()>,
) -> Result<Vec<String>> {
    let recorded = Arc::new(Mutex::new(Vec::new()));
    conn.set_instrumentation(Recorder(recorded.clone()));
    let outcome = look(conn);
    conn.set_instrumentation(None::<Box<dyn Instrumentation>>);
    outcome?;
    Ok(recorded
        .lock()
        .expect("nobody panics while recording")
        .clone())
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How the database goes about a statement, whatever the values bound to it.
fn plan(conn: &mut AnyConnection, sql: &str) -> Result<String> {
    match conn {
        AnyConnection::Postgres(conn) => {
            let values = (1..)
                .take_while(|number| sql.contains(&format!("${number}")))
                .count();
            let values = vec!["NULL"; values].join(", ");
            let call = if values.is_empty() {
                String::new()
            } else {
                format!("({values})")
            };
            // The tables are almost empty: a scan would be right, but tells nothing of what is possible.
            conn.batch_execute(
                "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;",
            )?;
            conn.batch_execute(&format!("PREPARE judged AS {sql}"))?;
            let steps: Vec<Step> =
                sql_query(format!("EXPLAIN (COSTS OFF) EXECUTE judged{call}")).load(conn)?;
            conn.batch_execute("DEALLOCATE judged")?;
            Ok(steps
                .into_iter()
                .map(|step| step.text)
                .collect::<Vec<_>>()
                .join("\n"))
        }
        AnyConnection::Sqlite(conn) => {
            let steps: Vec<Detail> = sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
            Ok(steps
                .into_iter()
                .map(|step| step.detail)
                .collect::<Vec<_>>()
                .join("\n"))
        }
    }
}

/// New rows that travel as arrays look nothing up, and their text alone does not say of what type the arrays are.
fn takes_arrays(sql: &str) -> bool {
    sql.starts_with("INSERT INTO") && sql.contains("FROM unnest($1, $2")
}

/// The plans of the statements that `look` sends, one after the other.
async fn plans(
    house: &House,
    look: impl Fn(&mut AnyConnection) -> Result<()> + Send + 'static,
) -> Vec<String> {
    let looked = house.write(move |conn| {
        let statements = sent(conn, &look)?;
        statements
            .iter()
            .filter(|sql| !takes_arrays(sql))
            .map(|sql| plan(conn, sql))
            .collect::<Result<Vec<_>>>()
    });
    looked.await
}

/// Holds a plan against what each database has to say of it.
fn expect(plans: &[String], sqlite: &str, postgres: &[&str]) {
    assert!(!plans.is_empty(), "nothing was asked of the database");
    for plan in plans {
        let fine = match plan.contains("SEARCH") || plan.contains("SCAN ") {
            true => {
                plan.contains(sqlite) && !plan.contains("SCAN ") && !plan.contains("TEMP B-TREE")
            }
            false => postgres.iter().all(|sign| plan.contains(sign)) && !plan.contains("Seq Scan"),
        };
        assert!(
            fine,
            "expected {sqlite} or {postgres:?}, the database goes about it so:\n{plan}"
        );
    }
}

each_database! {
    async fn the_status_of_an_invite_is_one_look_up(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let plans = plans(&house, move |conn| invites::find(conn, ours, id(10)).map(drop)).await;
        expect(&plans, "(organization_id=? AND id=?)", &["Index Scan", "id = $2"]);
    }

    async fn a_key_is_one_look_up_with_what_it_blocks(database: Database) {
        let house = House::on(&database).await;
        let plans = plans(&house, |conn| api_keys::by_public_ids(conn, &["public"]).map(drop)).await;
        expect(&plans, "(public_id=?)", &["api_keys_public_id_key", "places_blocked"]);
        if let [plan] = &plans[..] && plan.contains("SEARCH") {
            assert!(plan.contains("SEARCH places USING COVERING INDEX places_blocked"), "{plan}");
        }
    }

    async fn the_list_of_tests_reads_the_published_ones_alone(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let plans = plans(&house, move |conn| assessments::published(conn, &[ours]).map(drop)).await;
        expect(&plans, "USING INDEX assessments_published_title (organization_id=?)", &["assessments_published_title"]);
    }

    async fn a_title_is_held_against_the_published_ones_by_their_index(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let plans = plans(&house, move |conn| assessments::published_alike(conn, ours, "Rust", id(10)).map(drop)).await;
        expect(&plans, "assessments_published_title (organization_id=? AND title_key=?)", &["assessments_published_title", "title_key = "]);
    }

    async fn what_asks_need_is_found_by_keys(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let asks = plans(&house, move |conn| invites::by_asks(conn, &[(ours, "ask".into())]).map(drop)).await;
        expect(&asks, "invites_ask (organization_id=? AND ask_key=?)", &["invites_ask", "Index Cond"]);
        let wanted = plans(&house, move |conn| assessments::published_among(conn, &[(ours, id(10))]).map(drop)).await;
        expect(&wanted, "(organization_id=? AND id=?)", &["Index Cond"]);
        let people = plans(&house, move |conn| candidates::by_email(conn, &[(ours, "a".into())]).map(drop)).await;
        expect(&people, "(organization_id=? AND email_key=?)", &["candidates_pkey", "Index Cond"]);
    }

    async fn people_are_stepped_through_by_the_index_of_their_invites(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let page = plans(&house, move |conn| candidates::list(conn, ours, Page::default()).map(drop)).await;
        expect(&page, "invites_of_candidate (organization_id=? AND candidate_id<?)", &["invites_of_candidate", "Index Cond"]);
        let one = plans(&house, move |conn| candidates::find(conn, ours, id(10)).map(drop)).await;
        expect(&one, "invites_of_candidate (organization_id=? AND candidate_id=?)", &["invites_of_candidate", "Index Cond"]);
    }

    async fn the_invites_of_many_calls_are_found_by_keys(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let many = plans(&house, move |conn| invites::among(conn, &[(ours, id(10))]).map(drop)).await;
        expect(&many, "(organization_id=? AND id=?)", &["Index Cond"]);
        let unseen = plans(&house, move |conn| places::unseen_among(conn, &[(ours, id(10))]).map(drop)).await;
        expect(&unseen, "(organization_id=? AND invite_id=?)", &["Index Cond"]);
    }

    async fn a_link_is_looked_up_by_its_hash(database: Database) {
        let house = House::on(&database).await;
        let plans = plans(&house, |conn| invites::by_link(conn, &link_hash(10)).map(drop)).await;
        assert_eq!(plans.len(), 2, "the dead ones are asked only where no live one is found");
        expect(&plans, "(link_hash=?)", &["Index Cond: (link_hash = $1)"]);
    }

    async fn pages_are_read_from_an_index_in_order(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let list = plans(&house, move |conn| invites::list(conn, ours, &invites::Filter::default(), Page::default()).map(drop)).await;
        expect(&list, "(organization_id=? AND id<?)", &["invites_pkey", "Index Cond: ((organization_id = $1) AND (id < $2))"]);
        let timeline = plans(&house, move |conn| events::of_invite(conn, ours, id(10), Page::default()).map(drop)).await;
        expect(&timeline, "events_of_invite (organization_id=? AND invite_id=? AND id<?)", &["events_of_invite", "Index Cond"]);
    }

    async fn what_is_due_is_found_by_its_own_index(database: Database) {
        let house = House::on(&database).await;
        let due = plans(&house, |conn| invites::due(conn, start(), 100).map(drop)).await;
        expect(&due, "USING INDEX invites_due", &["invites_due", "Index Cond"]);
    }

    async fn held_mail_and_due_reminders_are_found_by_their_own_indexes(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        for found in [
            plans(&house, |conn| mails::next_with_held(conn, None).map(drop)).await,
            plans(&house, move |conn| mails::held(conn, ours, 100).map(drop)).await,
            plans(&house, move |conn| mails::has_held(conn, ours).map(drop)).await,
        ] {
            expect(&found, "INDEX mails_held", &["mails_held"]);
        }
        let due = plans(&house, |conn| reminders::due(conn, start(), 100).map(drop)).await;
        expect(&due, "INDEX reminders_due", &["reminders_due", "Index Cond"]);
        let mail = plans(&house, move |conn| mails::find(conn, ours, id(10), 1, "invitation").map(drop)).await;
        expect(&mail, "(organization_id=? AND invite_id=? AND attempt=? AND occasion=?)", &["mails_pkey", "Index Cond"]);
    }

    async fn a_claim_reads_its_ranges_of_indexes_whoever_has_how_much_queued(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        house.write(move |conn| jobs::enqueue(conn, &[alone(ours, 1), alone(ours, 2)], start())).await;
        // One hand and two jobs: the organizations get their turns.
        let plans = plans(&house, |conn| jobs::claim(conn, &Room::of(WORKER, 1), start(), uuid::Uuid::nil()).map(drop)).await;
        assert!(plans.iter().all(|plan| !plan.contains("Seq Scan")), "{plans:?}");
        let scans = plans.iter().flat_map(|plan| plan.lines()).filter(|step| step.contains("SCAN "));
        let mut scans = scans.filter(|step| !step.contains("SCAN turn") && !step.contains("CONSTANT ROW"));
        assert_eq!(scans.next(), None, "{plans:?}");
        // Jobs of a key that is being worked on are passed over: that is one look by the key.
        let twin = ["jobs_claimed_keys (organization_id=? AND kind=? AND dedupe_key=?)", "Index Cond: ((organization_id = "];
        assert!(plans.iter().any(|plan| twin.iter().any(|sign| plan.contains(sign))), "{plans:?}");
        for index in ["jobs_fresh ", "jobs_again ", "jobs_fresh_by_turns ", "jobs_claimed_keys "] {
            let is_used = |plan: &String| format!("{plan} ").replace('\n', " ").contains(index);
            assert!(plans.iter().any(is_used), "{index}: {plans:?}");
        }
    }

    async fn a_worker_s_round_reads_small_indexes_alone(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let suspects = plans(&house, |conn| jobs::suspect_is_due(conn, start()).map(drop)).await;
        assert!(suspects[0].contains("jobs_suspect"), "{suspects:?}");
        let parked = plans(&house, |conn| jobs::parked_is_due(conn, start()).map(drop)).await;
        expect(&parked, "jobs_parked_until", &["jobs_parked_until"]);
        let woken = plans(&house, move |conn| jobs::unpark(conn, ours, "a connection", start()).map(drop)).await;
        expect(&woken, "jobs_parked ", &["jobs_parked "]);
        let lost = plans(&house, |conn| jobs::any_lost(conn, start()).map(drop)).await;
        assert!(lost.iter().all(|plan| plan.contains("jobs_claimed")), "{lost:?}");
    }

    async fn an_order_is_looked_up_by_its_key(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        house.write(move |conn| jobs::enqueue(conn, &[job(ours, 1)], start())).await;
        let behind = plans(&house, move |conn| jobs::enqueue(conn, &[job(ours, 2)], start())).await;
        let steps = behind.join("\n");
        for index in ["jobs_heads", "jobs_behind", "jobs_pending"] {
            assert!(steps.contains(index), "{index}: {steps}");
        }
        assert!(!steps.contains("Seq Scan") && !steps.contains("SCAN jobs"), "{steps}");
    }

    async fn each_filter_of_a_list_is_read_from_its_own_index_in_order(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let all = invites::Filter::default;
        for (filter, sqlite, postgres) in [
            (
                invites::Filter { status: Some(Status::Submitted), ..all() },
                "invites_status (organization_id=? AND status=? AND id",
                "invites_status",
            ),
            (
                invites::Filter { assessment: Some(id(900)), ..all() },
                "invites_assessment (organization_id=? AND assessment_id=? AND id",
                "invites_assessment",
            ),
            (
                invites::Filter { email: Some("ada@example.com".into()), ..all() },
                "invites_email (organization_id=? AND email_key=? AND id",
                "invites_email",
            ),
        ] {
            let plans = plans(&house, move |conn| invites::list(conn, ours, &filter, Page::default()).map(drop)).await;
            expect(&plans, sqlite, &[postgres, "Index Cond"]);
            assert!(plans.iter().all(|plan| !plan.contains("Sort")), "{plans:?}");
        }
    }

    async fn what_no_index_finds_is_looked_for_in_a_part_of_the_list_alone(database: Database) {
        let house = House::on(&database).await;
        // More than one page looks through.
        let many: Vec<_> = (1_000..3_100).map(|number| invite(number, house.ours)).collect();
        for some in many.chunks(500) {
            house.has_invites(some).await;
        }
        let ours = house.ours;
        let filter = invites::Filter { q: Some("hopper".into()), ..invites::Filter::default() };
        let plans = plans(&house, move |conn| invites::list(conn, ours, &filter, Page::default()).map(drop)).await;
        assert_eq!(plans.len(), 2, "first where the part ends, then what is in it");
        expect(&plans, "(organization_id=? AND id", &["Index Cond"]);
        let read = plans.last().expect("the list is read");
        let bounded = read.contains("id>? AND id<?") || read.contains("(id >= $3)");
        assert!(bounded, "the part has two ends:\n{read}");
    }
}

const WORKER: WorkerId = WorkerId(uuid::Uuid::from_u128(7));

fn job(organization: OrganizationId, number: u128) -> NewJob {
    NewJob {
        id: id(number),
        organization,
        kind: "planned",
        dedupe_key: number.to_string(),
        ordering_key: Some("one".into()),
        strict: false,
        payload: "{}".into(),
        run_at: start(),
        traceparent: None,
    }
}

fn alone(organization: OrganizationId, number: u128) -> NewJob {
    NewJob {
        ordering_key: None,
        ..job(organization, number)
    }
}
