//! Passes a person on: one step after the other, each looked for before it is taken.

use domain::{CandidateDetails, Receipt};
use futures_util::TryStreamExt as _;
use greenhouse_harvest::write::{NewApplication, NewCandidate, NewNote};
use greenhouse_harvest::{
    ApplicationFilter, ApplicationStatus, Candidate, CandidateFilter, CandidateId, Client,
    ContactKind, Error, JobId, NoteFilter, UserId, Visibility,
};

use chrono::{DateTime, Utc};

use super::failure::{Doing, receipt};
use super::note::is_note;
use super::person::{choose, missing};
use super::steps::{Plan, Steps, Try};
use crate::Shown;

/// So many persons with one address are looked at.
const NAMESAKES_MAX: usize = 50;

/// Whom to pass on, and what with.
#[derive(Clone)]
pub struct Referred {
    /// The person.
    pub candidate: CandidateDetails,
    /// For which job; a prospect without one.
    pub job: Option<JobId>,
    /// The note.
    pub note: String,
    /// The note's last line.
    pub reference: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// To whom all of it is attributed.
    pub author: UserId,
}

// It tells of a person.
impl std::fmt::Debug for Referred {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Referred({})", self.reference)
    }
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// This is known now; there is more to do.
    Known(Steps),
    /// Keep this, then [`Referring::make`] what is said.
    Make(Steps, Making),
    /// Keep this, and come back after so long.
    Wait(Steps, std::time::Duration),
    /// All of it is there.
    Done(Steps),
}

/// What is made next: written down before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// The person, with an application.
    Person,
    /// An application of the person.
    Application,
    /// The note.
    Note,
}

/// What came of making something.
#[derive(Debug)]
pub enum Made {
    /// This is known now.
    Known(Steps),
    /// It was not made: what is to be shown, and what is known now.
    Not(Steps, Shown),
    /// It may have been made: what is to be shown. What was written down before stands.
    Perhaps(Shown),
}

/// Passes one person on.
#[derive(Debug)]
pub struct Referring<'a> {
    client: &'a Client,
    referred: &'a Referred,
}

type Stepped<T> = Result<T, Shown>;

impl<'a> Referring<'a> {
    /// Passes `referred` on.
    pub fn new(client: &'a Client, referred: &'a Referred) -> Self {
        Self { client, referred }
    }

    /// Takes the next step, as far as looking goes. Nothing is made by it but missing details of the person, which do no harm
    /// where they are set twice.
    ///
    /// # Errors
    /// What is to be shown, where it could not be taken.
    pub async fn step(&self, steps: &Steps, now: DateTime<Utc>) -> Stepped<Next> {
        let Some(person) = steps.person.map(CandidateId::new) else {
            return self.look_for_person(steps, now).await;
        };
        if !steps.complete {
            return self.complete(steps, person).await;
        }
        if steps.application.is_none() {
            return self.look_for_application(steps, person, now).await;
        }
        if steps.note.is_none() {
            return self.look_for_note(steps, person, now).await;
        }
        Ok(Next::Done(steps.clone()))
    }

    async fn look_for_person(&self, steps: &Steps, now: DateTime<Utc>) -> Stepped<Next> {
        if let Some(wait) = early(steps.making_person.as_ref(), now) {
            return Ok(Next::Wait(steps.clone(), wait));
        }
        let found = self.namesakes().await?;
        if !found.is_empty() {
            let chosen = self.chosen(&found).await?;
            return Ok(Next::Known(Steps {
                person: Some(chosen.get()),
                namesakes: Some(found.len()).filter(|many| *many > 1),
                making_person: None,
                ..steps.clone()
            }));
        }
        if let Some(again) = steps.making_person.as_ref().and_then(Try::looked) {
            let steps = Steps {
                making_person: Some(again),
                ..steps.clone()
            };
            return Ok(Next::Known(steps));
        }
        let begun = Steps {
            making_person: Some(Try::begun(now)),
            // The application comes with the person: it too may be there and not seen.
            making_application: Some(Try::begun(now)),
            ..steps.clone()
        };
        Ok(Next::Make(begun, Making::Person))
    }

