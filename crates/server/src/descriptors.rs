//! How many connections and files the process may have open.

use rustix::process::{Resource, getrlimit, setrlimit};

/// More than this is never of use here.
const ENOUGH: u64 = 65_536;

/// Raises the limit as far as it may be raised without rights. Systems start their services with 1,024, for programs that use
/// `select`; a thousand idle connections would then keep the next caller out.
pub(crate) fn raise_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(ENOUGH, |most| most.min(ENOUGH));
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(wanted);
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the limit of open files stays low");
        }
    }
}
