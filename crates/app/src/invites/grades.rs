//! People grade what choices cannot.

use domain::{Command, Grade, InviteId, OrganizationId, Refusal, Status, decide, grade as add};
use storage::{AnyConnection, attempts};

use super::{InviteDetails, apply, assessment_of, details, record};
use crate::changes::Changes;
use crate::erasure::refuse_erased;
use crate::reactions::note;
use crate::{App, Error, Result};

/// Adds grades to the present attempt. Once every question has its points the invite completes; later grades are a
/// revision of its result.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] before submission, [`Error::Unprocessable`] naming the grade at fault.
pub fn grade(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    grades: &[Grade],
) -> Result<InviteDetails> {
    let now = app.now();
    let record = record(conn, organization, invite)?;
    refuse_erased(&record.candidate)?;
    let status = record.invite.status_at(now);
    if !matches!(status, Status::Submitted | Status::Completed) {
        let message = format!(
            "an invite that is {} cannot be graded; wait for the candidate to submit",
            status.as_str()
        );
        return Err(Error::conflict("invite_state", message));
    }
    let assessment = assessment_of(conn, &record)?;
    let attempt = record.invite.attempt.number;
    let mut paper = attempts::find(conn, organization, invite, attempt)?;
    let result = add(&assessment, &mut paper.marks, grades).map_err(|fault| {
        let field = format!("grades[{}].{}", fault.index, fault.field);
        Error::fault(field, fault.problem)
    })?;
    let mut changes = Changes::default();
    changes.papers.push((organization, invite, attempt, paper));
    let graded = serde_json::json!({ "questions": grades.len() });
    changes
        .events
        .push(note(app, now, &record, "result.graded", graded));
    let decided = result.map(|body| decide(&record.invite, Command::Report(body), now));
    match decided {
        Some(Ok(transition)) => {
            let record = apply(app, conn, record, transition, changes, now)?;
            details(app, conn, record)
        }
        Some(Err(refusal)) if refusal != Refusal::Repeat => {
            Err(Error::conflict("invite_state", refusal.to_string()))
        }
        _ => {
            changes.save(conn, now)?;
            details(app, conn, record)
        }
    }
}
