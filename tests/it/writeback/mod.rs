//! How Greenhouse is told of a result, and the receipt that is kept of it.

mod circuit;
mod credentials;
mod faults;
mod feed;
mod receipts;
mod traces;
