//! A whole Baton for one test.

mod test_app;

pub(crate) use test_app::TestApp;