    /// Everybody there with the address.
    async fn namesakes(&self) -> Stepped<Vec<Candidate>> {
        let doing = Doing::LookForPerson;
        let filter = CandidateFilter::new().email(self.referred.candidate.email.as_str());
        let mut entries = self.client.list(&filter);
        let (mut found, mut hidden) = (Vec::new(), 0);
        while let Some(entry) = entries.try_next().await.map_err(failed(doing))? {
            match entry.into_candidate() {
                Some(candidate) => found.push(candidate),
                None => hidden += 1,
            }
            if found.len() == NAMESAKES_MAX {
                break;
            }
        }
        if found.is_empty() && hidden > 0 {
            // Whether it is hidden or not ready yet, nobody says. A second person would be worse than a wait.
            let detail = "Greenhouse has somebody with this address whom it does not show us: they may be private there, or not be ready yet".to_owned();
            return Err(Shown {
                is_answered: true,
                ..Receipt::Retrying { detail }.into()
            });
        }
        Ok(found)
    }

    async fn chosen(&self, found: &[Candidate]) -> Stepped<CandidateId> {
        let ids: Vec<CandidateId> = found.iter().map(|it| it.id).collect();
        let applied = match self.referred.job {
            Some(job) if ids.len() > 1 => self.applied(&ids, job).await?,
            _ => Vec::new(),
        };
        Ok(choose(found, &applied).unwrap_or(ids[0]))
    }

    async fn applied(&self, among: &[CandidateId], job: JobId) -> Stepped<Vec<CandidateId>> {
        let filter = ApplicationFilter::new()
            .candidates(among.iter().copied())
            .jobs([job]);
        let doing = Doing::LookForApplication;
        let all: Vec<_> = self
            .client
            .list(&filter)
            .try_collect()
            .await
            .map_err(failed(doing))?;
        Ok(all.iter().filter_map(|it| it.candidate_id).collect())
    }

    /// Adds address and profile where they are missing.
    async fn complete(&self, steps: &Steps, person: CandidateId) -> Stepped<Next> {
        let found = self.client.find(person).await;
        let found = found.map_err(failed(Doing::LookForPerson))?;
        let Some(there) = found.and_then(greenhouse_harvest::CandidateEntry::into_candidate) else {
            // Deleted, or merged into another: they are looked for anew.
            let anew = Steps {
                account: steps.account.clone(),
                ..Steps::default()
            };
            return Ok(Next::Known(anew));
        };
        if let Some(update) = missing(&there, &self.referred.candidate) {
            let updated = self.client.update_candidate(person, &update).await;
            updated.map_err(failed(Doing::CompletePerson))?;
        }
        Ok(Next::Known(Steps {
            complete: true,
            ..steps.clone()
        }))
    }

    async fn look_for_application(
        &self,
        steps: &Steps,
        person: CandidateId,
        now: DateTime<Utc>,
    ) -> Stepped<Next> {
        if let Some(wait) = early(steps.making_application.as_ref(), now) {
            return Ok(Next::Wait(steps.clone(), wait));
        }
        if let Some(id) = self.running_application(person).await? {
            return Ok(Next::Known(Steps {
                application: Some(id),
                making_application: None,
                ..steps.clone()
            }));
        }
        let again = steps.making_application.as_ref().and_then(Try::looked);
        let is_made_anew = again.is_none();
        let kept = Steps {
            making_application: Some(again.unwrap_or(Try::begun(now))),
            ..steps.clone()
        };
        Ok(if is_made_anew {
            Next::Make(kept, Making::Application)
        } else {
            Next::Known(kept)
        })
    }

    /// An application for the job that runs, or has led to a hire; without a job any.
    async fn running_application(&self, person: CandidateId) -> Stepped<Option<i64>> {
        let filter = ApplicationFilter::new().candidates([person]);
        let filter = match self.referred.job {
            Some(job) => filter.jobs([job]),
            None => filter,
        };
        let mut all = self.client.list(&filter);
        let doing = Doing::LookForApplication;
        while let Some(found) = all.try_next().await.map_err(failed(doing))? {
            let runs = matches!(
                found.status,
                Some(ApplicationStatus::InProcess | ApplicationStatus::Hired)
            );
            if runs {
                return Ok(Some(found.id.get()));
            }
        }
        Ok(None)
    }

    async fn look_for_note(
        &self,
        steps: &Steps,
        person: CandidateId,
        now: DateTime<Utc>,
    ) -> Stepped<Next> {
        if let Some(wait) = early(steps.making_note.as_ref(), now) {
            return Ok(Next::Wait(steps.clone(), wait));
        }
        if let Some(id) = note_with(self.client, person, &self.referred.reference).await? {
            return Ok(Next::Known(Steps {
                note: Some(id),
                making_note: None,
                ..steps.clone()
            }));
        }
        let again = steps.making_note.as_ref().and_then(Try::looked);
        let is_made_anew = again.is_none();
        let kept = Steps {
            making_note: Some(again.unwrap_or(Try::begun(now))),
            ..steps.clone()
        };
        Ok(if is_made_anew {
            Next::Make(kept, Making::Note)
        } else {
            Next::Known(kept)
        })
    }

