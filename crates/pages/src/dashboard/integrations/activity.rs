//! What came in from an ATS, what was decided, and why nothing was sent.

use askama::Template;

use super::{Frame, Section};
use crate::badge::Badge;
use crate::link::WebHref;
use crate::parts::Empty;
use crate::when::When;

/// `GET /settings/integrations/{kind}/activity?show=&cursor=`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/integrations/activity.html")]
pub struct ActivityPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The connection's path within Integrations: `lever`.
    pub kind: &'static str,
    /// "Lever".
    pub name: &'static str,
    /// What is picked.
    pub show: ActivityFilter,
    /// Newest first.
    pub rows: Vec<ActivityRow>,
    /// The next page; none on the last.
    pub next_href: Option<String>,
}

/// Which entries are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ActivityFilter {
    /// All of them.
    #[default]
    All,
    /// Where an invitation was sent.
    Invited,
    /// Where none was.
    NotInvited,
}

impl ActivityFilter {
    /// In the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Invited => "invited",
            Self::NotInvited => "not_invited",
        }
    }

    /// Reads it from the address; whatever cannot be used counts as all.
    pub fn parse(text: &str) -> Self {
        let known = [Self::Invited, Self::NotInvited];
        let found = known.into_iter().find(|filter| filter.as_str() == text);
        found.unwrap_or_default()
    }
}

/// One thing that came in, or was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRow {
    /// When.
    pub when: When,
    /// What came of it: "Invited", "Not invited", "Received".
    pub outcome: Badge,
    /// What it was and what was decided, in words; for a "no", the reason.
    pub text: String,
    /// Whom it was about, by the id in the ATS.
    pub subject: Option<String>,
    /// The page there.
    pub opportunity: Option<WebHref>,
    /// The invite it made: whom it asks, and its page (`/invites/{id}`).
    pub invite: Option<(String, String)>,
}

impl ActivityPage {
    fn tabs(&self) -> [(&'static str, String, bool); 3] {
        let tab = |label, filter: ActivityFilter| {
            let here = self.show == filter;
            (label, activity_href(self.kind, filter, None), here)
        };
        [
            tab("All", ActivityFilter::All),
            tab("Invited", ActivityFilter::Invited),
            tab("Not invited", ActivityFilter::NotInvited),
        ]
    }

    fn empty(&self) -> Empty {
        match self.show {
            ActivityFilter::All => Empty {
                heading: "Nothing has come in yet".into(),
                text: "Each move into a trigger stage shows up here, with what was done about it and why.".into(),
                link: Some(("Back to integrations".into(), format!("/settings/integrations#{}", self.kind))),
            },
            _ => Empty {
                heading: "None of these".into(),
                text: "Look at all entries instead.".into(),
                link: Some(("Show all".into(), activity_href(self.kind, ActivityFilter::All, None))),
            },
        }
    }
}

/// The address of a connection's activity under a filter, from `cursor` on.
pub fn activity_href(kind: &str, filter: ActivityFilter, cursor: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if filter != ActivityFilter::All {
        query.append_pair("show", filter.as_str());
    }
    if let Some(cursor) = cursor {
        query.append_pair("cursor", cursor);
    }
    let path = format!("/settings/integrations/{kind}/activity");
    match query.finish() {
        query if query.is_empty() => path,
        query => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_lives_in_the_url() {
        let href = activity_href("lever", ActivityFilter::NotInvited, Some("0192"));
        assert_eq!(
            href,
            "/settings/integrations/lever/activity?show=not_invited&cursor=0192"
        );
        assert_eq!(
            ActivityFilter::parse("not_invited"),
            ActivityFilter::NotInvited
        );
        assert_eq!(ActivityFilter::parse("nonsense"), ActivityFilter::All);
    }
}
