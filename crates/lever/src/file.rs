//! Files and résumés of an opportunity.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::open::open_enum;
use crate::{FileId, Identified, ResumeId, Timestamp, lenient};

/// A file on an opportunity. `Debug` shows no name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Its extension.
    pub ext: Option<String>,
    /// In bytes; a number or digits.
    #[serde(default, deserialize_with = "lenient::number")]
    pub size: Option<u64>,
    /// Where it can be downloaded, with the same credential.
    pub download_url: Option<String>,
    /// When it came; a number or digits.
    pub uploaded_at: Option<Timestamp>,
    /// How far Lever has read it.
    pub status: Option<FileStatus>,
}

/// A résumé on an opportunity. `Debug` shows nothing of the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Resume {
    /// Its id.
    pub id: ResumeId,
    /// When it was added.
    pub created_at: Option<Timestamp>,
    /// The file.
    pub file: Option<Value>,
    /// What Lever read in it, as Lever has it.
    pub parsed_data: Option<Value>,
}

open_enum! {
    /// How far Lever has read a file.
    FileStatus {
        /// It is at it.
        Processing = "processing",
        /// Done.
        Processed = "processed",
        /// Not a kind of file it reads.
        Unsupported = "unsupported",
        /// It could not.
        Error = "error",
    }
}

impl Identified for File {
    type Id = FileId;

    fn id(&self) -> &FileId {
        &self.id
    }
}

impl Identified for Resume {
    type Id = ResumeId;

    fn id(&self) -> &ResumeId {
        &self.id
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("id", &self.id)
            .field("size", &self.size)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Resume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resume")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
