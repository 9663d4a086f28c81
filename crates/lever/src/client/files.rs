//! Files and résumés.

use std::fmt;

use super::request::Request;
use super::{Client, Listing, multipart};
use crate::{Error, File, FileId, OpportunityId, Resume, ResumeId, UserId};

/// A file to add to an opportunity; at most 30 MB. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewFile {
    /// Its name, with extension.
    pub name: String,
    /// Its media type, like `application/pdf`.
    pub content_type: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What a download gave. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Download {
    /// Its media type, where Lever named one.
    pub content_type: Option<String>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl NewFile {
    /// A file of this name, media type and content.
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            content_type: content_type.into(),
            bytes,
        }
    }
}

impl Client {
    /// The files of an opportunity. Scope `files:read:admin`.
    pub fn files(&self, opportunity: &OpportunityId) -> Listing<File> {
        let request = Request::get(&["opportunities", opportunity.as_str(), "files"]);
        self.listing(request, |file| file.id.as_str())
    }

    /// What a file holds, up to `most` bytes.
    ///
    /// # Errors
    ///
    /// [`Error`]; 422 for a file that Lever could not process.
    pub async fn download_file(
        &self,
        opportunity: &OpportunityId,
        file: &FileId,
        most: usize,
    ) -> Result<Download, Error> {
        let path = [
            "opportunities",
            opportunity.as_str(),
            "files",
            file.as_str(),
            "download",
        ];
        self.download(Request::get(&path), most).await
    }

    /// Adds a file in a user's name. Scope `files:write:admin`.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look at the files before adding it again.
    pub async fn upload_file(
        &self,
        opportunity: &OpportunityId,
        file: &NewFile,
        perform_as: &UserId,
    ) -> Result<File, Error> {
        let request = Request::create(&["opportunities", opportunity.as_str(), "files"]);
        let (content_type, bytes) = multipart::form(file);
        let request = request.perform_as(Some(perform_as));
        self.read(request.body(content_type, bytes)).await
    }

    /// Deletes a file in a user's name. Scope `files:write:admin`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn delete_file(
        &self,
        opportunity: &OpportunityId,
        file: &FileId,
        perform_as: &UserId,
    ) -> Result<(), Error> {
        let path = [
            "opportunities",
            opportunity.as_str(),
            "files",
            file.as_str(),
        ];
        self.done(Request::delete(&path).perform_as(Some(perform_as)))
            .await
    }

    /// The résumés of an opportunity. Scope `resumes:read:admin`.
    pub fn resumes(&self, opportunity: &OpportunityId) -> Listing<Resume> {
        let request = Request::get(&["opportunities", opportunity.as_str(), "resumes"]);
        self.listing(request, |resume| resume.id.as_str())
    }

    /// What a résumé's file holds, up to `most` bytes.
    ///
    /// # Errors
    ///
    /// As [`download_file`](Self::download_file).
    pub async fn download_resume(
        &self,
        opportunity: &OpportunityId,
        resume: &ResumeId,
        most: usize,
    ) -> Result<Download, Error> {
        let path = [
            "opportunities",
            opportunity.as_str(),
            "resumes",
            resume.as_str(),
            "download",
        ];
        self.download(Request::get(&path), most).await
    }

    async fn download(&self, request: Request, most: usize) -> Result<Download, Error> {
        let body = self.send(&request.any_type(), most).await?;
        Ok(Download {
            content_type: body.content_type,
            bytes: body.bytes,
        })
    }
}

impl fmt::Debug for NewFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewFile")
            .field("content_type", &self.content_type)
            .field("length", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("content_type", &self.content_type)
            .field("length", &self.bytes.len())
            .finish_non_exhaustive()
    }
}
