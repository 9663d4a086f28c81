//! Makes an opportunity show an invite: reads what is there, and closes the gap.

use std::collections::HashSet;

use ::lever::{Client, Error, NewNote, NoteId, Opportunity, OpportunityId, UserId};
use domain::{InviteId, InviteView, LeverSettings, Receipt};
use futures_util::TryStreamExt;

use super::failure;
use super::lack::Lack;
use super::note;
use super::subject::{NoteSubject, Subject, TagsSubject};
use super::tags::{Level, Plan, Wanted, plan};
use crate::Shown;

/// One opportunity, and how it is written to.
#[derive(Debug)]
pub struct Writer<'a> {
    client: &'a Client,
    opportunity: OpportunityId,
    settings: &'a LeverSettings,
    user: Option<UserId>,
    is_user_refused: bool,
    is_archived: bool,
    /// Lever has answered a call: whatever comes after is no sign that it is away.
    is_heard: bool,
}

impl<'a> Writer<'a> {
    /// Writes to `opportunity` as the settings say.
    pub fn new(client: &'a Client, opportunity: &str, settings: &'a LeverSettings) -> Self {
        Self {
            client,
            opportunity: OpportunityId::from(opportunity),
            settings,
            user: settings.perform_as.as_deref().map(UserId::from),
            is_user_refused: false,
            is_archived: false,
            is_heard: false,
        }
    }

    /// Makes the tags show `view`. `titles` are those of the other published assessments; `may_act` is asked before each change.
    /// `None` where it says no.
    pub async fn show_tags(
        mut self,
        subject: &TagsSubject,
        view: &InviteView,
        titles: &[String],
        may_act: &(dyn Fn() -> bool + Sync),
    ) -> Option<Shown> {
        match self.swap(subject, view, titles, may_act).await {
            Ok(Some(after)) => Some(self.tags_shown(subject, view, &after)),
            Ok(None) => None,
            Err(shown) => Some(self.heard(shown)),
        }
    }

