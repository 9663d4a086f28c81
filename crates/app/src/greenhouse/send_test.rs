//! `send_test`: the hot write. Asks that come together share one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    Ask, Assessment, AssessmentId, CandidateId, Command, InviteId, OrganizationId, Status, decide,
};
use storage::invites::InviteRecord;
use storage::{AnyConnection, Grouped, assessments, candidates, invites};

use super::{Answered, links};
use crate::access::{GreenhouseCaller, GreenhouseKey, GreenhouseKeys};
use crate::changes::Changes;
use crate::invites::{Asked, draft};
use crate::links::Links;
use crate::reactions::react;
use crate::{App, Error, Result, trace};

/// One `send_test`.
#[derive(Debug)]
pub struct SendTest {
    app: App,
    key: GreenhouseKey,
    ask: Ask,
}

/// Invites the candidate, once however often the same is asked; answers after the commit.
///
/// # Errors
/// [`Error::Unauthorized`], and those of the database. The outcome is [`Error::NotFound`] for a test that is unknown, foreign
/// or not published; [`Error::Conflict`] where another ask under the same name has been started.
pub async fn send_test(app: &App, key: GreenhouseKey, mut ask: Ask) -> Result<Answered<InviteId>> {
    ask.ats.traceparent = trace::current();
    let asked = SendTest {
        app: app.clone(),
        key,
        ask,
    };
    let answered = app.send_test_lane().ask(asked).await??;
    if answered.outcome.is_ok() {
        app.db().wake().notify();
    }
    Ok(answered)
}

/// What names an ask, or a person, in an organization.
type Named = (OrganizationId, String);

impl SendTest {
    fn name(&self, organization: OrganizationId) -> Named {
        (organization, self.ask.key.clone())
    }

    fn person(&self, organization: OrganizationId) -> Named {
        (organization, self.ask.candidate.email.key())
    }
}

/// What has to be known to decide a group of asks; later ones see what earlier ones did.
#[derive(Debug)]
pub struct World {
    now: DateTime<Utc>,
    keys: GreenhouseKeys,
    links: HashMap<OrganizationId, Links>,
    published: HashMap<(OrganizationId, AssessmentId), Assessment>,
    live: HashMap<Named, InviteRecord>,
    people: HashMap<Named, CandidateId>,
}

impl Grouped for SendTest {
    type World = World;
    type Reply = Result<Answered<InviteId>>;
    type Changes = (DateTime<Utc>, Changes);

    fn load(conn: &mut AnyConnection, asks: &[&Self]) -> storage::Result<World> {
        let app = &asks[0].app;
        let keys = GreenhouseKeys::load(app, conn, asks.iter().map(|ask| &ask.key))?;
        let good: Vec<(OrganizationId, &Self)> = asks
            .iter()
            .filter_map(|ask| Some((keys.organization(&ask.key)?, *ask)))
            .collect();
        Ok(World {
            now: app.now(),
            keys,
            links: links(
                app,
                conn,
                good.iter().map(|(organization, _)| *organization),
            )?,
            published: published(conn, &good)?,
            live: live(conn, &good)?,
            people: people(conn, &good)?,
        })
    }

    fn decide(&self, world: &mut World, (now, changes): &mut Self::Changes) -> Self::Reply {
        *now = world.now;
        let caller = world.keys.admit(&self.key)?;
        let trace = self.ask.ats.traceparent.clone();
        let outcome = trace::within_now(trace, || self.invite(&caller, world, changes));
        Ok(Answered { caller, outcome })
    }

    fn save(conn: &mut AnyConnection, (now, changes): Self::Changes) -> storage::Result<()> {
        changes.save(conn, now)
    }
}

