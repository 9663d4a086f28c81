#![doc = include_str!("../README.md")]

#[cfg(feature = "actix")]
pub mod actix;
mod catalogue;
#[cfg(feature = "client")]
pub mod client;
mod credential;
mod error;
mod key;
mod lenient;
mod metadata;
mod partner;
mod profile;
mod report;
mod send_test;
mod status;

pub use ats_http;
pub use catalogue::{BadInterviewId, InterviewId, Test};
pub use credential::Credential;
pub use error::PartnerError;
pub use key::{BadKey, KEY_LENGTH_MAX, Key, NoKey};
pub use lenient::Fault;
pub use metadata::{METADATA_ENTRIES_MAX, Metadata, MetadataValue, NotFlat};
pub use partner::AssessmentPartner;
pub use profile::ProfileIds;
pub use report::ResponseError;
pub use send_test::{Candidate, SendTest};
pub use status::{BadProfileUrl, Completion, ProfileUrl, Progress, Score, TestStatus};
