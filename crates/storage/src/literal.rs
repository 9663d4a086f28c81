//! Predicates that are part of a statement's text. A bound one would hide the partial index; diesel's own `sql` would have
//! the statement parsed and planned anew at every call, since it cannot know that the text never changes.

/// A condition of fixed text, as a type of its own: statements with it are prepared once.
macro_rules! literal {
    ($(#[$doc:meta])* $name:ident, $text:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, diesel::query_builder::QueryId)]
        pub(crate) struct $name;

        impl diesel::expression::Expression for $name {
            type SqlType = diesel::sql_types::Bool;
        }

        impl<Source> diesel::expression::AppearsOnTable<Source> for $name {}
        impl<Source> diesel::expression::SelectableExpression<Source> for $name {}

        impl<Group> diesel::expression::ValidGrouping<Group> for $name {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }

        impl<DB: diesel::backend::Backend> diesel::query_builder::QueryFragment<DB> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, DB>,
            ) -> diesel::QueryResult<()> {
                out.push_sql($text);
                Ok(())
            }
        }
    };
}
pub(crate) use literal;
