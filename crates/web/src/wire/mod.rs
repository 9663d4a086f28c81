//! What `/v1` takes and gives, member by member: types of the wire alone, turned into the use cases' and back.

pub(crate) mod activity;
pub(crate) mod api_key;
pub(crate) mod assessment;
pub(crate) mod audit_event;
pub(crate) mod candidate;
pub(crate) mod connection;
pub(crate) mod greenhouse;
pub(crate) mod interview;
pub(crate) mod invite;
pub(crate) mod lever;
pub(crate) mod member;
pub(crate) mod organization;
pub(crate) mod result;

/// A command that says nothing beyond its name: no body, or `{}`.
#[derive(Debug, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// A closed list of names that the domain has too.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident = $of:path { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub(crate) enum $name { $($variant),+ }

        impl From<$name> for $of {
            fn from(name: $name) -> Self {
                match name { $($name::$variant => Self::$variant),+ }
            }
        }

        impl From<$of> for $name {
            fn from(name: $of) -> Self {
                match name { $(<$of>::$variant => Self::$variant),+ }
            }
        }
    };
}
pub(crate) use names;
