//! Applications.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::open::open_enum;
use crate::{
    ApplicationId, Archived, Expandable, Identified, OpportunityId, Phone, Posting, Timestamp,
    User, lenient,
};

/// What ties an opportunity to a posting. `Debug` shows no personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// Whose it is.
    pub opportunity_id: Option<OpportunityId>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// How it came about.
    #[serde(rename = "type")]
    pub kind: Option<ApplicationKind>,
    /// The posting.
    pub posting: Option<Expandable<Posting>>,
    /// Who owned the posting then.
    pub posting_owner: Option<Expandable<User>>,
    /// The posting's hiring manager then.
    pub posting_hiring_manager: Option<Expandable<User>>,
    /// Who referred the person, or added them.
    pub user: Option<Expandable<User>>,
    /// As the person wrote it; `null` when a recruiter added them.
    pub name: Option<String>,
    /// As the person wrote it; `null` when a recruiter added them. Use the opportunity's own address.
    pub email: Option<String>,
    /// As the person wrote it.
    pub phone: Option<Phone>,
    /// Where they work.
    pub company: Option<String>,
    /// Links.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub links: Vec<String>,
    /// What they added.
    pub comments: Option<String>,
    /// The posting's own questions with the answers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub custom_questions: Vec<CustomQuestion>,
    /// Set while archived.
    pub archived: Option<Archived>,
    /// The requisition that a hire filled.
    pub requisition_for_hire: Option<Value>,
}

/// A form that a posting adds to the application.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomQuestion {
    /// The form's name.
    pub text: Option<String>,
    /// Questions and answers, as Lever has them.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub fields: Vec<Value>,
}

open_enum! {
    /// How an application came about.
    ApplicationKind {
        /// Through the posting's page.
        Posting = "posting",
        /// A user added the person.
        User = "user",
        /// A user referred them.
        Referral = "referral",
    }
}

impl Application {
    /// The id of the posting.
    pub fn posting_id(&self) -> Option<&crate::PostingId> {
        self.posting.as_ref().map(Expandable::id)
    }
}

impl Identified for Application {
    type Id = ApplicationId;

    fn id(&self) -> &ApplicationId {
        &self.id
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("id", &self.id)
            .field("posting", &self.posting_id())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CustomQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomQuestion(…)")
    }
}
