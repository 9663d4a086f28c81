//! The document that describes `/v1`, made from the routes themselves.

use utoipa::OpenApi as _;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, OpenApi};
use utoipa_actix_web::{OpenApiFactory, scope};

use crate::problem::{MemberFault, ProblemBody};
use crate::v1;

/// What stands above the routes.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Baton",
        description = "Carries a candidate from an applicant-tracking system to an assessment and brings the result back.\n\n\
                       Times are RFC 3339 in UTC. Refusals are RFC 9457 problems (`application/problem+json`); unknown members are \
                       refused. Every POST may carry an `Idempotency-Key` (1 to 255 visible ASCII characters): within 24 hours a \
                       repeat has no further effect and hears the first answer, marked `Idempotent-Replayed: true`. A repeat of a \
                       call that showed a secret hears it for 10 minutes, then 409 `secret_already_shown`.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(ProblemBody, MemberFault))
)]
struct Frame;

/// The whole document.
pub fn document() -> OpenApi {
    let routes: utoipa_actix_web::scope::Scope<_> = scope("/v1");
    let routes = routes.configure(v1::routes);
    let mut document = Frame::openapi();
    document.paths.merge(routes.paths());
    let mut schemas = Vec::new();
    routes.schemas(&mut schemas);
    let components = document.components.get_or_insert_with(Components::new);
    components.schemas.extend(schemas);
    add_credentials(components);
    document
}

fn add_credentials(components: &mut Components) {
    for (name, about) in [
        (
            "operator_token",
            "The operator's token (setting `operator.token`).",
        ),
        ("platform_key", "An organization's platform key (`bt_…`)."),
    ] {
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.description = Some(about.into());
        components.add_security_scheme(name, SecurityScheme::Http(bearer));
    }
}

/// The addresses and methods that the document knows.
#[derive(Debug)]
pub(crate) struct Known(Vec<(String, Vec<&'static str>)>);

impl Known {
    /// Those of a document.
    ///
    /// # Panics
    /// Where an operation does not declare the one role that it is for: no route without a role is ever served.
    pub(crate) fn new(document: &OpenApi) -> Self {
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                let roles = operation.security.as_ref().map_or(0, Vec::len);
                assert!(
                    roles == 1,
                    "{method} {path} declares {roles} roles; it takes one `security(…)`"
                );
            }
        }
        let paths = document.paths.paths.iter();
        Self(
            paths
                .map(|(path, item)| (path.clone(), methods(item)))
                .collect(),
        )
    }

    /// The methods that an address takes; none where there is nothing.
    pub(crate) fn methods_at(&self, path: &str) -> Vec<&'static str> {
        let fitting = self.0.iter().filter(|(pattern, _)| fits(pattern, path));
        fitting.flat_map(|(_, methods)| methods.clone()).collect()
    }
}

/// `{id}` stands for any one segment.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) => {
                let any = wanted.starts_with('{') && !given.is_empty();
                if !any && wanted != given {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    operations(item).map(|(method, _)| method).collect()
}

fn operations(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn an_id_stands_for_one_segment() {
        assert!(fits("/v1/invites/{id}/start", "/v1/invites/abc/start"));
        assert!(!fits("/v1/invites/{id}/start", "/v1/invites//start"));
        assert!(!fits("/v1/invites/{id}", "/v1/invites/abc/start"));
        assert!(!fits("/v1/invites/{id}", "/v1/invites"));
        assert!(!fits("/v1/invites", "/v1/invites/"));
    }
}
