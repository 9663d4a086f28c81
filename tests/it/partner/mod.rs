//! Greenhouse's side, played by a client that knows only the published reference.

mod crowds;
mod dialects;
mod greenhouse;
mod refusals;
mod repeats;
mod round_trip;
