//! From the adapter's words to ours.

use chrono::{DateTime, Utc};

use super::opportunity::{Move, Seen};

/// Lever's moment as ours.
pub fn moment(at: ::lever::Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.millis()).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Our moment as Lever's, cut to whole milliseconds.
pub fn timestamp(moment: DateTime<Utc>) -> ::lever::Timestamp {
    ::lever::Timestamp::from_millis(moment.timestamp_millis())
}

impl From<::lever::Opportunity> for Seen {
    fn from(it: ::lever::Opportunity) -> Self {
        let application = it.applications.first().map(|it| it.id().to_string());
        Self {
            is_archived: it.archived().is_some(),
            may_be_contacted: !it.forbids_contact(),
            is_confidential: it.is_confidential(),
            stage: it.stage_id().map(ToString::to_string),
            contact: it.contact_id().map(ToString::to_string),
            moves: it.stage_changes.iter().filter_map(moved).collect(),
            phone: it.phones.first().map(|phone| phone.value.clone()),
            page: it.urls.and_then(|urls| urls.show),
            application,
            id: it.id.into(),
            name: it.name,
            emails: it.emails,
            links: it.links,
            is_anonymized: it.is_anonymized,
            tags: it.tags,
        }
    }
}

/// An entry that does not say where and when proves nothing.
fn moved(change: &::lever::StageChange) -> Option<Move> {
    Some(Move {
        to: change.to_stage_id.as_ref()?.to_string(),
        at: moment(change.updated_at?),
    })
}
