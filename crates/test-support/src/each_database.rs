//! One test, two engines.

/// Makes each function two tests, one per engine, in a module of the function's name: `cargo test postgres` runs those of
/// one engine, `cargo test a_title` those of one behaviour.
///
/// ```no_run
/// test_support::each_database! {
///     async fn a_new_database_is_up_to_date(database: Database) {
///         let state = database.open().read(storage::schema_state).await;
///         assert_eq!(state.expect("the database answers"), storage::SchemaState::Fits);
///     }
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! each_database {
    ($($(#[$attribute:meta])* async fn $name:ident($database:ident: Database) $body:block)+) => {$(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, reason = "a test that needs nothing of its module is fine")]
            use super::*;

            async fn on($database: $crate::Database) $body

            #[test]
            fn sqlite() {
                $crate::run(on($crate::Database::sqlite()));
            }

            #[test]
            fn postgres() {
                $crate::run(on($crate::Database::postgres()));
            }
        }
    )+};
}

/// Runs one test's future to its end, on threads of its own.
#[doc(hidden)]
pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the operating system gives a test its threads")
        .block_on(test);
}
