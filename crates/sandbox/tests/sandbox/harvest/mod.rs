//! Harvest from outside, over HTTP only: as a partner's app, as a script, as a browser.

mod authorization;
mod client;
mod documented;
mod faults;
mod lists;
mod pages;
mod people;
mod play;
mod tokens;
mod webhooks;
mod writes;
