//! Lever from outside, over HTTP only: as an app, as a recruiter's script, as a browser.

mod allowance;
mod authorization;
mod client;
mod deliveries;
mod faults;
mod notes;
mod opportunities;
mod pages;
mod play;
mod reference;
mod refresh;
mod tags;
mod webhooks;
