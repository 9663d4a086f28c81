//! Greenhouse Recruiting's side of the Assessment Partner API.

pub(crate) mod basic;
pub(crate) mod check;
pub(crate) mod faults;
pub(crate) mod organization;
pub(crate) mod patch;
pub(crate) mod reading;
pub(crate) mod recruiting;
pub(crate) mod sending;
pub(crate) mod setup;
pub(crate) mod summary;
pub(crate) mod take_home_test;
pub(crate) mod validator;
pub(crate) mod vendor;
pub(crate) mod wire;
