//! What a candidate sees under `/take/{token}`.

mod form;
mod notice;
mod questionnaire;
mod welcome;

use domain::Organization;

use crate::link::WebHref;

pub use form::{
    LONGEST_ANSWER, SaveAnswer, SaveRequest, answers_from_form, answers_from_script, too_long,
};
pub use notice::{Action, NoticePage};
pub use questionnaire::{
    ChoiceView, QuestionView, QuestionnairePage, ReviewPage, Unanswered, question_views, unanswered,
};
pub use welcome::{LaunchPage, WelcomePage, needs};

/// Who asks: stands at the head and foot of every candidate page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// The organization's name.
    pub organization: String,
    /// Its logo, from our own origin or a `data:` URL (the content policy lets no other image through).
    pub logo_src: Option<String>,
    /// What happens with a candidate's data.
    pub privacy_url: Option<WebHref>,
    /// The person or address who answers, where known.
    pub contact: Option<String>,
    /// The vendor's name.
    pub platform: String,
}

impl Asker {
    /// The asker for `organization`'s pages. `contact`: who sent the invite, else the organization's reply-to address.
    pub fn new(organization: &Organization, sent_by: Option<&str>, platform: &str) -> Self {
        Self {
            organization: organization.name.clone(),
            logo_src: None,
            privacy_url: organization.privacy_url.as_deref().and_then(WebHref::new),
            contact: sent_by
                .map(str::to_owned)
                .or_else(|| organization.reply_to.clone()),
            platform: platform.to_owned(),
        }
    }

    /// A link that opens a mail to whoever answers, with a subject that says what it is about.
    pub fn help_href(&self, subject: &str) -> Option<String> {
        let contact = self
            .contact
            .as_deref()
            .filter(|contact| contact.contains('@'))?;
        Some(format!(
            "mailto:{}?subject={}",
            encode(contact),
            encode(subject)
        ))
    }
}

// Mail programs read `+` as a plus sign.
fn encode(text: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20").replace("%40", "@")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(contact: Option<&str>) -> Asker {
        Asker {
            organization: "Acme".into(),
            logo_src: None,
            privacy_url: None,
            contact: contact.map(str::to_owned),
            platform: "Baton".into(),
        }
    }

    #[test]
    fn help_opens_a_mail_with_a_subject() {
        assert_eq!(
            asker(Some("jobs@acme.example"))
                .help_href("More time: C & C++")
                .as_deref(),
            Some("mailto:jobs@acme.example?subject=More%20time%3A%20C%20%26%20C%2B%2B")
        );
        assert_eq!(asker(None).help_href("x"), None);
        assert_eq!(asker(Some("the recruiting team")).help_href("x"), None);
    }

    #[test]
    fn a_contact_cannot_smuggle_mail_headers() {
        let href = asker(Some("a@b.example?bcc=c@d.example")).help_href("x");
        assert_eq!(
            href.as_deref(),
            Some("mailto:a@b.example%3Fbcc%3Dc@d.example?subject=x")
        );
    }
}
