//! What there is to know about an invite.

use std::collections::HashMap;

use domain::{
    Assessment, AssessmentId, InviteId, OrganizationId, QuestionId, QuestionKind, Status, Writeback,
};
use storage::attempts::{self, Paper};
use storage::events::{self, EventRecord};
use storage::invites::{self, Filter, InviteRecord};
use storage::organizations::{self, OrganizationRecord};
use storage::places::{self, PlaceRecord};
use storage::{AnyConnection, Page, assessments};

use crate::links::Links;
use crate::{App, Error, Result};

/// An invite with all that people and programs ask about it.
#[derive(Debug, Clone)]
pub struct InviteDetails {
    /// The invite as it is stored; its status is the one to be seen now.
    pub record: InviteRecord,
    /// What is taken, at the invite's version.
    pub assessment: Assessment,
    /// The present attempt's answers, one for each question.
    pub answers: Vec<AnswerDetails>,
    /// The present attempt's paper, as it is stored.
    pub paper: Paper,
    /// How far its write-backs have come.
    pub writebacks: Vec<Writeback>,
    /// Where the candidate takes it; none once that link is over.
    pub candidate_url: Option<String>,
    /// Where the result is read.
    pub result_url: String,
}

/// One question's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerDetails {
    /// Which question.
    pub question_id: QuestionId,
    /// How it is answered.
    pub kind: QuestionKind,
    /// What was asked.
    pub prompt: String,
    /// What was answered, as people read it.
    pub answer: Option<String>,
    /// The points it earned, once known.
    pub points: Option<f64>,
    /// The points it could earn.
    pub max_points: f64,
    /// The grader's words.
    pub comment: Option<String>,
}

/// One invite of an organization.
///
/// # Errors
/// [`Error::NotFound`] where it has none with this id.
pub fn find(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteDetails> {
    let record = record(conn, organization, invite)?;
    details(app, conn, record)
}

/// One page of a list of invites.
#[derive(Debug, Clone, Default)]
pub struct InviteList {
    /// Newest first.
    pub invites: Vec<InviteDetails>,
    /// The oldest invite that was looked at, where the page looked through as many as it may and older ones are left.
    pub looked_to: Option<InviteId>,
}

/// One page of an organization's invites, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    filter: &Filter,
    page: Page,
) -> Result<InviteList> {
    let found = invites::list(conn, organization, filter, page)?;
    Ok(InviteList {
        invites: details_of(app, conn, organization, found.records)?,
        looked_to: found.looked_to,
    })
}

/// One page of an invite's timeline, newest first.
///
/// # Errors
/// [`Error::NotFound`] where the organization has no such invite.
pub fn timeline(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    page: Page,
) -> Result<Vec<EventRecord>> {
    record(conn, organization, invite)?;
    Ok(events::of_invite(conn, organization, invite, page)?)
}

pub(crate) fn record(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<InviteRecord> {
    invites::find(conn, organization, invite)?.ok_or(Error::NotFound("invite"))
}

/// The assessment at the invite's version.
pub(crate) fn assessment_of(conn: &mut AnyConnection, record: &InviteRecord) -> Result<Assessment> {
    let invite = &record.invite;
    assessments::at_version(
        conn,
        invite.organization,
        invite.assessment,
        invite.assessment_version,
    )?
    .ok_or(Error::Internal("every version of an assessment is kept"))
}

/// The organization and assessment behind an invite.
pub(crate) fn load(
    conn: &mut AnyConnection,
    record: &InviteRecord,
) -> Result<(OrganizationRecord, Assessment)> {
    let organization = organizations::find(conn, record.invite.organization)?
        .ok_or(Error::Internal("an invite's organization is kept"))?;
    Ok((organization, assessment_of(conn, record)?))
}

/// All there is to know about an invite that has been looked up.
///
/// # Errors
/// Those of the database.
pub fn details(app: &App, conn: &mut AnyConnection, record: InviteRecord) -> Result<InviteDetails> {
    let organization = record.invite.organization;
    details_of(app, conn, organization, vec![record])?
        .pop()
        .ok_or(Error::Internal("one invite has its details"))
}

/// The same for several invites of one organization, with as many statements as for one.
fn details_of(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    records: Vec<InviteRecord>,
) -> Result<Vec<InviteDetails>> {
    let ids: Vec<InviteId> = records.iter().map(|record| record.invite.id).collect();
    let owner = organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    let mut around = Around {
        links: Links::of(app, &owner)?,
        assessments: HashMap::new(),
        papers: attempts::of_invites(conn, organization, &ids)?
            .into_iter()
            .collect(),
        places: places::of_invites(conn, organization, &ids)?,
    };
    records
        .into_iter()
        .map(|record| {
            let assessment = around.assessment(conn, &record)?;
            Ok(around.complete(app, record, assessment))
        })
        .collect()
}

/// What surrounds invites of one organization.
struct Around {
    links: Links,
    assessments: HashMap<(AssessmentId, i32), Assessment>,
    papers: HashMap<(InviteId, i32), Paper>,
    places: Vec<PlaceRecord>,
}

impl Around {
    fn assessment(
        &mut self,
        conn: &mut AnyConnection,
        record: &InviteRecord,
    ) -> Result<Assessment> {
        let key = (record.invite.assessment, record.invite.assessment_version);
        if let Some(known) = self.assessments.get(&key) {
            return Ok(known.clone());
        }
        let found = assessment_of(conn, record)?;
        self.assessments.insert(key, found.clone());
        Ok(found)
    }

    fn complete(
        &mut self,
        app: &App,
        mut record: InviteRecord,
        assessment: Assessment,
    ) -> InviteDetails {
        let invite = &mut record.invite;
        invite.status = invite.status_at(app.now());
        let paper = self.papers.remove(&(invite.id, invite.attempt.number));
        let paper = paper.unwrap_or_default();
        let open = matches!(invite.status, Status::Invited | Status::Started)
            && !record.candidate.is_erased();
        let shown = self.places.iter().filter(|place| place.invite == invite.id);
        InviteDetails {
            candidate_url: open.then(|| self.links.candidate_url(invite)),
            result_url: self.links.result_url(invite.id),
            answers: answers(&assessment, &paper),
            writebacks: shown.filter_map(|place| place.writeback.clone()).collect(),
            record,
            assessment,
            paper,
        }
    }
}

fn answers(assessment: &Assessment, paper: &Paper) -> Vec<AnswerDetails> {
    let of = |question: &domain::Question| {
        let given = paper.answers.get(&question.id);
        let mark = paper.marks.get(&question.id);
        AnswerDetails {
            question_id: question.id,
            kind: question.kind,
            prompt: question.prompt.clone(),
            answer: given
                .filter(|answer| !answer.is_blank())
                .map(|answer| answer.words(question)),
            points: mark.map(|grade| grade.points),
            max_points: question.points,
            comment: mark.and_then(|grade| grade.comment.clone()),
        }
    };
    assessment.questions.iter().map(of).collect()
}
