//! What the vendor's own runner needs to know of us.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};
use app::organizations;
use secrecy::{ExposeSecret, SecretString};

use crate::auth::Caller;
use crate::body::OptionalBody;
use crate::once::{Post, Repeatable, Shows};
use crate::problem::Problem;
use crate::refusals::{BadBody, Conflicting, Refused};
use crate::wire::Nothing;
use crate::wire::organization::SigningSecret;

/// Make a new secret for the signatures on launch links; it is shown in this answer only
#[utoipa::path(tag = "Catalogue", operation_id = "rotate_signing_secret", security(("platform_key" = [])), params(Repeatable), request_body = Option<Nothing>,
    responses((status = 200, description = "As it is now", body = SigningSecret), Refused, BadBody, Conflicting))]
#[post("/catalogue/rotate-secret")]
pub(crate) async fn rotate_secret(
    caller: Caller,
    post: Post,
    OptionalBody(body): OptionalBody<Nothing>,
) -> Result<HttpResponse, Problem> {
    let organization = caller.organization;
    post.answer(
        organization,
        &body.bytes,
        Shows::Secret,
        (StatusCode::OK, shown),
        move |app, conn| organizations::rotate_signing_secret(app, conn, organization),
    )
    .await
}

fn shown(secret: &SecretString) -> SigningSecret {
    SigningSecret {
        signing_secret: secret.expose_secret().to_owned(),
    }
}
