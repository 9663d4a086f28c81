//! Ids: texts whose form is Lever's own business. Built-in stages have words (`applicant-new`), most others UUIDs.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes any text.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    )*};
}

ids! {
    /// Names an [`Opportunity`](crate::Opportunity).
    OpportunityId;
    /// Names a [`Contact`](crate::Contact): a person, who may have many opportunities.
    ContactId;
    /// Names an [`Application`](crate::Application).
    ApplicationId;
    /// Names a [`Stage`](crate::Stage).
    StageId;
    /// Names a [`Posting`](crate::Posting).
    PostingId;
    /// Names a [`Note`](crate::Note).
    NoteId;
    /// Names a [`User`](crate::User).
    UserId;
    /// Names an [`ArchiveReason`](crate::ArchiveReason).
    ArchiveReasonId;
    /// Names a [`Webhook`](crate::Webhook).
    WebhookId;
    /// Names a [`File`](crate::File).
    FileId;
    /// Names a [`Resume`](crate::Resume).
    ResumeId;
    /// Names a [`Feedback`](crate::Feedback) form.
    FeedbackId;
}
