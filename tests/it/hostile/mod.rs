//! Callers that mean harm, or might as well: too much, too slow, too many. Over bare TCP against the real server.

mod lengths;
mod malformed;
mod slow;
mod wire;
