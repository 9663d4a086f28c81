//! Entries of the audit log on the wire.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who did what, to what, from where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEvent {
    id: Uuid,
    at: DateTime<Utc>,
    /// `user:{id}`, `api_key:{id}`, `visitor` (not signed in), `operator`, `command_line` or `baton` (by itself).
    #[schema(example = "user:01890000-0000-7000-8000-000000000000")]
    actor: String,
    #[schema(example = "api_key.made")]
    action: String,
    #[schema(example = "api_key:01890000-0000-7000-8000-000000000000")]
    object: String,
    /// The network address it was done from.
    #[schema(required, example = "192.0.2.7")]
    address: Option<String>,
    /// The `X-Request-Id` of the request that did it.
    #[schema(required)]
    request_id: Option<String>,
    /// What else there is to know; never personal data.
    #[schema(value_type = Object)]
    detail: Value,
}

impl From<app::audit::AuditEvent> for AuditEvent {
    fn from(event: app::audit::AuditEvent) -> Self {
        Self {
            id: event.id.into(),
            at: event.at,
            actor: event.actor,
            action: event.action,
            object: event.object,
            address: event.address,
            request_id: event.request,
            detail: event.detail,
        }
    }
}
