//! What an error of Lever's means for a write-back.

use ::lever::Error;
use domain::Receipt;

use super::Lack;
use crate::Shown;

/// What the admin reads once the grant is gone.
pub const LOST: &str = "Lever no longer accepts this connection: log in to Lever again on the Integrations page. Nothing is lost until then.";

/// Is the grant gone for good? A 401 alone does not say so, even where the access token is new: the call after it proves it, or
/// is answered.
pub fn is_lost(error: &Error) -> bool {
    error.is_auth_lost() && error.status().is_none()
}

/// Did Lever give no answer, or one that says that it cannot? Being asked to wait is an answer.
pub fn is_failing(error: &Error) -> bool {
    error.is_temporary() && !error.is_throttled()
}

/// The receipt of reading an opportunity, where that gave nothing. Who may not read one is not told why.
pub(super) fn of_read(error: &Error) -> Shown {
    if error.is_forbidden() {
        let detail = "Lever does not let this connection read the opportunity: it is confidential, or a permission is missing. It \
                      is tried again every 4 hours, and when Lever is connected anew"
            .to_owned();
        return Receipt::Blocked { detail }.into();
    }
    of_any(error)
}

/// The receipt of writing to an opportunity that can be read, where that gave nothing; `lack` is what a 403 means then.
pub(super) fn of_write(error: &Error, lack: Lack) -> Shown {
    if error.is_forbidden() {
        return lacking(lack);
    }
    of_any(error)
}

/// The receipt where a permission is missing: it waits for somebody to connect Lever anew, and is tried from time to time.
pub(super) fn lacking(lack: Lack) -> Shown {
    let detail = lack.to_string();
    Shown {
        lack: Some(detail.clone()),
        ..Receipt::Blocked { detail }.into()
    }
}

fn of_any(error: &Error) -> Shown {
    if is_lost(error) {
        let detail = LOST.to_owned();
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
        is_answered: !is_failing(error),
        ..Receipt::Retrying { detail }.into()
    }
}

/// Lever has understood and refuses: the same call would be refused again.
fn is_final(error: &Error) -> bool {
    let refused = error.status().is_some_and(|status| status < 500);
    refused && !error.is_throttled() && !error.is_temporary() && !error.is_auth_lost()
}
