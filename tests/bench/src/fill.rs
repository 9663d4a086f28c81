//! The generator: a database as it is after two years, the same for the same seed.
//!
//! Organizations are as unequal as customers are: the nth has 1/n of the first one's invites (Zipf). Invites are spread evenly
//! over two years. Of those of the last fortnight most are still open; of the older ones four in five are completed, with a
//! result, a revision, a paper and a write-back that was seen. One person in twelve has been invited before. Rows go in through
//! Baton's own storage functions, in batches, each of one transaction.

use std::io;

use app::App;
use app::invites::InviteRecord;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Answer, AtsFacts, CandidateId, EventId, Invite, InviteId, OrganizationId, Origin, Place,
    PlaceId, ResultBody, Revision, Status, Target, Writeback, WritebackState, score_choices,
};
use storage::attempts::{self, Paper};
use storage::events::{self, EventRecord};
use storage::places::{self, PlaceRecord};
use storage::{AnyConnection, candidates, invites};

use crate::chance::Chance;
use crate::customer::{self, Customer, person};
use crate::report::note;

/// How many invites go in at once.
const BATCH: usize = 500;
/// How many batches are under way.
const LANES: usize = 4;
/// How far back the first invite lies.
const SPAN: TimeDelta = TimeDelta::days(730);
/// How long an invite stays open.
const OPEN: TimeDelta = TimeDelta::days(14);

const FIRST: [&str; 32] = [
    "Ada",
    "Alan",
    "Amina",
    "Anders",
    "Beatriz",
    "Chidi",
    "Dmitri",
    "Edsger",
    "Fatima",
    "Grace",
    "Hedy",
    "Ines",
    "Jun",
    "Katherine",
    "Lars",
    "Mei",
    "Nadia",
    "Olu",
    "Priya",
    "Quentin",
    "Rosa",
    "Santiago",
    "Tove",
    "Uma",
    "Viktor",
    "Wanda",
    "Xiu",
    "Yusuf",
    "Zoë",
    "Ángel",
    "Łucja",
    "Søren",
];
const START: [&str; 24] = [
    "Al", "Ba", "Bran", "Cor", "Dal", "Ek", "Fer", "Gar", "Hol", "Ing", "Jor", "Kol", "Lind",
    "Mar", "Nor", "Ost", "Pet", "Quin", "Ros", "Sal", "Tor", "Ul", "Van", "Wes",
];
const MIDDLE: [&str; 20] = [
    "a", "an", "be", "der", "do", "e", "el", "ga", "i", "in", "ka", "la", "lo", "ma", "ne", "o",
    "ra", "ri", "sa", "ti",
];
const END: [&str; 16] = [
    "berg", "bury", "chi", "dez", "ers", "feld", "gren", "ham", "ini", "kov", "land", "man", "nen",
    "quist", "ski", "ton",
];

/// What a filled database holds.
#[derive(Debug)]
pub(crate) struct Filled {
    /// The largest first.
    pub(crate) customers: Vec<Customer>,
    /// Of each customer, some of its invites, evenly spread.
    pub(crate) samples: Vec<Vec<Sample>>,
}

/// One invite, as far as a reader has to know it.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) invite: InviteId,
    pub(crate) email: String,
    pub(crate) last_name: String,
    pub(crate) open: bool,
}

/// Makes `organizations` customers and `invites` invites among them.
///
/// # Errors
/// Those of the database.
pub(crate) async fn fill(
    app: &App,
    organizations: usize,
    invites: usize,
    seed: u64,
) -> io::Result<Filled> {
    note(&format!(
        "Filling a database: {organizations} organizations, {invites} invites"
    ));
    let mut customers = Vec::new();
    for number in 1..=organizations {
        customers.push(customer::make(app, number, 20).await?);
    }
    let mut maker = Maker::new(customers, invites, seed, app.now());
    let mut samples = vec![Vec::new(); organizations];
    let mut under_way = tokio::task::JoinSet::new();
    while maker.made < invites {
        let batch = maker.batch(&mut samples);
        let app = app.clone();
        under_way.spawn(async move { app.db().write(move |conn| batch.save(conn)).await });
        if under_way.len() >= LANES {
            finished(under_way.join_next().await)?;
        }
        if maker.made.is_multiple_of(100_000) {
            note(&format!("{} invites", maker.made));
        }
    }
    while let Some(outcome) = under_way.join_next().await {
        finished(Some(outcome))?;
    }
    Ok(Filled {
        customers: maker.customers,
        samples,
    })
}

fn finished(
    outcome: Option<Result<storage::Result<()>, tokio::task::JoinError>>,
) -> io::Result<()> {
    match outcome {
        Some(outcome) => outcome.map_err(io::Error::other)?.map_err(io::Error::other),
        None => Ok(()),
    }
}

