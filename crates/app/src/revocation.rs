//! Every link that an organization has handed out, ended at once.

use domain::{InviteId, OrganizationId, ReferralId};
use storage::links::{self as store, OpenLink};
use storage::secrets::{self as stored, Place};
use storage::{organizations, referrals};
use vault::LinkKey;

use crate::audit::{self, Action};
use crate::links::Links;
use crate::organizations::seal_link_key;
use crate::{AnyConnection, App, Error, Result};

/// How many links one unit of work rewrites.
const SLICE: i64 = 100;

/// Gives an organization another link key: from the commit on no link made before opens anything, a candidate's answers 410,
/// a result's leads to sign-in. Then the new links of open invites (and referrals) are made known, slice by slice; answers how many. Each
/// works from its own slice on. Broken off, it can be called again: that ends the links once more.
///
/// # Errors
/// [`Error::NotFound`] for an unknown organization.
pub async fn revoke_links(app: &App, organization: OrganizationId) -> Result<u64> {
    app.write(move |app, conn| replace_key(app, conn, organization))
        .await?;
    let many = rewrite(app, organization).await?;
    // Once more: an invite that was made at the same moment may have been stored under its old link behind our back.
    let many = many + rewrite(app, organization).await?;
    rewrite_referrals(app, organization).await?;
    rewrite_referrals(app, organization).await?;
    Ok(many)
}

fn replace_key(app: &App, conn: &mut AnyConnection, organization: OrganizationId) -> Result<()> {
    let found = organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    let key = LinkKey::generate(app.random());
    let sealed = seal_link_key(app, organization, &key);
    let place = Place::LinkKey(organization);
    if !stored::replace(conn, &place, &found.link_key, &sealed)? {
        return Err(storage::Error::Stale.into());
    }
    let object = format!("organization:{organization}");
    let detail = serde_json::json!({});
    audit::note(
        app,
        conn,
        Some(organization),
        Action::LinksRevoked,
        object,
        detail,
    )
}

async fn rewrite(app: &App, organization: OrganizationId) -> Result<u64> {
    let (mut many, mut after) = (0, None);
    loop {
        let slice = app.write(move |app, conn| rewrite_slice(app, conn, organization, after));
        let (rewritten, last) = slice.await?;
        many += rewritten;
        match last {
            Some(last) => after = Some(last),
            None => return Ok(many),
        }
    }
}

fn rewrite_slice(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: Option<InviteId>,
) -> Result<(u64, Option<InviteId>)> {
    let found = organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    let links = Links::of(app, &found)?;
    let open = store::open_links(conn, organization, after, SLICE)?;
    let mut many = 0;
    for link in &open {
        let hash = links.take_hash(link.invite, link.attempt);
        if hash != link.hash {
            many += u64::from(store::replace_link(conn, organization, link, &hash)?);
        }
    }
    Ok((many, open.last().map(|link: &OpenLink| link.invite)))
}

async fn rewrite_referrals(app: &App, organization: OrganizationId) -> Result<()> {
    let mut after = None;
    loop {
        let slice = app.write(move |app, conn| {
            let found =
                organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
            let links = Links::of(app, &found)?;
            let mut last: Option<ReferralId> = None;
            for (referral, before) in referrals::links(conn, organization, after, SLICE)? {
                let hash = links.consent_hash(referral);
                if hash != before {
                    referrals::replace_link(conn, organization, referral, (&before, &hash))?;
                }
                last = Some(referral);
            }
            Ok(last)
        });
        match slice.await? {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}
