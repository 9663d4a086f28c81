//! No statement on a table that holds organizations' rows does without the organization.
//!
//! Generated from the source, so that a new function is judged without anybody thinking of it. An INSERT is judged by the
//! schema instead: the column allows no NULL.

use std::collections::BTreeSet;

use crate::source::{Function, Table, functions, tables};

/// The functions that may, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "activities.rs",
        "forget",
        "what is old goes from all organizations",
    ),
    (
        "inbox.rs",
        "forget",
        "what is old goes from all organizations",
    ),
    (
        "connect_links.rs",
        "find",
        "a link's token is all its holder has; its hash is unique among all",
    ),
    (
        "connect_links.rs",
        "forget_old",
        "the sweep serves all organizations",
    ),
    (
        "connections.rs",
        "by_id",
        "a webhook's address names the connection alone",
    ),
    (
        "connections.rs",
        "connected",
        "the worker serves all organizations",
    ),
    ("connections.rs", "count", "metrics count all organizations"),
    (
        "connections.rs",
        "is_held_elsewhere",
        "what it looks for is another organization",
    ),
    (
        "connections.rs",
        "requested",
        "the operator sees the requests of all",
    ),
    ("grants.rs", "ending", "the worker serves all organizations"),
    ("grants.rs", "idle", "the worker serves all organizations"),
    ("grants.rs", "oldest", "metrics look at all organizations"),
    (
        "oauth_states.rs",
        "find",
        "a state is all that comes back from an ATS; its hash is unique among all",
    ),
    (
        "oauth_states.rs",
        "forget_old",
        "the sweep serves all organizations",
    ),
    (
        "secrets.rs",
        "of_grants",
        "a change of keys reaches all organizations",
    ),
    (
        "secrets.rs",
        "of_partings",
        "a change of keys reaches all organizations",
    ),
    (
        "secrets.rs",
        "of_webhooks",
        "a change of keys reaches all organizations",
    ),
    (
        "trigger_stages.rs",
        "unchecked",
        "the worker serves all organizations",
    ),
    (
        "api_keys.rs",
        "by_public_ids",
        "before a key is known, no organization is",
    ),
    ("audit.rs", "ends", "the operator checks all chains"),
    ("circuits.rs", "all_open", "the operator sees all"),
    ("circuits.rs", "count_open", "the metric counts all"),
    ("erasures.rs", "all", "the operator keeps the list of all"),
    (
        "erasures.rs",
        "unfinished",
        "the worker serves all organizations",
    ),
    (
        "idempotency.rs",
        "answers_before",
        "the sweep serves all organizations",
    ),
    (
        "idempotency.rs",
        "forget_old",
        "the sweep serves all organizations",
    ),
    (
        "invites.rs",
        "by_link",
        "a link's token is all a candidate has; its hash is unique among all",
    ),
    ("invites.rs", "due", "the clock serves all organizations"),
    (
        "invites.rs",
        "find_for_judging",
        "the visitor's right is judged by what is found",
    ),
    (
        "mails.rs",
        "next_with_held",
        "the clock serves all organizations",
    ),
    (
        "referrals.rs",
        "by_link",
        "a link's token is all a candidate has; its hash is unique among all",
    ),
    (
        "referrals.rs",
        "find_for_judging",
        "a mail's Message-ID names the referral alone",
    ),
    ("reminders.rs", "due", "the clock serves all organizations"),
    (
        "secrets.rs",
        "answers",
        "a change of keys reaches all organizations",
    ),
    (
        "secrets.rs",
        "of_api_keys",
        "a change of keys reaches all organizations",
    ),
    (
        "users.rs",
        "by_email",
        "before the person is known, no organization is",
    ),
    (
        "users.rs",
        "by_setup",
        "a setup link's token is all the person has; its hash is unique among all",
    ),
    (
        "users.rs",
        "choose_password",
        "bound by the setup link's token; operators have no organization",
    ),
    (
        "users.rs",
        "session",
        "a session's token is all the browser has; its hash is unique among all",
    ),
];

/// The queue serves all organizations: its own functions name a job by its id and claim token.
const QUEUE: &str = "jobs/";

