//! Applications: made, changed, moved.

use serde_json::{Map, Value};

use super::Client;
use super::request::Request;
use crate::write::{ApplicationUpdate, Conversion, Hire, Move, NewApplication, Rejection};
use crate::{Application, ApplicationId, CandidateId, Error};

impl Client {
    /// Adds an application to a candidate. Scope `harvest:applications:create`.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look for it by candidate and job before adding it again.
    pub async fn create_application(
        &self,
        candidate: CandidateId,
        application: &NewApplication,
    ) -> Result<Application, Error> {
        let mut body = application.as_json().clone();
        body.insert("candidate_id".into(), candidate.get().into());
        self.read(Request::act("applications", &body)).await
    }

    /// Changes an application. Scope `harvest:applications:update`. May be repeated.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn update_application(
        &self,
        id: ApplicationId,
        changes: &ApplicationUpdate,
    ) -> Result<Application, Error> {
        let path = format!("applications/{id}");
        self.read(Request::update(path, changes.as_json())).await
    }

    /// Moves an application that is in process. Scope `harvest:applications:move`.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`is_invalid`](Error::is_invalid) where it is no longer in the stage that was named. After an
    /// [ambiguous](Error::is_ambiguous) one read it: where it is in the wanted stage, it was moved.
    pub async fn move_application(&self, id: ApplicationId, to: &Move) -> Result<(), Error> {
        self.turn(id, "move", to.as_json()).await
    }

    /// Rejects an application. Scope `harvest:applications:reject`.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`is_invalid`](Error::is_invalid) where it is rejected already.
    pub async fn reject_application(
        &self,
        id: ApplicationId,
        rejection: &Rejection,
    ) -> Result<(), Error> {
        self.turn(id, "reject", rejection.as_json()).await
    }

    /// Takes a rejection back. Scope `harvest:applications:unreject`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn unreject_application(&self, id: ApplicationId) -> Result<(), Error> {
        self.turn(id, "unreject", &Map::new()).await
    }

    /// Hires a candidate. Scope `harvest:applications:hire`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn hire(&self, id: ApplicationId, hire: &Hire) -> Result<(), Error> {
        self.turn(id, "hire", hire.as_json()).await
    }

    /// Makes a prospect a candidate for a job. Scope `harvest:applications:convert_to_candidate`. What Greenhouse answers is
    /// not documented: look for the new application.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn convert_to_candidate(
        &self,
        id: ApplicationId,
        conversion: &Conversion,
    ) -> Result<(), Error> {
        self.turn(id, "convert_to_candidate", conversion.as_json())
            .await
    }

    async fn turn(
        &self,
        id: ApplicationId,
        verb: &str,
        body: &Map<String, Value>,
    ) -> Result<(), Error> {
        let path = format!("applications/{id}/{verb}");
        self.done(Request::act(path, body)).await
    }
}
