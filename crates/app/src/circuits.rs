//! Far sides that fail again and again are left alone; one call at a time sees whether they answer again.

use chrono::{DateTime, Utc};
use domain::{Circuit, OrganizationId, Way};
use jobs::Held;
use storage::circuits::{self as store, Failing};
use storage::{AnyConnection, jobs as queue};

use crate::{App, Result};

/// A far side whose failures are counted, for each organization apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FarSide {
    /// The connection's kind.
    pub(crate) connection: &'static str,
    /// Under which name jobs wait while it is left alone.
    pub(crate) park: &'static str,
    /// What people call it.
    pub(crate) people: &'static str,
}

impl FarSide {
    /// Where completion is told to.
    pub(crate) const GREENHOUSE: Self = Self {
        connection: "greenhouse_assessment",
        park: "greenhouse_assessment circuit",
        people: "Greenhouse",
    };

    /// Where opportunities are read, and shown what became of their invites.
    pub(crate) const LEVER: Self = Self {
        connection: "lever",
        park: "lever circuit",
        people: "Lever",
    };

    /// Where jobs are read, candidates brought, and notes written.
    pub(crate) const HARVEST: Self = Self {
        connection: "greenhouse_harvest",
        park: "greenhouse_harvest circuit",
        people: "Greenhouse",
    };

    /// Why a job waits, for people: the last failure, and what comes of it.
    pub(crate) fn words(self, why: &str) -> String {
        format!(
            "{why}. {} has failed at least 10 times in a row, so one call at a time is tried, after 30 seconds and then up to \
             every 10 minutes; whatever waits goes on once it answers",
            self.people
        )
    }

    /// Is there reason to ask [`FarSide::enter`] before a call?
    pub(crate) fn is_in_doubt(known: Option<&Failing>) -> bool {
        known.is_some_and(|known| known.circuit.open.is_some())
    }

    /// May the job call it? Where not, the job is parked in this transaction, and the answer is why. Whoever may call one that
    /// is open calls as the one that sees whether it answers.
    ///
    /// # Errors
    /// Those of the database, and of [`Held::park_in`].
    pub(crate) fn enter(
        self,
        conn: &mut AnyConnection,
        held: &Held,
        now: DateTime<Utc>,
    ) -> storage::Result<Option<String>> {
        let organization = held.organization;
        let Some(known) = store::hold(conn, organization, self.connection)? else {
            return Ok(None);
        };
        match known.circuit.way(now) {
            Way::Free => Ok(None),
            Way::Trial => {
                let circuit = known.circuit.on_trial(now);
                let trying = Failing { circuit, ..known };
                store::keep(conn, organization, self.connection, &trying)?;
                Ok(None)
            }
            Way::Shut(until) => {
                let why = self.words(&known.why);
                // It is woken when the far side answers. Should whoever tries go away, the first of those that wait tries.
                held.park_in(conn, self.park, until + Circuit::LONGEST_WAIT, &why)?;
                Ok(Some(why))
            }
        }
    }

    /// A call has failed, as `why` says: counts it. Answers until when the far side is left alone, if it is; whoever called
    /// tries again then.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn failed(
        self,
        conn: &mut AnyConnection,
        organization: OrganizationId,
        why: &str,
        now: DateTime<Utc>,
    ) -> storage::Result<Option<DateTime<Utc>>> {
        let known = store::hold(conn, organization, self.connection)?;
        let before = known.map_or(Circuit::CLOSED, |known| known.circuit);
        let circuit = before.failed(now);
        let why = why.to_owned();
        store::keep(
            conn,
            organization,
            self.connection,
            &Failing { circuit, why },
        )?;
        let anew = circuit.open.filter(|_| circuit.open != before.open);
        Ok(anew.map(|open| open.until))
    }

    /// A call was answered: whatever waits goes on.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn answered(
        self,
        app: &App,
        organization: OrganizationId,
        known: Option<&Failing>,
    ) -> Result<()> {
        if known.is_none() {
            return Ok(());
        }
        app.write(move |_, conn| Ok(store::forget(conn, organization, self.connection)?))
            .await?;
        let wake = move |app: &App, conn: &mut AnyConnection| {
            Ok(queue::unpark(conn, organization, self.park, app.now())?)
        };
        while app.write(wake).await? {}
        Ok(())
    }
}
