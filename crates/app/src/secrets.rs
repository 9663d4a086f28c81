//! Where each secret is kept, and so what its encryption is bound to: said once for whoever writes it and whoever reads it.

use domain::{ApiKeyId, OrganizationId};
use vault::Context;

/// An organization's own secret in `column`: `link_key` or `signing_secret`.
pub(crate) fn of_organization(organization: OrganizationId, column: &'static str) -> Context {
    Context {
        organization,
        table: "organizations",
        column,
        row: organization.into(),
    }
}

/// A Greenhouse key that is kept whole.
pub(crate) fn of_api_key(organization: OrganizationId, key: ApiKeyId) -> Context {
    Context {
        organization,
        table: "api_keys",
        column: "encrypted_key",
        row: key.into(),
    }
}
