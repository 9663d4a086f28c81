//! `rotate-keys` and `revoke-links`.

use app::{App, reencryption, revocation};
use domain::OrganizationId;
use serde_json::json;

use crate::answer::Answer;

/// Encrypts every secret anew with the first of `secrets.keys`.
pub(crate) async fn rotate(app: &App) -> app::Result<Answer> {
    let report = reencryption::reencrypt(app).await?;
    let mut lines = vec![format!(
        "Encrypted {} secrets anew with key {}.",
        report.reencrypted, report.first
    )];
    if report.unreadable > 0 {
        lines.push(format!(
            "{} secrets could not be read and stay as they are: baton-admin doctor says which key is missing.",
            report.unreadable
        ));
    }
    for id in app.key_ids().skip(1) {
        lines.push(match report.left(id) {
            0 => format!("Key {id} holds no secret any more: take it out of `secrets.keys`, and restart."),
            left => format!(
                "Key {id} still holds {left} secrets. Let every process have {} first in `secrets.keys`, then run this again.",
                report.first
            ),
        });
    }
    let uses: Vec<_> = report
        .uses
        .iter()
        .map(|used| {
            let (table, column) = used.field.column();
            json!({ "key": used.key_id, "table": table, "column": column, "rows": used.rows })
        })
        .collect();
    let json = json!({
        "first": report.first, "reencrypted": report.reencrypted, "unreadable": report.unreadable, "uses": uses,
    });
    Ok(Answer::new(lines.join("\n"), json))
}

/// Ends all links of one organization, or of every one.
pub(crate) async fn revoke(app: &App, of: Option<OrganizationId>) -> app::Result<Answer> {
    let organizations = match of {
        Some(one) => vec![one],
        None => all(app).await?,
    };
    let mut links = 0;
    for organization in &organizations {
        links += revocation::revoke_links(app, *organization).await?;
    }
    let lines = format!(
        "Ended every candidate and result link of {} organizations; {links} open invites have a new link.\n\
         Nobody was mailed. Candidates who still have to begin or go on need the new link: resend their invites, on their \
         page or with POST /v1/invites/{{id}}/resend. Applicant-tracking systems fetch new result links by themselves.",
        organizations.len()
    );
    Ok(Answer::new(
        lines,
        json!({ "organizations": organizations, "open_invites": links }),
    ))
}

async fn all(app: &App) -> app::Result<Vec<OrganizationId>> {
    let mut all = Vec::new();
    loop {
        let page = storage::Page {
            limit: 100,
            before: all.last().map(|last: &OrganizationId| last.0),
        };
        let found = app
            .read(move |_, conn| app::organizations::list(conn, page))
            .await?;
        if found.is_empty() {
            return Ok(all);
        }
        all.extend(found.iter().map(|record| record.organization.id));
    }
}
