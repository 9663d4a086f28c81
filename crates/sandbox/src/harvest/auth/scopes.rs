//! What an app may be allowed: `harvest:<resource>:<action>`, each call exactly one.

/// What can be done with a resource besides listing it.
const ACTIONS: [&str; 12] = [
    "list",
    "create",
    "update",
    "destroy",
    "move",
    "reject",
    "unreject",
    "hire",
    "convert_to_candidate",
    "merge",
    "anonymize",
    "unhire",
];

/// Whether a scope has the form that Greenhouse's have.
pub(crate) fn is_known(scope: &str) -> bool {
    let mut parts = scope.split(':');
    let (product, resource, action) = (parts.next(), parts.next(), parts.next());
    let plain =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    product == Some("harvest")
        && resource.is_some_and(plain)
        && action.is_some_and(|action| ACTIONS.contains(&action))
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("harvest:jobs:list", true)]
    #[case("harvest:applications:move", true)]
    #[case("harvest:jobs:read", false)]
    #[case("harvest:jobs", false)]
    #[case("harvest:jobs:list:all", false)]
    #[case("jobs:list", false)]
    fn scopes_have_one_form(#[case] scope: &str, #[case] known: bool) {
        assert_eq!(is_known(scope), known);
    }
}
