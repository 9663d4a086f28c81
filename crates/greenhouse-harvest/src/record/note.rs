//! Notes: the prose of a candidate's feed.

use super::{ApplicationId, CandidateId, UserId};
use crate::filter::filters;
use crate::open::open_enum;
use crate::resource::{id_alone, record};

record! {
    /// A note about a candidate. `Debug` shows only the id. Notes can be neither changed nor deleted.
    Note (NoteId, NoteFilter) at "notes" {
        /// About whom.
        candidate_id: Option<CandidateId>,
        /// About which of their applications.
        application_id: Option<ApplicationId>,
        /// What it says.
        body: Option<String>,
        /// The same as HTML.
        body_with_tags: Option<String>,
        /// An e-mail's subject.
        subject: Option<String>,
        /// What kind of note it is.
        #[serde(rename = "type")]
        kind: Option<NoteKind>,
        /// Who wrote it. Missing: Greenhouse itself.
        user_id: Option<UserId>,
        /// Who may read it.
        visibility: Option<Visibility>,
        /// An e-mail's sender.
        email_from: Option<String>,
        /// An e-mail's recipients.
        email_to: Option<String>,
        /// Who else got the e-mail.
        email_cc: Vec<String>,
        /// The names of the e-mail's attachments.
        email_attachment_file_names: Vec<Option<String>>,
        /// Tells whether it was imported before.
        import_hash: Option<String>,
    }
}

id_alone!(Note);

open_enum! {
    /// A kind of note. The first three can be written, the others are Greenhouse's own.
    NoteKind {
        /// Shows among the notes.
        Note = "NOTE",
        /// Shows in the feed.
        Activity = "ACTIVITY",
        /// An e-mail that was sent elsewhere.
        Email = "EMAIL",
        /// About an interview.
        Interview = "INTERVIEW",
        /// A reminder.
        FollowUp = "FOLLOW_UP",
        /// About a take-home test.
        TakeHomeTest = "TAKE_HOME_TEST",
        /// A note from LinkedIn.
        LinkedinNote = "LINKEDIN_NOTE",
        /// A message on LinkedIn.
        LinkedinInmail = "LINKEDIN_INMAIL",
        /// A question when the candidate can.
        AvailabilityRequest = "AVAILABILITY_REQUEST",
        /// Something that could not be moved over.
        MigrationError = "MIGRATION_ERROR",
        /// A contact with the candidate.
        Touchpoint = "TOUCHPOINT",
        /// A form.
        Form = "FORM",
        /// What somebody thinks.
        Feedback = "FEEDBACK",
    }
}

open_enum! {
    /// Who may read something. Greenhouse writes `public` what it reads as `publicly_visible`; here it is one.
    Visibility {
        /// Everyone who may see the candidate.
        Public = "publicly_visible" | "public",
        /// Those who may see private notes.
        Private = "privately_visible" | "private",
        /// Admins.
        AdminOnly = "admin_only_visible" | "admin_only",
    }
}

impl Visibility {
    /// The word in bodies of writes.
    pub fn as_written(&self) -> &str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::AdminOnly => "admin_only",
            Self::Unknown(word) => word,
        }
    }
}

impl Note {
    /// Whether it says `reference`. Harvest has no idempotency keys: put one into what you write, and look for it before
    /// writing again.
    pub fn mentions(&self, reference: &str) -> bool {
        let says = |text: &Option<String>| text.as_ref().is_some_and(|it| it.contains(reference));
        says(&self.body) || says(&self.body_with_tags) || says(&self.subject)
    }
}

filters! {
    Note {
        /// Those about these candidates.
        ids candidates: CandidateId => "candidate_ids",
        /// Those about these applications.
        ids applications: ApplicationId => "application_ids",
        /// Those of these users.
        ids users: UserId => "user_ids",
        /// Those of this kind.
        word kind: NoteKind => "type",
        /// Those that these may read.
        word visibility: Visibility => "visibility",
    }
}