/// The statements of a function that look at a tenant's table without naming the organization.
fn faults(function: &Function, tables: &[Table]) -> Vec<String> {
    let mentions = function
        .text
        .match_indices("::table")
        .filter_map(|(at, _)| {
            let before = &function.text[..at];
            let start = before
                .rfind(|sign: char| !sign.is_alphanumeric() && sign != '_')
                .map_or(0, |at| at + 1);
            Some((start, function.names.get(&before[start..])?))
        });
    mentions
        .filter_map(|(start, name)| Some((start, tables.iter().find(|table| table.name == *name)?)))
        .filter(|(start, _)| !function.text[..*start].trim_end().ends_with("insert_into("))
        .map(|(start, table)| {
            (
                function.text[start..].split(';').next().unwrap_or_default(),
                table,
            )
        })
        .filter(|(statement, table)| !binds_organization(statement, table))
        .map(|(statement, table)| {
            format!(
                "{}: {} on {}: {statement}",
                function.file, function.name, table.name
            )
        })
        .collect()
}

fn binds_organization(statement: &str, table: &Table) -> bool {
    let by_key = table.primary_key[0] == "organization_id"
        && statement.split(".find((").nth(1).is_some_and(|key| {
            let first = key.split(',').next().unwrap_or_default();
            first.contains("organization")
        });
    by_key
        || ["organization_id.eq(", "organization_id.eq_any("]
            .iter()
            .any(|sign| statement.contains(sign))
}

fn tenants_tables() -> Vec<Table> {
    tables().into_values().filter(Table::is_tenants).collect()
}

#[test]
fn every_statement_on_a_tenants_table_binds_the_organization() {
    let tables = tenants_tables();
    let judged = functions();
    assert!(
        judged.len() > 60,
        "the source was not read: {} functions",
        judged.len()
    );
    let mut needed = BTreeSet::new();
    let mut faulty = Vec::new();
    for function in judged
        .iter()
        .filter(|function| !function.file.starts_with(QUEUE))
    {
        let found = faults(function, &tables);
        let excused = EXCEPTIONS
            .iter()
            .find(|(file, name, _)| function.file == *file && function.name == *name);
        match excused {
            Some((file, name, _)) if !found.is_empty() => drop(needed.insert((*file, *name))),
            _ => faulty.extend(found),
        }
    }
    assert!(
        faulty.is_empty(),
        "no organization is bound in\n{}",
        faulty.join("\n")
    );
    let unneeded: Vec<_> = EXCEPTIONS
        .iter()
        .filter(|(file, name, _)| !needed.contains(&(*file, *name)))
        .collect();
    assert!(
        unneeded.is_empty(),
        "these need no exception (any more): {unneeded:?}"
    );
}

#[test]
fn a_tenant_s_row_cannot_be_without_an_organization() {
    for table in tenants_tables() {
        let column = table
            .columns
            .iter()
            .find(|column| column.name == "organization_id")
            .expect("it is a tenant's");
        // An operator is a user of no organization.
        assert_eq!(column.nullable, table.name == "users", "{}", table.name);
    }
}

#[test]
fn a_statement_without_the_organization_is_found_out() {
    let tables = tenants_tables();
    let judge = |text: &str| {
        let names = [
            ("t".to_owned(), "invites".to_owned()),
            ("keys".to_owned(), "api_keys".to_owned()),
        ]
        .into();
        let function = Function {
            file: "invites.rs".into(),
            name: "f".into(),
            text: text.into(),
            names,
        };
        faults(&function, &tables).len()
    };
    assert_eq!(
        judge("f() { t::table.filter(t::id.eq(id)).first(conn)?; }"),
        1
    );
    assert_eq!(
        judge("f() { t::table.find((id(invite), id(organization))).first(conn)?; }"),
        1
    );
    assert_eq!(
        judge("f() { keys::table.find((id(organization))).first(conn)?; }"),
        1
    );
    assert_eq!(
        judge("f() { diesel::delete(t::table).execute(conn)?; t::organization_id.eq(id(o)); }"),
        1
    );
    assert_eq!(
        judge("f() { t::table.filter(t::organization_id.eq(id(o))).first(conn)?; }"),
        0
    );
    assert_eq!(
        judge("f() { t::table.find((id(organization), id(invite))).first(conn)?; }"),
        0
    );
    assert_eq!(
        judge("f() { diesel::insert_into(t::table).values(rows).execute(conn)?; }"),
        0
    );
}
