//! Notes and files: written.

use super::Client;
use super::request::Request;
use crate::write::{NewAttachment, NewNote};
use crate::{Attachment, AttachmentId, Error, Note};

impl Client {
    /// Writes a note; it can be neither changed nor deleted. Scope `harvest:notes:create`.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look for it before writing it again: put a reference into it
    /// that [`Note::mentions`] finds.
    pub async fn create_note(&self, note: &NewNote) -> Result<Note, Error> {
        self.read(Request::act("notes", note.as_json())).await
    }

    /// Adds a file to an application. A new résumé takes the place of the one before. Scope `harvest:attachments:create`.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look for it before adding it again.
    pub async fn create_attachment(&self, attachment: &NewAttachment) -> Result<Attachment, Error> {
        let request = Request::act("attachments", attachment.as_json());
        self.read(request).await
    }

    /// Deletes a file for good. Scope `harvest:attachments:destroy`.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`is_not_found`](Error::is_not_found) when it is gone already.
    pub async fn delete_attachment(&self, id: AttachmentId) -> Result<(), Error> {
        self.done(Request::delete(format!("attachments/{id}")))
            .await
    }
}
