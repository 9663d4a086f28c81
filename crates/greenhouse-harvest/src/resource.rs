//! What can be listed.

use serde::de::DeserializeOwned;

use crate::Id;

/// A kind of record that Harvest lists. Implement it for what this crate has no type for:
///
/// ```
/// use greenhouse_harvest::{Filter, Id, Resource};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Opening {
///     id: Id<Opening>,
///     opening_id: Option<String>,
/// }
///
/// impl Resource for Opening {
///     const PATH: &'static str = "openings";
///     type Item = Self;
///
///     fn id(item: &Self) -> Option<Id<Self>> {
///         Some(item.id)
///     }
/// }
///
/// let filter = Filter::<Opening>::new().also("job_ids", "4100000123");
/// assert_eq!(filter.query()?, [("job_ids", "4100000123".to_owned())]);
/// # Ok::<(), greenhouse_harvest::BadFilter>(())
/// ```
pub trait Resource: Sized + Send + 'static {
    /// What follows `/v3/` in its address; also its name in scopes.
    const PATH: &'static str;

    /// One element of its lists: the record itself, as a rule.
    type Item: DeserializeOwned + Send + 'static;

    /// The id of an element, where it has one.
    fn id(item: &Self::Item) -> Option<Id<Self>>;
}

/// A record with its id, its filter and its place. Members that Greenhouse left out or sent as `null` have their default.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident ($id:ident, $filter:ident) at $path:literal
        { $($(#[$member_doc:meta])* $member:ident: $type:ty,)* }
    ) => {
        crate::resource::record! {
            $(#[$doc])* $name ($id, $filter) in $path { $($(#[$member_doc])* $member: $type,)* }
        }

        impl crate::Resource for $name {
            const PATH: &'static str = $path;
            type Item = Self;

            fn id(item: &Self) -> Option<crate::Id<Self>> {
                Some(item.id)
            }
        }
    };
    (
        $(#[$doc:meta])*
        $name:ident ($id:ident, $filter:ident) in $path:literal
        { $($(#[$member_doc:meta])* $member:ident: $type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            /// Its id.
            pub id: $id,
            $(
                $(#[$member_doc])*
                #[serde(default, deserialize_with = "crate::lenient::or_default")]
                pub $member: $type,
            )*
            /// When it was made.
            pub created_at: Option<crate::Timestamp>,
            /// When it last changed.
            pub updated_at: Option<crate::Timestamp>,
        }

        #[doc = concat!("Names a [`", stringify!($name), "`].")]
        pub type $id = crate::Id<$name>;

        #[doc = concat!("Which [`", stringify!($name), "`]s a list of `", $path, "` holds; all of them at first.")]
        pub type $filter = crate::Filter<$name>;
    };
}

/// `Debug` that shows the id and nothing else: the record is about a person.
macro_rules! id_alone {
    ($($name:ident)+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("id", &self.id).finish_non_exhaustive()
            }
        }
    )+};
}

pub(crate) use {id_alone, record};
