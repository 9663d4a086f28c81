//! `send_test`: the hot write. Asks that come together share one transaction.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    Ask, Assessment, AssessmentId, CandidateId, Command, InviteId, OrganizationId, Status, decide,
};
use storage::invites::InviteRecord;
use storage::{AnyConnection, Grouped, assessments, candidates, invites, organizations};

use crate::access::GreenhouseCaller;
use crate::changes::Changes;
use crate::invites::{Asked, draft};
use crate::links::Links;
use crate::reactions::react;
use crate::{App, Error, Result};

/// One `send_test`.
#[derive(Debug, Clone)]
pub struct SendTest {
    app: App,
    caller: GreenhouseCaller,
    ask: Ask,
}

/// Invites the candidate, once however often the same is asked; answers after the commit.
///
/// # Errors
/// [`Error::NotFound`] for a test that is unknown, foreign or not published; [`Error::Conflict`] where another ask under
/// the same name has been started.
pub async fn send_test(app: &App, caller: GreenhouseCaller, ask: Ask) -> Result<InviteId> {
    let asked = SendTest {
        app: app.clone(),
        caller,
        ask,
    };
    let reply = app.send_test_lane().ask(asked).await??;
    app.db().wake().notify();
    Ok(reply)
}

impl SendTest {
    fn organization(&self) -> OrganizationId {
        self.caller.organization
    }

    fn name(&self) -> (OrganizationId, String) {
        (self.organization(), self.ask.key.clone())
    }

    fn person(&self) -> (OrganizationId, String) {
        (self.organization(), self.ask.candidate.email.key())
    }
}

/// What has to be known to decide a group of asks; later ones see what earlier ones did.
#[derive(Debug)]
pub struct World {
    now: DateTime<Utc>,
    links: HashMap<OrganizationId, Links>,
    published: HashMap<(OrganizationId, AssessmentId), Assessment>,
    live: HashMap<(OrganizationId, String), InviteRecord>,
    people: HashMap<(OrganizationId, String), CandidateId>,
}

impl Grouped for SendTest {
    type World = World;
    type Reply = Result<InviteId>;
    type Changes = (DateTime<Utc>, Changes);

    fn load(conn: &mut AnyConnection, asks: &[&Self]) -> storage::Result<World> {
        let app = &asks[0].app;
        let tests: Vec<_> = asks
            .iter()
            .filter_map(|ask| Some((ask.organization(), ask.ask.assessment?)))
            .collect();
        let names: Vec<_> = asks.iter().map(|ask| ask.name()).collect();
        let people: Vec<_> = asks.iter().map(|ask| ask.person()).collect();
        Ok(World {
            now: app.now(),
            links: load_links(app, conn, asks)?,
            published: assessments::published_among(conn, &tests)?
                .into_iter()
                .map(|found| ((found.organization, found.id), found))
                .collect(),
            live: invites::by_asks(conn, &names)?
                .into_iter()
                .filter_map(|found| {
                    Some(((found.invite.organization, found.ask_key.clone()?), found))
                })
                .collect(),
            people: candidates::by_email(conn, &people)?
                .into_iter()
                .map(|(organization, key, candidate)| ((organization, key), candidate))
                .collect(),
        })
    }

    fn decide(&self, world: &mut World, (now, changes): &mut Self::Changes) -> Result<InviteId> {
        *now = world.now;
        if let Some(live) = world.live.get(&self.name())
            && self.is_same(live)
        {
            return Ok(live.invite.id);
        }
        let test = self.ask.assessment.map(|id| (self.organization(), id));
        let assessment = test
            .and_then(|test| world.published.get(&test))
            .ok_or(Error::NotFound("test"))?;
        let links = world
            .links
            .get(&self.organization())
            .ok_or(Error::Unauthorized)?;
        if let Some(live) = world.live.get(&self.name()) {
            self.replace(live, world.now, changes)?;
        }
        let asked = Asked {
            mails: assessment.send_email && self.caller.mails,
            expires_at: None,
            candidate_id: world.people.get(&self.person()).copied(),
            candidate: self.ask.candidate.clone(),
            origin: self.ask.origin,
            key: Some(self.ask.key.clone()),
            ats: self.ask.ats.clone(),
            place: self.ask.place.clone(),
        };
        let record = draft(&self.app, world.now, assessment, links, asked, changes);
        let id = record.invite.id;
        world.people.insert(self.person(), record.invite.candidate);
        world.live.insert(self.name(), record);
        Ok(id)
    }

    fn save(conn: &mut AnyConnection, (now, changes): Self::Changes) -> storage::Result<()> {
        changes.save(conn, now)
    }
}

impl SendTest {
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

fn load_links(
    app: &App,
    conn: &mut AnyConnection,
    asks: &[&SendTest],
) -> storage::Result<HashMap<OrganizationId, Links>> {
    let wanted: HashSet<OrganizationId> = asks.iter().map(|ask| ask.organization()).collect();
    let wanted: Vec<OrganizationId> = wanted.into_iter().collect();
    let found = organizations::among(conn, &wanted)?;
    let mut links = HashMap::new();
    for record in &found {
        match Links::of(app, record) {
            Ok(of_it) => {
                links.insert(record.organization.id, of_it);
            }
            Err(error) => {
                tracing::error!(%error, organization = %record.organization.id, "no links can be made");
            }
        }
    }
    Ok(links)
}
