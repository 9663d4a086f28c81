//! Harvest from outside, over HTTP only: as a partner's app, as a script, as a browser.

mod authorization;
mod lists;
mod play;
mod tokens;
mod writes;
