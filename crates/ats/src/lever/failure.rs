//! What an error of Lever's means for a write-back.

use ::lever::Error;
use domain::Receipt;

use crate::Shown;

/// What the admin reads once the grant is gone.
pub const LOST: &str = "Lever no longer accepts this connection: log in to Lever again on the Integrations page. Nothing is lost until then.";

/// Is the grant gone for good? A 401 alone does not say so, even where the access token is new: the call after it proves it, or
/// is answered.
pub fn is_lost(error: &Error) -> bool {
    error.is_auth_lost() && error.status().is_none()
}

/// The receipt of a call that gave nothing.
pub(super) fn shown(error: &Error) -> Shown {
    if is_lost(error) {
        let detail = LOST.to_owned();
        return Receipt::Blocked { detail }.into();
    }
    if error.is_forbidden() {
        let detail = "Lever does not let this connection do that: the opportunity is confidential, or a permission is missing. It is \
                      tried again every 4 hours, and when Lever is connected anew"
            .to_owned();
        return Receipt::Blocked { detail }.into();
    }
    if error.is_not_found() {
        let detail = "the opportunity is gone from Lever: it was deleted or merged".to_owned();
        return Receipt::Failed { detail }.into();
    }
    let detail = error.to_string();
    if is_final(error) {
        return Receipt::Failed { detail }.into();
    }
    Shown {
        not_before: error.retry_after(),
        is_asked_to_wait: error.is_throttled(),
        ..Receipt::Retrying { detail }.into()
    }
}

/// Lever has understood and refuses: the same call would be refused again.
fn is_final(error: &Error) -> bool {
    let refused = error.status().is_some_and(|status| status < 500);
    refused && !error.is_throttled() && !error.is_temporary() && !error.is_auth_lost()
}