impl SendTest {
    fn invite(
        &self,
        caller: &GreenhouseCaller,
        world: &mut World,
        changes: &mut Changes,
    ) -> Result<InviteId> {
        let organization = caller.organization;
        let name = self.name(organization);
        if let Some(live) = world.live.get(&name)
            && self.is_same(live)
        {
            return Ok(live.invite.id);
        }
        let test = self.ask.assessment.map(|id| (organization, id));
        let assessment = test
            .and_then(|test| world.published.get(&test))
            .ok_or(Error::NotFound("test"))?;
        let links = world.links.get(&organization).ok_or(Error::Unauthorized)?;
        if let Some(live) = world.live.get(&name) {
            self.replace(live, world.now, changes)?;
        }
        let person = self.person(organization);
        let asked = Asked {
            mails: assessment.send_email && caller.mails,
            expires_at: None,
            candidate_id: world.people.get(&person).copied(),
            candidate: self.ask.candidate.clone(),
            origin: self.ask.origin,
            key: Some(self.ask.key.clone()),
            ats: self.ask.ats.clone(),
            places: self.ask.place.clone().into_iter().collect(),
        };
        let record = draft(&self.app, world.now, assessment, links, asked, changes);
        let id = record.invite.id;
        world.people.insert(person, record.invite.candidate);
        world.live.insert(name, record);
        Ok(id)
    }

    /// The same test and address under the same name is the same ask, whatever has become of it.
    fn is_same(&self, live: &InviteRecord) -> bool {
        // Whose ask an erased person's was can be told no more: it is taken for the same.
        let same_person = live.candidate.is_erased()
            || self.ask.candidate.email.key() == live.candidate.email.key();
        self.ask.assessment == Some(live.invite.assessment) && same_person
    }

    /// Takes the name from an invite that nobody has started, and cancels it where it is still open.
    fn replace(
        &self,
        live: &InviteRecord,
        now: DateTime<Utc>,
        changes: &mut Changes,
    ) -> Result<()> {
        let status = live.invite.status_at(now);
        let untouched = live.invite.attempt.started_at.is_none();
        let over = matches!(status, Status::Expired | Status::Cancelled) && untouched;
        let decided = decide(&live.invite, Command::Replace, now);
        if decided.is_err() && !over {
            return Err(Error::conflict(
                "already_started",
                "Another candidate or test was sent under this url and has been started. Send this one as a new test.",
            ));
        }
        let mut replaced = InviteRecord {
            ask_key: None,
            ..live.clone()
        };
        if let Ok(transition) = decided {
            replaced.invite = transition.invite;
            react(
                &self.app,
                now,
                &mut replaced,
                &[],
                &transition.events,
                changes,
            );
        }
        // One that was made in this very group is not stored yet.
        match changes
            .invited
            .iter_mut()
            .find(|new| new.invite.id == live.invite.id)
        {
            Some(new) => *new = replaced,
            None => changes.changed.push(replaced),
        }
        Ok(())
    }
}

fn published(
    conn: &mut AnyConnection,
    asks: &[(OrganizationId, &SendTest)],
) -> storage::Result<HashMap<(OrganizationId, AssessmentId), Assessment>> {
    let mut wanted: Vec<_> = asks
        .iter()
        .filter_map(|(organization, ask)| Some((*organization, ask.ask.assessment?)))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let found = assessments::published_among(conn, &wanted)?;
    Ok(found
        .into_iter()
        .map(|found| ((found.organization, found.id), found))
        .collect())
}

fn live(
    conn: &mut AnyConnection,
    asks: &[(OrganizationId, &SendTest)],
) -> storage::Result<HashMap<Named, InviteRecord>> {
    let names: Vec<Named> = asks
        .iter()
        .map(|(organization, ask)| ask.name(*organization))
        .collect();
    let found = invites::by_asks(conn, &names)?;
    Ok(found
        .into_iter()
        .filter_map(|found| Some(((found.invite.organization, found.ask_key.clone()?), found)))
        .collect())
}

fn people(
    conn: &mut AnyConnection,
    asks: &[(OrganizationId, &SendTest)],
) -> storage::Result<HashMap<Named, CandidateId>> {
    let people: Vec<Named> = asks
        .iter()
        .map(|(organization, ask)| ask.person(*organization))
        .collect();
    let found = candidates::by_email(conn, &people)?;
    Ok(found
        .into_iter()
        .map(|(organization, key, candidate)| ((organization, key), candidate))
        .collect())
}
