//! Many rows in one statement of fixed text, on PostgreSQL: each column travels as one array. diesel's own `VALUES` list has
//! another text for each number of rows, so that it is parsed and planned anew at every call.
//!
//! SQLite has no arrays; there a prepared statement runs once for each row, which costs no round trip.

use diesel::{OptionalExtension, QueryResult};

use crate::Result;

/// What `look` finds for each of `wanted`: SQLite's way.
pub(crate) fn one_by_one<W, R>(
    wanted: impl IntoIterator<Item = W>,
    mut look: impl FnMut(W) -> QueryResult<R>,
) -> Result<Vec<R>> {
    let mut found = Vec::new();
    for each in wanted {
        found.extend(look(each).optional()?);
    }
    Ok(found)
}

/// `INSERT INTO table (columns) SELECT * FROM unnest(arrays)`, as a type made of rows. Each field of the row is named, so one
/// that is new cannot be forgotten here.
macro_rules! insert_by_arrays {
    ($(#[$doc:meta])* $name:ident, $table:ident, $row:ident { $($column:ident),+ $(,)? }, $start:literal, $end:literal) => {
        $(#[$doc])*
        struct $name<'r> {
            $($column: Vec<&'r dyn diesel::serialize::ToSql<
                diesel::dsl::SqlTypeOf<$table::$column>, diesel::pg::Pg>>,)+
        }

        impl<'r> $name<'r> {
            fn of(rows: &'r [$row]) -> Self {
                let mut all = Self { $($column: Vec::with_capacity(rows.len()),)+ };
                for $row { $($column),+ } in rows {
                    $(all.$column.push($column);)+
                }
                all
            }
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                out.push_sql(concat!($start, " ("));
                let mut comma = "";
                $(
                    out.push_sql(comma);
                    out.push_sql(stringify!($column));
                    comma = ", ";
                )+
                out.push_sql(") SELECT * FROM unnest(");
                comma = "";
                $(
                    out.push_sql(comma);
                    out.push_bind_param::<
                        diesel::sql_types::Array<diesel::dsl::SqlTypeOf<$table::$column>>, _,
                    >(&self.$column)?;
                    comma = ", ";
                )+
                let _ = comma;
                out.push_sql(concat!(") ", $end));
                Ok(())
            }
        }

        impl<C> diesel::RunQueryDsl<C> for $name<'_> {}
    };
}
pub(crate) use insert_by_arrays;

/// The rows of a tenant's table that belong to pairs of an organization and a second key.
///
/// `LATERAL … OFFSET 0` has each pair looked up by an index, whatever else the planner would like: a plan is kept while the
/// table grows, and a scan that is right for an almost empty one would stay for as long as nobody analyses it.
macro_rules! select_among {
    ($(#[$doc:meta])* $name:ident<$k:lifetime>, $row:ident, $key:ident: $key_sql:ty = $key_type:ty as $arrays:literal, $from:literal, $condition:literal) => {
        $(#[$doc])*
        struct $name<$k> {
            columns: diesel::dsl::AsSelect<$row, diesel::pg::Pg>,
            organizations: Vec<$crate::value::Id>,
            $key: Vec<$key_type>,
            lent: std::marker::PhantomData<&$k ()>,
        }

        impl<$k> $name<$k> {
            fn of(
                pairs: impl IntoIterator<Item = (domain::OrganizationId, $key_type)>,
            ) -> Self {
                let (organizations, $key) = pairs
                    .into_iter()
                    .map(|(organization, key)| ($crate::value::id(organization), key))
                    .unzip();
                let columns = <$row as diesel::SelectableHelper<diesel::pg::Pg>>::as_select();
                let lent = std::marker::PhantomData;
                Self { columns, organizations, $key, lent }
            }
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::Query for $name<'_> {
            type SqlType = diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<$row, diesel::pg::Pg>>;
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                use diesel::sql_types::{Array, Binary};
                out.push_sql("SELECT ");
                self.columns.walk_ast(out.reborrow())?;
                out.push_sql(" FROM unnest(");
                out.push_bind_param::<Array<Binary>, _>(&self.organizations)?;
                out.push_sql("::bytea[], ");
                out.push_bind_param::<Array<$key_sql>, _>(&self.$key)?;
                out.push_sql(concat!(
                    "::", $arrays, ") AS wanted (organization_id, ", stringify!($key), "), LATERAL (SELECT * FROM ", $from,
                    " WHERE ", $from, ".organization_id = wanted.organization_id AND ",
                    $from, ".", stringify!($key), " = wanted.", stringify!($key), $condition,
                    " OFFSET 0) AS ", $from
                ));
                Ok(())
            }
        }

        impl<C> diesel::RunQueryDsl<C> for $name<'_> {}
    };
}
pub(crate) use select_among;
