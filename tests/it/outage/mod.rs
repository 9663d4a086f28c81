//! The database goes away and comes back: the real programs.

mod restarts;
mod unknown_commit;
