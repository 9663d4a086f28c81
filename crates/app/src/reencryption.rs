//! Secrets move to another key: every encrypted field is encrypted anew with the first of `secrets.keys`.

use storage::secrets::{self as store, Field, KeyUse, Place, Sealed};
use vault::Keyring;

use crate::audit::{self, Action};
use crate::{AnyConnection, App, Result, secrets};

/// How many fields one unit of work looks at.
const SLICE: i64 = 100;

/// What became of all encrypted fields.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The key that encrypts now.
    pub first: String,
    /// How many fields were encrypted anew.
    pub reencrypted: u64,
    /// How many could not be read: their key is missing, or they were moved or changed. They stay as they are.
    pub unreadable: u64,
    /// Which key holds how many fields now, column by column.
    pub uses: Vec<KeyUse>,
}

impl Report {
    /// How many fields a key still holds.
    pub fn left(&self, key_id: &str) -> i64 {
        let of_it = self.uses.iter().filter(|used| used.key_id == key_id);
        of_it.map(|used| used.rows).sum()
    }
}

/// Encrypts anew what another key than the first holds, slice by slice, while everything else goes on: a field that
/// somebody else writes at the same moment is left to them. It may be repeated at any time.
///
/// # Errors
/// Those of the database.
pub async fn reencrypt(app: &App) -> Result<Report> {
    let mut report = Report {
        first: app.first_key().to_owned(),
        ..Report::default()
    };
    for field in Field::ALL {
        let mut after = None;
        loop {
            let from = after.clone();
            let slice = app
                .write(move |app, conn| reencrypt_slice(app, conn, field, from.as_ref()))
                .await?;
            report.reencrypted += slice.reencrypted;
            report.unreadable += slice.unreadable;
            match slice.last {
                Some(last) => after = Some(last),
                None => break,
            }
        }
    }
    report.uses = app.read(|_, conn| Ok(store::key_ids(conn)?)).await?;
    let (first, many) = (report.first.clone(), report.reencrypted);
    let detail = serde_json::json!({ "fields": many, "unreadable": report.unreadable });
    app.write(move |app, conn| {
        let object = format!("key:{first}");
        let detail = detail.clone();
        audit::note(app, conn, None, Action::SecretsReencrypted, object, detail)
    })
    .await?;
    Ok(report)
}

/// How many secrets cannot be read: their key is missing or another one of the same id, or they were moved or changed. Kept
/// answers are not looked into: they are many, and gone after a day.
///
/// # Errors
/// Those of the database.
pub async fn unreadable(app: &App) -> Result<u64> {
    let mut many = 0;
    for field in Field::ALL
        .into_iter()
        .filter(|field| *field != Field::Answer)
    {
        let mut after: Option<Place> = None;
        loop {
            let from = after.take();
            let found = app
                .read(move |_, conn| Ok(store::page(conn, field, from.as_ref(), SLICE)?))
                .await?;
            let lost = found
                .iter()
                .filter(|sealed| secrets::open(app, &sealed.place, &sealed.text).is_err());
            many += lost.count() as u64;
            match found.into_iter().last() {
                Some(last) => after = Some(last.place),
                None => break,
            }
        }
    }
    Ok(many)
}

#[derive(Debug, Default)]
struct Slice {
    reencrypted: u64,
    unreadable: u64,
    /// Where the next slice begins; none where there is no next one.
    last: Option<Place>,
}

fn reencrypt_slice(
    app: &App,
    conn: &mut AnyConnection,
    field: Field,
    after: Option<&Place>,
) -> Result<Slice> {
    let found = store::page(conn, field, after, SLICE)?;
    let mut slice = Slice::default();
    for sealed in &found {
        if Keyring::key_id_in(&sealed.text) == Some(app.first_key()) {
            continue;
        }
        match anew(app, sealed) {
            Some(text) => {
                let changed = store::replace(conn, &sealed.place, &sealed.text, &text)?;
                slice.reencrypted += u64::from(changed);
            }
            None => slice.unreadable += 1,
        }
    }
    slice.last = found.into_iter().last().map(|sealed| sealed.place);
    Ok(slice)
}

fn anew(app: &App, sealed: &Sealed) -> Option<String> {
    let plain = secrets::open(app, &sealed.place, &sealed.text).ok()?;
    Some(secrets::seal(app, &sealed.place, &plain))
}
