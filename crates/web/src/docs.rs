//! `/openapi.json`, and `/docs` that shows it.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use utoipa_swagger_ui::{Config, serve};

use crate::edge::Edge;
use crate::problem::Problem;
use crate::unknown;

/// The viewer sets styles from its scripts; nothing else is laxer than anywhere.
const VIEWER: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Mounts both.
pub(crate) fn mount(config: &mut ServiceConfig) {
    let viewer: Config<'static> = Config::from("/openapi.json");
    config
        .app_data(Data::from(Arc::new(Viewer(Arc::new(viewer)))))
        .route("/openapi.json", web::get().to(document))
        .route("/docs", web::get().to(to_docs))
        .route("/docs/{file:.*}", web::get().to(file));
}

struct Viewer(Arc<Config<'static>>);

async fn document(edge: Data<Edge>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(edge.document())
}

/// The viewer's own links start from a folder.
async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

async fn file(call: HttpRequest, viewer: Data<Viewer>) -> Result<HttpResponse, Problem> {
    let name = call.match_info().query("file");
    let Ok(Some(file)) = serve(name, Arc::clone(&viewer.0)) else {
        return Err(unknown::nothing_here());
    };
    Ok(HttpResponse::Ok()
        .content_type(file.content_type.clone())
        .insert_header((header::CONTENT_SECURITY_POLICY, VIEWER))
        .body(file.bytes.into_owned()))
}
