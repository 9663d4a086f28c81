//! A person is erased: names, addresses and answers go everywhere, the invites stay as numbers. A tombstone with ids only
//! stays too, so that it can be done again after a restore.

mod answers;

use domain::{
    CandidateDetails, CandidateId, InviteId, OrganizationId, Passing, Receipt, ResultBody, Status,
};
use serde_json::{Value, json};
use storage::erasures::{self as store, Tombstone};
use storage::referrals::{self, ReferralRecord};
use storage::{candidates, events, invites};

use crate::audit::{self, Action};
use crate::reactions::{note, note_about};
use crate::referrals::thread;
use crate::{AnyConnection, App, Error, Result};

pub use storage::erasures::Tombstone as Erasure;

/// How many invites one look-up names.
const SLICE: i64 = 100;
/// What a fact on a timeline may go on saying, beside numbers and flags: words of ours, out of closed lists.
const OUR_WORDS: [&str; 4] = ["origin", "target", "mail", "expires_at"];

/// Whom an address names in an organization.
///
/// # Errors
/// [`Error::NotFound`] where it names nobody (any more).
pub fn by_email(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    email: &str,
) -> Result<CandidateId> {
    let key = email.trim().to_lowercase();
    let found = candidates::by_email(conn, &[(organization, key)])?;
    found
        .first()
        .map(|(_, _, candidate)| *candidate)
        .ok_or(Error::NotFound("candidate"))
}

/// Erases a person; answers from how many invites. From the first commit on it will be done, also where this process ends:
/// a worker goes on with it. Again afterwards it looks everything through once more.
///
/// # Errors
/// [`Error::NotFound`] where the organization knows nobody under this id.
pub async fn erase(app: &App, organization: OrganizationId, candidate: CandidateId) -> Result<u64> {
    let tombstone = app
        .write(move |app, conn| begin(app, conn, organization, candidate))
        .await?;
    carry_out(app, tombstone).await
}