    /// The tags as they are afterwards, or what to show where they are not known.
    async fn swap(
        &mut self,
        subject: &TagsSubject,
        view: &InviteView,
        titles: &[String],
        may_act: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<String>>, Shown> {
        let wanted = Wanted {
            title: &subject.title,
            found: &subject.found,
            sticky: subject.sticky,
            level: Level::of(&view.invite),
            attempt: view.invite.attempt.number,
            last: subject.shown.as_deref(),
        };
        let read = self.read().await?;
        self.is_archived = read.archived().is_some();
        let mut present = read.tags;
        let Plan { add, remove } = plan(&present, &wanted, titles);
        if !add.is_empty() {
            if !may_act() {
                return Ok(None);
            }
            present = self.add(&add).await.map_err(no_tags)?;
        }
        if !remove.is_empty() {
            if !may_act() {
                return Ok(None);
            }
            present = self.remove(&remove).await.map_err(no_tags)?;
        }
        if remove.contains(&subject.found) {
            // An inherited tag may come back: what the answer says is not enough.
            present = self.read().await?.tags;
        }
        Ok(Some(present))
    }

    async fn read(&mut self) -> Result<Opportunity, Shown> {
        let read = self.client.opportunity(&self.opportunity).await;
        self.is_heard |= read.is_ok();
        read.map_err(|error| failure::of_read(&error))
    }

    fn heard(&self, shown: Shown) -> Shown {
        Shown {
            is_answered: shown.is_answered || self.is_heard,
            ..shown
        }
    }

    async fn add(&mut self, tags: &[String]) -> Result<Vec<String>, Error> {
        let (client, opportunity) = (self.client, &self.opportunity);
        let mut answer = client.add_tags(opportunity, tags, self.user.as_ref()).await;
        if self.is_name_refused(&answer) {
            answer = client.add_tags(opportunity, tags, None).await;
            self.note_refusal(&answer);
        }
        Ok(answer?.tags)
    }

    async fn remove(&mut self, tags: &[String]) -> Result<Vec<String>, Error> {
        let (client, opportunity) = (self.client, &self.opportunity);
        let mut answer = client
            .remove_tags(opportunity, tags, self.user.as_ref())
            .await;
        if self.is_name_refused(&answer) {
            answer = client.remove_tags(opportunity, tags, None).await;
            self.note_refusal(&answer);
        }
        Ok(answer?.tags)
    }

    fn tags_shown(&self, subject: &TagsSubject, view: &InviteView, after: &[String]) -> Shown {
        let after: HashSet<&String> = after.iter().collect();
        let tag = Level::of(&view.invite).tag(&subject.title);
        // Of archived ones Lever was seen to show no tags at all.
        if !after.contains(&tag) && !self.is_archived {
            let detail = format!("Lever took the tag \"{tag}\" and does not show it");
            return Shown {
                is_answered: true,
                ..Receipt::Retrying { detail }.into()
            };
        }
        // Later it may be there by the recruiter's hand.
        let stayed = subject.shown.is_none() && after.contains(&subject.found);
        let sticky = subject.sticky || stayed;
        let mut detail = format!("Lever shows \"{tag}\"");
        if sticky {
            detail.push_str(&format!(
                "; \"{}\" stays, since it comes from the posting",
                subject.found
            ));
        }
        let known = TagsSubject {
            shown: Some(tag),
            sticky,
            ..subject.clone()
        };
        self.sent(detail, known.to_text())
    }

    /// Makes the note show `view`. `begin` is awaited right before a note is made: it keeps that one is on its way, and gives what
    /// is known of the note from then on; `None` where that cannot be, and then nothing is made.
    pub async fn show_note(
        mut self,
        subject: &NoteSubject,
        view: &InviteView,
        result_url: &str,
        begin: impl Future<Output = Option<NoteSubject>>,
    ) -> Option<Shown> {
        let text = note::text(view, result_url);
        let known = match self.known(subject, view.invite.id).await {
            Ok(known) => known,
            Err(error) => return Some(self.no_note(&error).await),
        };
        // Then the notes there were looked through.
        self.is_heard = subject.note.is_none() && subject.begun_at.is_some();
        if let Some(id) = known {
            match self.rewrite(&id, &text).await {
                // Somebody deleted it by hand. It is made anew, as a status tag would be.
                Err(error) if error.is_not_found() => self.is_heard = true,
                Ok(()) => return Some(self.note_shown(subject, &id)),
                Err(error) => return Some(self.no_note(&error).await),
            }
        }
        let begun = begin.await?;
        Some(match self.make(&text).await {
            Ok(id) => self.note_shown(&begun, &id),
            Err(error) => self.no_note(&error).await,
        })
    }

    /// What to show where notes could be neither looked through nor written. Of an opportunity that can be read, a 403 means
    /// that the permission for notes is missing.
    async fn no_note(&mut self, error: &Error) -> Shown {
        if !error.is_forbidden() {
            return self.heard(failure::of_write(error, Lack::Notes));
        }
        match self.read().await {
            Ok(_) => failure::lacking(Lack::Notes),
            Err(hidden) => hidden,
        }
    }

    /// The note, where it is there already. One that was begun may be: its closing line tells.
    async fn known(
        &self,
        subject: &NoteSubject,
        invite: InviteId,
    ) -> Result<Option<NoteId>, Error> {
        if let Some(id) = &subject.note {
            return Ok(Some(NoteId::from(id.as_str())));
        }
        if subject.begun_at.is_none() {
            return Ok(None);
        }
        let mut notes = self.client.notes(&self.opportunity);
        while let Some(found) = notes.try_next().await? {
            let is_ours = found.values().any(|text| note::is_about(invite, text));
            if is_ours && found.deleted_at.is_none() {
                return Ok(Some(found.id));
            }
        }
        Ok(None)
    }

    async fn make(&mut self, text: &str) -> Result<NoteId, Error> {
        let (client, opportunity) = (self.client, &self.opportunity);
        let note = NewNote::new(text)
            .secret(self.settings.note_secret)
            .notify_followers(self.settings.note_notify);
        let named = note.clone().perform_as(self.user.clone());
        let mut answer = client.create_note(opportunity, &named).await;
        if self.is_name_refused(&answer) {
            answer = client.create_note(opportunity, &note).await;
            self.note_refusal(&answer);
        }
        answer
    }

    async fn rewrite(&mut self, id: &NoteId, text: &str) -> Result<(), Error> {
        let (client, opportunity) = (self.client, &self.opportunity);
        let note = NewNote::new(text);
        let named = note.clone().perform_as(self.user.clone());
        let mut answer = client.update_note(opportunity, id, &named).await;
        if self.is_name_refused(&answer) {
            answer = client.update_note(opportunity, id, &note).await;
            self.note_refusal(&answer);
        }
        answer
    }

    fn note_shown(&self, subject: &NoteSubject, id: &NoteId) -> Shown {
        let known = NoteSubject {
            note: Some(id.to_string()),
            ..subject.clone()
        };
        self.sent("Lever has the note".to_owned(), known.to_text())
    }

    /// Is it perhaps the chosen user's name that Lever refuses? The user may have left: once without, then.
    fn is_name_refused<T>(&self, answer: &Result<T, Error>) -> bool {
        let refused = answer.as_ref().err().and_then(Error::status);
        self.user.is_some() && matches!(refused, Some(400 | 403 | 404))
    }

    /// It was the name, where the same call without it is taken.
    fn note_refusal<T>(&mut self, without_name: &Result<T, Error>) {
        if without_name.is_ok() {
            self.user = None;
            self.is_user_refused = true;
        }
    }

    fn sent(&self, mut detail: String, subject: String) -> Shown {
        if self.is_user_refused {
            detail.push_str(
                "; written in nobody's name, since Lever does not take the user chosen for that: choose another one on the \
                 Integrations page",
            );
        }
        Shown {
            subject: Some(subject),
            ..Receipt::Sent { detail }.into()
        }
    }
}

/// What to show where the tags of an opportunity that was just read could not be changed.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn no_tags(error: Error) -> Shown {
    failure::of_write(&error, Lack::Tags)
}
