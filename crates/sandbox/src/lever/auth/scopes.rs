//! What an app may be allowed.

/// Asks for a refresh token.
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// Resources that can be read.
const READ: [&str; 13] = [
    "applications",
    "archive_reasons",
    "audit_events",
    "diversity_surveys",
    "eeo_responses",
    "eeo_responses_pii",
    "offers",
    "referrals",
    "resumes",
    "sources",
    "stages",
    "tags",
    "tasks",
];

/// Resources that can be read and written.
const READ_AND_WRITE: [&str; 17] = [
    "contact",
    "feedback",
    "feedback_templates",
    "files",
    "form_templates",
    "forms",
    "groups",
    "interviews",
    "notes",
    "opportunities",
    "panels",
    "permissions",
    "postings",
    "requisition_fields",
    "requisitions",
    "roles",
    "users",
];

/// Whether Lever knows the scope.
pub(crate) fn is_known(scope: &str) -> bool {
    if matches!(
        scope,
        OFFLINE_ACCESS
            | "confidential:access:admin"
            | "uploads:write:admin"
            | "webhooks:read:admin"
            | "webhooks:write:admin"
    ) {
        return true;
    }
    let Some((resource, "read:admin" | "write:admin")) = scope.split_once(':') else {
        return false;
    };
    let readable = READ.contains(&resource) && scope.ends_with(":read:admin");
    readable || READ_AND_WRITE.contains(&resource)
}

/// Whether these scopes allow what needs `scope`: to write implies to read.
pub(crate) fn allow(granted: &[String], scope: &str) -> bool {
    let holds = |wanted: &str| granted.iter().any(|scope| scope == wanted);
    holds(scope) || holds(&scope.replace(":read:", ":write:"))
}

/// A scope in words, for the list of permissions.
pub(crate) fn words(scope: &str) -> String {
    match scope {
        OFFLINE_ACCESS => return "Keep access while you are away".to_owned(),
        "confidential:access:admin" => return "See confidential data".to_owned(),
        _ => {}
    }
    let (resource, access) = scope.split_once(':').unwrap_or((scope, ""));
    let resource = resource.replace('_', " ");
    if access.starts_with("write") {
        format!("Read and change {resource}")
    } else {
        format!("Read {resource}")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("offline_access", true)]
    #[case("opportunities:write:admin", true)]
    #[case("stages:read:admin", true)]
    #[case("tags:write:admin", false)]
    #[case("candidates:read:admin", false)]
    #[case("opportunities:write", false)]
    fn scopes_are_those_of_the_list(#[case] scope: &str, #[case] known: bool) {
        assert_eq!(is_known(scope), known);
    }

    #[test]
    fn to_write_implies_to_read() {
        let granted = ["notes:write:admin".to_owned()];
        assert!(allow(&granted, "notes:read:admin"));
        assert!(!allow(
            &["notes:read:admin".to_owned()],
            "notes:write:admin"
        ));
    }
}
