//! The rows that one decision, or a group of them, wants stored.

use chrono::{DateTime, Utc};
use domain::{CandidateId, InviteId, OrganizationId, Revision, Target, Writeback};
use storage::events::EventRecord;
use storage::invites::InviteRecord;
use storage::jobs::NewJob;
use storage::places::PlaceRecord;
use storage::{AnyConnection, attempts, candidates, events, invites, jobs, links, places};

/// Rows to store, each table's in one statement where there can be many.
#[derive(Debug, Default)]
pub struct Changes {
    /// People not known yet: organization, address (lower-cased) and the id offered.
    pub candidates: Vec<(OrganizationId, String, CandidateId)>,
    /// Invites as they now are.
    pub changed: Vec<InviteRecord>,
    /// New invites.
    pub invited: Vec<InviteRecord>,
    /// Invites as they were, whose link a reset ended.
    pub buried: Vec<InviteRecord>,
    /// New revisions.
    pub revisions: Vec<(OrganizationId, InviteId, Revision)>,
    /// Papers as they now are, with the number of their attempt.
    pub papers: Vec<(OrganizationId, InviteId, i32, attempts::Paper)>,
    /// New places.
    pub places: Vec<PlaceRecord>,
    /// Invites whose write-backs are forgotten, since a new attempt calls for its own.
    pub forgotten: Vec<(OrganizationId, InviteId)>,
    /// Write-backs that are called for.
    pub writebacks: Vec<(PlaceRecord, Writeback)>,
    /// Facts for timelines.
    pub events: Vec<EventRecord>,
    /// Work that follows.
    pub jobs: Vec<NewJob>,
}

impl Changes {
    /// Stores them all.
    ///
    /// # Errors
    /// [`storage::Error::Stale`] where somebody else was there first; the unit of work is then run again.
    pub fn save(self, conn: &mut AnyConnection, now: DateTime<Utc>) -> storage::Result<()> {
        candidates::make(conn, &self.candidates, now)?;
        // Before the new ones: one that is replaced gives up its ask's key.
        for record in &self.changed {
            invites::save(conn, record)?;
        }
        for record in &self.buried {
            links::bury_link(conn, record)?;
        }
        invites::insert(conn, &self.invited)?;
        for (organization, invite, revision) in &self.revisions {
            invites::keep_revision(conn, *organization, *invite, revision)?;
        }
        for (organization, invite, attempt, paper) in &self.papers {
            attempts::save(conn, *organization, *invite, *attempt, paper)?;
        }
        places::insert(conn, &self.places)?;
        for (organization, invite) in &self.forgotten {
            places::forget_writebacks(conn, *organization, *invite)?;
        }
        for (record, writeback) in &self.writebacks {
            let (organization, invite) = (record.organization, record.invite);
            places::set_writeback(conn, organization, invite, record.place.id, writeback)?;
            if writeback.target == Target::GreenhouseNote {
                // Another revision is another note: that the one before was seen says nothing of it.
                places::forget_seen(conn, organization, invite, record.place.id)?;
            }
        }
        events::insert(conn, &self.events)?;
        jobs::enqueue(conn, &self.jobs, now)
    }
}
