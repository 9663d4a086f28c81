//! The way to a far side for one job: not while it keeps failing, and with word of how it went.

use std::time::Duration;

use domain::OrganizationId;
use jobs::{Held, Verdict};
use storage::circuits::{self, Failing};

use crate::App;
use crate::circuits::FarSide;

/// The way that one job has. Whoever was let in says how it went: [`answered`](Self::answered) or [`failed`](Self::failed).
#[derive(Debug)]
pub(super) struct Way {
    app: App,
    organization: OrganizationId,
    side: FarSide,
    /// It has failed lately.
    failing: Option<Failing>,
}

impl Way {
    /// The way to a far side for a job.
    ///
    /// # Errors
    /// What to answer where there is none for now.
    pub(super) async fn open(app: &App, held: &Held, side: FarSide) -> Result<Self, Verdict> {
        let organization = held.organization;
        let failing = app
            .read(move |_, conn| Ok(circuits::find(conn, organization, side.connection)?))
            .await
            .map_err(Verdict::retry)?;
        if FarSide::is_in_doubt(failing.as_ref()) && is_left_alone(app, held, side).await? {
            return Err(Verdict::Finished);
        }
        Ok(Self {
            app: app.clone(),
            organization,
            side,
            failing,
        })
    }

    /// It has answered, whatever it said: what waits for that goes on.
    pub(super) async fn answered(&self) {
        let (organization, known) = (self.organization, self.failing.as_ref());
        let kept = self.side.answered(&self.app, organization, known);
        if let Err(error) = kept.await {
            tracing::warn!(%error, ats = self.side.people, "that it answers again could not be kept; the next call keeps it");
        }
    }

    /// It has failed, as `why` says: counted. The answer is the verdict where it is left alone from now on, and this job is the
    /// one that tries again.
    pub(super) async fn failed(&self, why: &str) -> Option<Verdict> {
        let (organization, side, said) = (self.organization, self.side, why.to_owned());
        let counted = self.app.write(move |app, conn| {
            let now = app.now();
            let until = side.failed(conn, organization, &said, now)?;
            Ok(until.map(|until| (until - now).to_std().unwrap_or_default()))
        });
        let delay: Duration = match counted.await {
            Ok(delay) => delay?,
            Err(error) => return Some(Verdict::retry(error)),
        };
        Some(Verdict::RetryIn {
            why: self.side.words(why),
            delay,
        })
    }
}

/// Parks the job where the far side is left alone for now; answers whether it did.
async fn is_left_alone(app: &App, held: &Held, side: FarSide) -> Result<bool, Verdict> {
    let held = held.clone();
    let entered = app.write(move |app, conn| Ok(side.enter(conn, &held, app.now())?));
    let why = entered.await.map_err(Verdict::retry)?;
    Ok(why.is_some())
}
