//! This crate's own source, as far as the tests that are generated from it need to read it.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// One table of `schema.rs`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) primary_key: Vec<String>,
    pub(crate) columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// diesel's name, such as `BigInt`.
    pub(crate) kind: String,
    pub(crate) nullable: bool,
}

impl Table {
    /// Does it hold rows of organizations?
    pub(crate) fn is_tenants(&self) -> bool {
        self.columns
            .iter()
            .any(|column| column.name == "organization_id")
    }
}

/// The tables of `schema.rs`, by name.
pub(crate) fn tables() -> BTreeMap<String, Table> {
    let text = read("src/schema.rs");
    let blocks = text.split("diesel::table! {").skip(1);
    blocks
        .map(table)
        .map(|table| (table.name.clone(), table))
        .collect()
}

fn table(block: &str) -> Table {
    let (name, rest) = block
        .split_once('(')
        .expect("a table has a name and a primary key");
    let (primary_key, rest) = rest.split_once(')').expect("a primary key ends");
    let (_, rest) = rest.split_once('{').expect("a table has columns");
    let (columns, _) = rest.split_once('}').expect("the columns end");
    Table {
        name: name.trim().to_owned(),
        primary_key: primary_key
            .split(',')
            .map(|name| name.trim().to_owned())
            .collect(),
        columns: columns.lines().filter_map(column).collect(),
    }
}

fn column(line: &str) -> Option<Column> {
    let (name, kind) = line.trim().trim_end_matches(',').split_once(" -> ")?;
    let inner = kind
        .strip_prefix("Nullable<")
        .and_then(|kind| kind.strip_suffix('>'));
    Some(Column {
        name: name.to_owned(),
        kind: inner.unwrap_or(kind).to_owned(),
        nullable: inner.is_some(),
    })
}

/// One function of this crate.
#[derive(Debug)]
pub(crate) struct Function {
    /// Such as `invites.rs` or `jobs/claim.rs`.
    pub(crate) file: String,
    pub(crate) name: String,
    /// From its name to its closing brace, without comments.
    pub(crate) text: String,
    /// The tables it may name: short name to table.
    pub(crate) names: BTreeMap<String, String>,
}

/// Every function of this crate.
pub(crate) fn functions() -> Vec<Function> {
    let mut files = files("src");
    files.sort();
    files.iter().flat_map(|file| functions_of(file)).collect()
}

/// The files of a folder and of those in it, such as `src/jobs/claim.rs`.
fn files(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(folder)).expect("the source is there");
    let paths = entries.map(|entry| {
        let name = entry.expect("the folder is read").file_name();
        format!("{folder}/{}", name.to_str().expect("file names are plain"))
    });
    let found = paths.flat_map(|path| match path.ends_with(".rs") {
        true => vec![path],
        false => files(&path),
    });
    found.collect()
}

fn functions_of(file: &str) -> Vec<Function> {
    let text = without_comments(&read(file));
    let names = schema_names(&text);
    let starts = text.match_indices("fn ").filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|sign| sign.is_whitespace())
    });
    let named = starts.filter_map(|(at, _)| {
        let name: String = text[at + 3..]
            .chars()
            .take_while(|sign| sign.is_alphanumeric() || *sign == '_')
            .collect();
        let body = body(&text[at..])?;
        let mut names = names.clone();
        names.extend(schema_aliases(body));
        (!name.is_empty()).then(|| Function {
            file: file.trim_start_matches("src/").to_owned(),
            name,
            text: body.to_owned(),
            names,
        })
    });
    named.collect()
}

/// From the start of `text` to the brace that closes the first one.
fn body(text: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, sign) in text.char_indices() {
        match sign {
            ';' if depth == 0 => return None,
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return Some(&text[..=at]);
        }
    }
    None
}

/// What `use crate::schema::…` brings in: short name to table.
fn schema_names(text: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (at, start) in text.match_indices("use crate::schema::") {
        let list = text[at + start.len()..]
            .split(';')
            .next()
            .unwrap_or_default();
        for item in list.trim_matches(['{', '}']).split(',') {
            let mut words = item.split(" as ").map(str::trim);
            let table = words.next().unwrap_or_default();
            names.insert(words.next().unwrap_or(table).to_owned(), table.to_owned());
        }
    }
    names
}

/// What `use table as name;` inside a function brings in.
fn schema_aliases(body: &str) -> BTreeMap<String, String> {
    let uses = body
        .match_indices("use ")
        .filter_map(|(at, _)| body[at + 4..].split(';').next());
    uses.filter_map(|text| text.split_once(" as "))
        .map(|(table, name)| (name.trim().to_owned(), table.trim().to_owned()))
        .collect()
}

fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| match line.trim_start().starts_with("//") {
            true => "",
            false => line,
        });
    lines.collect::<Vec<_>>().join("\n")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect("the source is there")
}
