//! The style sheet and the scripts: compiled in, named by their content, cached for ever.

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed_for_web::{EmbedableFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "assets"]
struct Files;

const FOREVER: &str = "public, max-age=31536000, immutable";

/// The address of an asset such as `baton.css`, with its content's hash in it, so that a changed file has another
/// address: `/assets/{hash}/baton.css`. A name that does not exist gets an address that answers 404.
pub fn url(name: &str) -> String {
    let hash = Files::get(name).map_or_else(String::new, |file| mark(file.hash()));
    format!("/assets/{hash}/{name}")
}

// The embedded hash is base85: only its letters and digits are safe in a path.
fn mark(hash: &str) -> String {
    let safe = hash.chars().filter(char::is_ascii_alphanumeric);
    safe.take(16).collect()
}

/// Registers `GET /assets/{hash}/{name}`.
pub fn configure(service: &mut web::ServiceConfig) {
    service.route("/assets/{hash}/{name}", web::get().to(serve));
}

async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    let Some(file) = Files::get(&name) else {
        return HttpResponse::NotFound().finish();
    };
    let etag = format!("\"{}\"", mark(file.hash()));
    // An old page asks for an old hash: it gets the present file, but must not keep it under that name.
    let caching = if hash == mark(file.hash()) {
        FOREVER
    } else {
        "no-cache"
    };
    if header(&request, IF_NONE_MATCH.as_str()).contains(&etag) {
        return HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .insert_header((CACHE_CONTROL, caching))
            .finish();
    }
    let (encoding, body) = choose(&file, header(&request, ACCEPT_ENCODING.as_str()));
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type(&name)))
        .insert_header((CONTENT_ENCODING, encoding))
        .insert_header((VARY, "accept-encoding"))
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, caching))
        .body(body)
}

/// The smallest stored form that the browser accepts, with its name.
fn choose(
    file: &impl EmbedableFile<Data = &'static [u8]>,
    accepted: &str,
) -> (&'static str, &'static [u8]) {
    let accepts = |encoding: &str| accepted.split(',').any(|part| part.trim() == encoding);
    if let (true, Some(brotli)) = (accepts("br"), file.data_br()) {
        return ("br", brotli);
    }
    if let (true, Some(gzip)) = (accepts("gzip"), file.data_gzip()) {
        return ("gzip", gzip);
    }
    ("identity", file.data())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    let value = request.headers().get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use actix_web::dev::ServiceResponse;
    use actix_web::http::StatusCode;
    use actix_web::http::header::HeaderName;
    use actix_web::test::{TestRequest, call_service, init_service};

    use super::*;

    async fn get(request: TestRequest) -> ServiceResponse {
        let app = init_service(App::new().configure(configure)).await;
        call_service(&app, request.to_request()).await
    }

    fn told(answer: &ServiceResponse, name: HeaderName) -> &str {
        let value = answer.headers().get(name).expect("the header is there");
        value.to_str().expect("plain text")
    }

    #[actix_web::test]
    async fn a_file_is_kept_for_ever_under_its_hash() {
        let answer = get(TestRequest::get().uri(&url("baton.css"))).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(told(&answer, CACHE_CONTROL), FOREVER);
        assert_eq!(told(&answer, CONTENT_TYPE), "text/css; charset=utf-8");
    }

    #[actix_web::test]
    async fn an_unchanged_file_is_not_sent_again() {
        let first = get(TestRequest::get().uri(&url("take.js"))).await;
        let etag = told(&first, ETAG).to_owned();
        let again = TestRequest::get()
            .uri(&url("take.js"))
            .insert_header((IF_NONE_MATCH, etag));
        assert_eq!(get(again).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[actix_web::test]
    async fn an_outdated_address_is_served_but_not_kept() {
        let answer = get(TestRequest::get().uri("/assets/old/baton.css")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(told(&answer, CACHE_CONTROL), "no-cache");
    }

    #[actix_web::test]
    async fn nothing_outside_the_folder_is_served() {
        for path in [
            "/assets/x/nothing.css",
            "/assets/x/..%2fCargo.toml",
            "/assets/x/%2e%2e%2fsrc%2flib.rs",
        ] {
            let answer = get(TestRequest::get().uri(path)).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
