//! A new file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::members::{Members, body};
use crate::{ApplicationId, AttachmentKind, Visibility};

body! {
    /// A file to add to an application. `Debug` shows no value.
    NewAttachment {}
}

impl NewAttachment {
    /// A file with this content. Greenhouse goes by the extension of its name.
    pub fn holding(
        application: ApplicationId,
        kind: AttachmentKind,
        visibility: &Visibility,
        filename: impl Into<String>,
        content: &[u8],
    ) -> Self {
        let mut this = Self::named(application, kind, visibility, filename);
        this.0.set("content", STANDARD.encode(content));
        this
    }

    /// A file that Greenhouse fetches itself from a public address.
    pub fn fetched_from(
        application: ApplicationId,
        kind: AttachmentKind,
        visibility: &Visibility,
        filename: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        let mut this = Self::named(application, kind, visibility, filename);
        this.0.set("url", url.into());
        this
    }

    fn named(
        application: ApplicationId,
        kind: AttachmentKind,
        visibility: &Visibility,
        filename: impl Into<String>,
    ) -> Self {
        let mut members = Members::default();
        members.set("application_id", application.get());
        members.set("type", String::from(kind));
        members.set("visibility", visibility.as_written());
        members.set("filename", filename.into());
        Self(members)
    }
}
