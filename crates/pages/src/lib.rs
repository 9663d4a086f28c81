//! What people see: candidate pages, results, the dashboard.
//!
//! Each page is one askama struct named `…Page` whose public fields are texts, numbers, flags and small views; views
//! are made from domain types by pure functions beside them, and templates hold no logic but "is it there". A handler
//! fetches, builds the struct and answers with [`html::answer`].
//!
//! No page carries inline scripts or styles (the server's content policy forbids them), and every task can be done without
//! scripts. Text is escaped by askama; the only HTML that is shown as it is has the type [`clean::CleanHtml`].

pub mod account;
pub mod assets;
pub mod badge;
pub mod clean;
pub mod confirm;
pub mod connect;
pub mod consent;
pub mod dashboard;
pub mod errors;
pub mod grading;
pub mod html;
pub mod link;
pub mod parts;
pub mod results;
mod routes;
#[cfg(any(debug_assertions, test))]
pub mod samples;
#[cfg(any(debug_assertions, test))]
pub mod styleguide;
pub mod take;
pub mod when;
pub mod words;

pub use routes::configure;
