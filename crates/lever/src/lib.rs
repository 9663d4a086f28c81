#![doc = include_str!("../README.md")]

mod application;
mod archive_reason;
#[cfg(feature = "client")]
pub mod client;
mod contact;
mod envelope;
#[cfg(feature = "client")]
mod error;
mod event;
mod expandable;
mod feedback;
mod file;
mod id;
mod lenient;
mod note;
#[cfg(feature = "oauth")]
pub mod oauth;
mod open;
mod opportunity;
mod posting;
pub mod scope;
mod stage;
mod tag;
mod timestamp;
mod user;
#[cfg(feature = "webhook")]
pub mod webhook;
mod webhooks;

pub use application::{Application, ApplicationKind, CustomQuestion};
pub use archive_reason::{ArchiveReason, ArchiveReasonKind, ArchiveReasonStatus};
#[cfg(any(feature = "client", feature = "oauth"))]
pub use ats_http;
#[cfg(feature = "client")]
pub use client::{Client, Credential, Dated, Listing};
pub use contact::{Contact, ContactLocation, Phone};
pub use envelope::{List, Unreadable, list, single};
#[cfg(feature = "client")]
pub use error::{Error, ErrorKind, Refusal};
pub use event::Event;
pub use expandable::{Expandable, Identified};
pub use feedback::{Feedback, FeedbackKind, Field};
pub use file::{File, FileStatus, Resume};
pub use id::{
    ApplicationId, ArchiveReasonId, ContactId, FeedbackId, FileId, NoteId, OpportunityId,
    PostingId, ResumeId, StageId, UserId, WebhookId,
};
pub use note::{NewNote, Note, NoteField};
pub use opportunity::{
    Archived, Changed, Confidentiality, DataProtection, NewOpportunity, Opportunity, Origin,
    Permission, StageChange, Urls,
};
pub use posting::{Categories, Posting, PostingState, WorkplaceType};
pub use stage::Stage;
pub use tag::{Source, Tag};
pub use timestamp::Timestamp;
pub use user::{AccessRole, User};
pub use webhooks::{NewWebhook, Webhook, WebhookUpdate};

/// The Data API's base in production. Paths are joined to it, so it ends without a slash.
pub const API_BASE: &str = "https://api.lever.co/v1";
/// The Data API's base in Lever's sandbox.
pub const SANDBOX_API_BASE: &str = "https://api.sandbox.lever.co/v1";
