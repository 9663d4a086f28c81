//! What applicants read, and where.

use serde::{Deserialize, Serialize};

use super::JobId;
use crate::filter::filters;
use crate::open::open_enum;
use crate::resource::record;
use crate::{Timestamp, lenient};

record! {
    /// A job as it is advertised. A job may have none, or several: for boards, languages, places.
    #[derive(Debug)]
    JobPost (JobPostId, JobPostFilter) at "job_posts" {
        /// Of which job.
        job_id: Option<JobId>,
        /// On which board.
        job_board_id: Option<JobBoardId>,
        /// The title that applicants see.
        title: String,
        /// The text, as HTML; for an internal post the internal one. Greenhouse lets `iframe`, `video` and `source` stand:
        /// sanitise it before showing it.
        content: Option<String>,
        /// The text for colleagues, as HTML.
        internal_content: Option<String>,
        /// Whether it is for colleagues.
        internal: bool,
        /// `false`: it was deleted.
        active: bool,
        /// Whether it is published, and its board too.
        live: bool,
        /// Whether it is made to stand out.
        featured: bool,
        /// When it was first published.
        first_published_at: Option<Timestamp>,
        /// Its language; most are two letters, some are Greenhouse's own, like `zhHant`.
        language: Option<String>,
        /// Where it can be read.
        public_url: Option<String>,
        /// Its questions about who the applicant is.
        demographic_question_set_id: Option<i64>,
        /// What applicants are asked.
        questions: Vec<Question>,
    }
}

/// A question on an application form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Question {
    /// Its id, where it has one.
    pub id: Option<i64>,
    /// The form's name for it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// What is asked.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub label: String,
    /// More about it.
    pub description: Option<String>,
    /// Whether it has to be answered.
    pub required: Option<bool>,
    /// Whether only some may see the answer.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub private: bool,
    /// How it is answered.
    pub answer_type: Option<AnswerKind>,
    /// What can be chosen.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub options: Vec<QuestionOption>,
}

/// An answer that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuestionOption {
    /// Its id.
    pub id: Option<i64>,
    /// What it says.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub label: String,
}

open_enum! {
    /// How a question is answered.
    AnswerKind {
        /// With a line.
        ShortText = "short_text",
        /// With a text.
        LongText = "long_text",
        /// With yes or no.
        Boolean = "boolean",
        /// With one of the options.
        SingleSelect = "single_select",
        /// With some of the options.
        MultiSelect = "multi_select",
        /// With a file.
        Attachment = "attachment",
        /// Not by the applicant.
        Hidden = "hidden",
    }
}

filters! {
    JobPost {
        /// Those of these jobs.
        ids jobs: JobId => "job_ids",
        /// Those on these boards.
        ids job_boards: JobBoardId => "job_board_ids",
        /// `false`: deleted ones. They are left out otherwise.
        flag active => "active",
        /// Published ones, or those that are not.
        flag live => "live",
        /// Those for colleagues, or those for all.
        flag internal => "internal",
        /// Those made to stand out, or the others.
        flag featured => "featured",
    }
}

record! {
    /// A place where posts are shown.
    #[derive(Debug)]
    JobBoard (JobBoardId, JobBoardFilter) at "job_boards" {
        /// Whose it is, as it is shown.
        company_name: Option<String>,
        /// Its name in addresses.
        url_token: Option<String>,
        /// Whether it is for colleagues.
        internal: bool,
        /// Whether it can be seen.
        status: Option<String>,
        /// About the organization, as HTML.
        about: Option<String>,
        /// What stands before each post, as HTML.
        introduction: Option<String>,
        /// What stands after each post, as HTML.
        conclusion: Option<String>,
    }
}

filters! {
    JobBoard {
        /// Those for colleagues, or those for all.
        flag internal => "internal",
        /// Those that can be seen, or the others.
        flag live => "live",
    }
}
