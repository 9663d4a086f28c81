//! The database goes away and comes back: the real programs.

mod unknown_commit;