/// Rows that go in together.
#[derive(Debug, Default)]
struct Batch {
    candidates: Vec<(OrganizationId, String, CandidateId)>,
    invites: Vec<InviteRecord>,
    places: Vec<PlaceRecord>,
    events: Vec<EventRecord>,
    revisions: Vec<(OrganizationId, InviteId, Revision)>,
    papers: Vec<(OrganizationId, InviteId, Paper)>,
}

impl Batch {
    fn save(&self, conn: &mut AnyConnection) -> storage::Result<()> {
        let now = self
            .invites
            .first()
            .map(|record| record.invite.created_at)
            .unwrap_or_default();
        candidates::make(conn, &self.candidates, now)?;
        invites::insert(conn, &self.invites)?;
        places::insert(conn, &self.places)?;
        events::insert(conn, &self.events)?;
        for (organization, invite, revision) in &self.revisions {
            invites::keep_revision(conn, *organization, *invite, revision)?;
        }
        for (organization, invite, paper) in &self.papers {
            attempts::save(conn, *organization, *invite, 1, paper)?;
        }
        Ok(())
    }
}

struct Maker {
    customers: Vec<Customer>,
    /// How many people each customer knows.
    people: Vec<usize>,
    /// The sum of the shares up to each customer.
    shares: Vec<f64>,
    total: usize,
    made: usize,
    chance: Chance,
    now: DateTime<Utc>,
}

impl Maker {
    fn new(customers: Vec<Customer>, total: usize, seed: u64, now: DateTime<Utc>) -> Self {
        let mut sum = 0.0;
        let shares = (1..=customers.len())
            .map(|rank| {
                sum += 1.0 / f64::from(u32::try_from(rank).unwrap_or(u32::MAX));
                sum
            })
            .collect();
        Self {
            people: vec![0; customers.len()],
            customers,
            shares,
            total,
            made: 0,
            chance: Chance::of(seed),
            now,
        }
    }

    fn batch(&mut self, samples: &mut [Vec<Sample>]) -> Batch {
        let mut batch = Batch::default();
        // Everyone is sampled in a small database, one in a hundred in a large one.
        let every = (self.total / 10_000).max(1);
        for _ in 0..BATCH.min(self.total - self.made) {
            let place = self.place();
            let record = self.invite(place, &mut batch);
            if self.made.is_multiple_of(every) {
                samples[place].push(Sample {
                    invite: record.invite.id,
                    email: record.candidate.email.as_str().to_owned(),
                    last_name: record.candidate.last_name.clone(),
                    open: record.invite.status == Status::Invited,
                });
            }
            batch.invites.push(record);
            self.made += 1;
        }
        batch
    }

    /// Which customer is next.
    #[expect(
        clippy::cast_precision_loss,
        reason = "53 bits of chance are plenty for a share"
    )]
    fn place(&mut self) -> usize {
        let whole = self.shares.last().copied().unwrap_or_default();
        let share = (self.chance.next() >> 11) as f64 / (1u64 << 53) as f64 * whole;
        self.shares.partition_point(|sum| *sum < share)
    }

    fn invite(&mut self, place: usize, batch: &mut Batch) -> InviteRecord {
        let created_at = self.moment();
        let (candidate, details) = self.somebody(place, batch);
        let chance = &mut self.chance;
        let customer = &self.customers[place];
        let assessment = chance.pick(&customer.assessments);
        let id: InviteId = chance.id(created_at);
        let status = status(chance, self.now - created_at);
        let finished = matches!(status, Status::Submitted | Status::Completed);
        let started = finished || status == Status::Started;
        let origin = match chance.below(100) {
            0..85 => Origin::Greenhouse,
            85..95 => Origin::Api,
            _ => Origin::Dashboard,
        };
        let model = &customer.model;
        let mut invite = Invite {
            id,
            assessment: assessment.id,
            assessment_version: assessment.version,
            candidate,
            origin,
            status,
            created_at,
            submitted_at: finished.then(|| created_at + TimeDelta::hours(30)),
            completed_at: (status == Status::Completed).then(|| created_at + TimeDelta::hours(30)),
            expires_at: created_at + OPEN,
            ..model.invite.clone()
        };
        if started {
            invite.attempt.started_at = Some(created_at + TimeDelta::hours(29));
            invite.attempt.ends_at = Some(created_at + TimeDelta::minutes(29 * 60 + 20));
        }
        let mut record = InviteRecord {
            invite,
            assessment_title: assessment.title.clone(),
            candidate: details,
            ask_key: None,
            link_hash: vault::token_hash(&customer.links.take_token(id, 1)).to_vec(),
            mails: true,
            email_state: invites::EmailState::Sent,
            ..model.clone()
        };
        let answered = Follow {
            chance,
            customer,
            batch,
        };
        answered.up(&mut record, assessment, finished);
        record
    }

    /// Somebody not known yet, or one time in twelve somebody known.
    fn somebody(
        &mut self,
        place: usize,
        batch: &mut Batch,
    ) -> (CandidateId, domain::CandidateDetails) {
        let known = self.people[place];
        let again = known > 0 && self.chance.below(12) == 0;
        let number = if again {
            self.chance.below(known)
        } else {
            known
        };
        let organization = self.customers[place].organization;
        let mut own = Chance::of((place as u64) << 40 | number as u64);
        let first = *own.pick(&FIRST);
        let last = format!(
            "{}{}{}",
            own.pick(&START),
            own.pick(&MIDDLE),
            own.pick(&END)
        );
        let email = format!("{}.{number}@candidate.example", last.to_lowercase());
        let id: CandidateId = own.id(self.now - SPAN);
        if !again {
            batch.candidates.push((organization, email.clone(), id));
            self.people[place] += 1;
        }
        (id, person(first, &last, &email))
    }

    fn moment(&self) -> DateTime<Utc> {
        let span = SPAN.num_milliseconds();
        let left = i64::try_from(self.total - self.made).unwrap_or_default();
        let total = i64::try_from(self.total).unwrap_or(i64::MAX);
        self.now - TimeDelta::milliseconds(span / total * left)
    }
}