    /// Is the note shown there?
    pub async fn is_seen(&self, steps: &Steps) -> bool {
        let Some(person) = steps.person.map(CandidateId::new) else {
            return false;
        };
        let found = note_with(self.client, person, &self.referred.reference).await;
        matches!(found, Ok(Some(_)))
    }

    /// Makes what `steps` say may have been made from now on.
    pub async fn make(&self, steps: &Steps, making: Making) -> Made {
        let person = steps.person.map(CandidateId::new);
        let (doing, made) = match (making, person) {
            (Making::Application, Some(person)) => (
                Doing::MakeApplication,
                self.make_application(steps, person).await,
            ),
            (Making::Note, Some(person)) => (Doing::WriteNote, self.make_note(steps, person).await),
            _ => (Doing::MakePerson, self.make_person(steps).await),
        };
        match made {
            Ok(steps) => Made::Known(steps),
            Err(error) if error.is_ambiguous() => Made::Perhaps(receipt(doing, &error)),
            Err(error) => Made::Not(unmade(steps, making), receipt(doing, &error)),
        }
    }

    async fn make_person(&self, steps: &Steps) -> Result<Steps, Error> {
        let wanted = &self.referred.candidate;
        let candidate = NewCandidate::new(&wanted.first_name, &wanted.last_name)
            .email(ContactKind::Personal, wanted.email.as_str())
            .application(&self.application());
        let candidate = match &wanted.linkedin_url {
            Some(profile) => candidate.social(profile),
            None => candidate,
        };
        let made = self.client.create_candidate(&candidate).await?;
        let application = made.application.map(|it| it.id.get());
        let Some(person) = made.candidate.into_candidate() else {
            // A message in their place: they are looked for after a while.
            return Ok(steps.clone());
        };
        Ok(Steps {
            person: Some(person.id.get()),
            complete: true,
            making_person: None,
            making_application: steps
                .making_application
                .clone()
                .filter(|_| application.is_none()),
            application,
            ..steps.clone()
        })
    }

    fn application(&self) -> NewApplication {
        let author = self.referred.author;
        match self.referred.job {
            Some(job) => NewApplication::for_job(job).recruiter(author),
            None => NewApplication::prospect().prospect_owner(author),
        }
    }

    async fn make_application(&self, steps: &Steps, person: CandidateId) -> Result<Steps, Error> {
        let made = self
            .client
            .create_application(person, &self.application())
            .await?;
        Ok(Steps {
            application: Some(made.id.get()),
            making_application: None,
            ..steps.clone()
        })
    }

    async fn make_note(&self, steps: &Steps, person: CandidateId) -> Result<Steps, Error> {
        let referred = self.referred;
        let note = NewNote::new(person, &referred.visibility, &referred.note).user(referred.author);
        let made = self.client.create_note(&note).await?;
        Ok(Steps {
            note: Some(made.id.get()),
            making_note: None,
            ..steps.clone()
        })
    }
}

/// The note in a person's feed that ends with `reference`, if one does.
///
/// # Errors
/// What is to be shown, where it could not be looked for.
pub async fn note_with(
    client: &Client,
    person: CandidateId,
    reference: &str,
) -> Result<Option<i64>, Shown> {
    let mut notes = client.list(&NoteFilter::new().candidates([person]));
    let doing = Doing::LookForNote;
    while let Some(note) = notes.try_next().await.map_err(failed(doing))? {
        let says = |text: &Option<String>| text.as_deref().is_some_and(|it| is_note(it, reference));
        if says(&note.body) || says(&note.body_with_tags) {
            return Ok(Some(note.id.get()));
        }
    }
    Ok(None)
}

fn failed(doing: Doing) -> impl Fn(Error) -> Shown {
    move |error| receipt(doing, &error)
}

/// How long to wait before it is looked for, where it is too early.
fn early(begun: Option<&Try>, now: DateTime<Utc>) -> Option<std::time::Duration> {
    match begun?.plan(now) {
        Plan::Wait(wait) => Some(wait),
        Plan::Look => None,
    }
}

/// What was about to be made certainly was not.
fn unmade(steps: &Steps, making: Making) -> Steps {
    let mut steps = steps.clone();
    match making {
        Making::Person => (steps.making_person, steps.making_application) = (None, None),
        Making::Application => steps.making_application = None,
        Making::Note => steps.making_note = None,
    }
    steps
}
