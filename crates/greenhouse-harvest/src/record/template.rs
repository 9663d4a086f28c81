//! Templates of e-mails.

use super::UserId;
use crate::filter::filters;
use crate::resource::record;

record! {
    /// A template of an e-mail.
    #[derive(Debug)]
    EmailTemplate (EmailTemplateId, EmailTemplateFilter) at "email_templates" {
        /// Its name.
        name: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// For which occasion.
        email_type: Option<String>,
        /// In whose name.
        from_type: Option<String>,
        /// To whom.
        recipients: Option<String>,
        /// Its subject.
        subject: Option<String>,
        /// Its text.
        body: Option<String>,
        /// Its text as HTML.
        html_body: Option<String>,
        /// Whether it is the first choice.
        default: bool,
        /// Whether the coordinator gets it too.
        cc_coordinator: bool,
        /// Whether the recruiter gets it too.
        cc_recruiter: bool,
        /// Whether it is for all offices.
        office_anywhere: bool,
        /// Whose it is.
        user_id: Option<UserId>,
    }
}

filters! {
    EmailTemplate {
        /// Those for this occasion.
        text email_type => "email_type",
        /// Those in this name.
        text from_type => "from_type",
    }
}