fn begin(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<Tombstone> {
    if !store::is_known(conn, organization, candidate)? {
        return Err(Error::NotFound("candidate"));
    }
    let tombstone = Tombstone {
        organization,
        candidate,
        asked_at: app.now(),
        finished_at: None,
    };
    store::open(conn, &tombstone)?;
    let object = format!("candidate:{candidate}");
    let action = Action::CandidateErased;
    audit::note(app, conn, Some(organization), action, object, json!({}))?;
    Ok(tombstone)
}

/// Takes over tombstones that were kept apart from a backup: whoever they name is to be erased again.
///
/// # Errors
/// Those of the database.
pub fn take_over(conn: &mut AnyConnection, tombstones: &[Tombstone]) -> Result<()> {
    for tombstone in tombstones {
        store::open(conn, tombstone)?;
    }
    Ok(())
}

/// Goes on with every erasure that is not finished; answers how many there were. Several may do it at once.
///
/// # Errors
/// Those of the database.
pub async fn finish_all(app: &App) -> Result<usize> {
    let mut many = 0;
    loop {
        let open = app
            .read(|_, conn| Ok(store::unfinished(conn, SLICE)?))
            .await?;
        if open.is_empty() {
            return Ok(many);
        }
        many += open.len();
        for tombstone in open {
            carry_out(app, tombstone).await?;
        }
    }
}

async fn carry_out(app: &App, tombstone: Tombstone) -> Result<u64> {
    let (organization, candidate) = (tombstone.organization, tombstone.candidate);
    let mut many = erase_invites(app, tombstone).await?;
    erase_referrals(app, tombstone).await?;
    answers::erase(app, organization, candidate).await?;
    app.write(move |_, conn| Ok(store::forget_address(conn, organization, candidate)?))
        .await?;
    // Once more: who was asked again meanwhile was asked under the old id.
    many += erase_invites(app, tombstone).await?;
    erase_referrals(app, tombstone).await?;
    app.write(move |app, conn| Ok(store::finish(conn, &tombstone, app.now())?))
        .await?;
    Ok(many)
}

async fn erase_invites(app: &App, tombstone: Tombstone) -> Result<u64> {
    let (organization, candidate) = (tombstone.organization, tombstone.candidate);
    let (mut many, mut after) = (0, None);
    loop {
        let found = app
            .read(move |_, conn| {
                Ok(store::invites_of(
                    conn,
                    organization,
                    candidate,
                    after,
                    SLICE,
                )?)
            })
            .await?;
        let Some(last) = found.last() else {
            return Ok(many);
        };
        after = Some(*last);
        for invite in found {
            let erased = app
                .write(move |app, conn| erase_invite(app, conn, organization, invite))
                .await?;
            many += u64::from(erased);
        }
    }
}

/// One invite, one unit of work. Answers false where nothing was left to erase.
fn erase_invite(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<bool> {
    let Some(mut record) = invites::find(conn, organization, invite)? else {
        return Ok(false);
    };
    if record.candidate.is_erased() {
        return Ok(false);
    }
    let now = app.now();
    record.candidate = CandidateDetails::erased(now);
    record.ats = domain::AtsFacts::default();
    record.launch_url = None;
    record.mails = false;
    if let Some(result) = &mut record.invite.result {
        result.body = number(&result.body);
    }
    if record.invite.status == Status::Started {
        // Its answers are gone: it is to expire, not to be handed in empty and scored.
        record.invite.attempt.ends_at = None;
    }
    invites::save(conn, &record)?;
    store::strip(conn, organization, invite, number, plain)?;
    let fact = note(app, now, &record, "candidate.erased", json!({}));
    events::insert(conn, &[fact])?;
    Ok(true)
}

/// Interviews on the vendor's side: few for any one person, so they go in one unit of work.
async fn erase_referrals(app: &App, tombstone: Tombstone) -> Result<()> {
    let (organization, candidate) = (tombstone.organization, tombstone.candidate);
    app.write(move |app, conn| {
        let found = referrals::of_candidate(conn, organization, candidate)?;
        for record in found.into_iter().filter(|it| !it.candidate.is_erased()) {
            erase_referral(app, conn, record)?;
        }
        Ok(())
    })
    .await
}

fn erase_referral(app: &App, conn: &mut AnyConnection, mut record: ReferralRecord) -> Result<()> {
    let now = app.now();
    if record.referral.is_due() {
        let detail = "The candidate was erased before they were passed on".to_owned();
        record.referral.passing = Some(Passing::of(Receipt::Failed { detail }, now));
    }
    record.candidate = CandidateDetails::erased(now);
    record.interview = record.interview.erased();
    record.steps = String::new();
    record.mails = false;
    referrals::save(conn, &record)?;
    referrals::strip(conn, &record, plain)?;
    let about = (record.organization, thread(record.id));
    let fact = note_about(app, now, about, "candidate.erased", json!({}));
    Ok(events::insert(conn, &[fact])?)
}

/// What may stay of a result: the number, without a word about the person.
fn number(body: &ResultBody) -> ResultBody {
    ResultBody {
        score: body.score,
        max_score: body.max_score,
        outcome: body.outcome,
        recommendation: body.recommendation,
        is_final: body.is_final,
        ..ResultBody::default()
    }
}

/// What may stay of a fact's detail.
fn plain(detail: &Value) -> Value {
    let Some(members) = detail.as_object() else {
        return json!({});
    };
    let stays = |(name, value): &(&String, &Value)| {
        value.is_number() || value.is_boolean() || OUR_WORDS.contains(&name.as_str())
    };
    let kept = members.iter().filter(stays);
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// When a person was erased, if an invite says that it was one's.
pub(crate) fn refuse_erased(candidate: &CandidateDetails) -> Result<()> {
    if candidate.is_erased() {
        return Err(Error::conflict(
            "candidate_erased",
            "this candidate was erased; nothing can be done with the invite any more",
        ));
    }
    Ok(())
}