fn status(chance: &mut Chance, age: TimeDelta) -> Status {
    let lot = chance.below(100);
    if age < OPEN {
        return match lot {
            0..40 => Status::Invited,
            40..45 => Status::Started,
            45..55 => Status::Submitted,
            55..95 => Status::Completed,
            _ => Status::Cancelled,
        };
    }
    match lot {
        0..78 => Status::Completed,
        78..93 => Status::Expired,
        93..97 => Status::Cancelled,
        _ => Status::Submitted,
    }
}

/// What an invite brings with it.
struct Follow<'a> {
    chance: &'a mut Chance,
    customer: &'a Customer,
    batch: &'a mut Batch,
}

impl Follow<'_> {
    fn up(mut self, record: &mut InviteRecord, assessment: &domain::Assessment, finished: bool) {
        let at = record.invite.created_at;
        self.event(record, "invite.created", at);
        if finished {
            self.event(record, "invite.started", at + TimeDelta::hours(29));
            self.event(record, "invite.submitted", at + TimeDelta::hours(30));
            self.paper(record, assessment);
        }
        if record.invite.origin == Origin::Greenhouse {
            self.place(record);
        }
    }

    fn event(&mut self, record: &InviteRecord, name: &str, at: DateTime<Utc>) {
        self.batch.events.push(EventRecord {
            id: self.chance.id::<EventId>(at),
            organization: record.invite.organization,
            invite: Some(record.invite.id),
            name: name.to_owned(),
            detail: serde_json::json!({}),
            at,
        });
    }

    fn paper(&mut self, record: &mut InviteRecord, assessment: &domain::Assessment) {
        let picked = assessment.questions.iter().filter_map(|question| {
            let choice = question.choices.get(self.chance.below(4))?;
            Some((question.id, Answer::Choices(vec![choice.id])))
        });
        let answers = picked.collect();
        let marks = score_choices(assessment, &answers);
        let score = marks.values().map(|grade| grade.points).sum();
        let (organization, invite) = (record.invite.organization, record.invite.id);
        let paper = Paper {
            answers,
            seq: 6,
            marks,
        };
        self.batch.papers.push((organization, invite, paper));
        let Some(at) = record.invite.completed_at else {
            return;
        };
        let body = ResultBody {
            score: Some(score),
            ..ResultBody::default()
        };
        let revision = Revision {
            revision: 1,
            at,
            body,
        };
        record.invite.result = Some(revision.clone());
        self.batch.revisions.push((organization, invite, revision));
        self.event(record, "invite.completed", at);
    }

    fn place(&mut self, record: &mut InviteRecord) {
        let at = record.invite.created_at;
        let url = format!("https://app.greenhouse.io/assessments/{}", record.invite.id);
        record.ask_key = Some(format!("url {url}"));
        record.ats = AtsFacts {
            profile_url: Some(format!(
                "https://app.greenhouse.io/people/{}?application_id={}",
                self.chance.below(100_000_000),
                self.chance.below(100_000_000)
            )),
            ..AtsFacts::default()
        };
        let writeback = record.invite.completed_at.map(|completed| Writeback {
            progress: WritebackState::Sent,
            seen_at: Some(completed + TimeDelta::seconds(2)),
            ..Writeback::pending(Target::GreenhouseStatus, 1, completed)
        });
        self.batch.places.push(PlaceRecord {
            organization: self.customer.organization,
            invite: record.invite.id,
            place: Place {
                id: self.chance.id::<PlaceId>(at),
                target: Target::GreenhouseStatus,
                subject: url,
            },
            writeback,
        });
    }
}
