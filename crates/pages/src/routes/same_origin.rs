//! Forms of other sites change nothing here.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::site::Site;

/// Middleware: refuses what changes something and comes from another site's page. `Sec-Fetch-Site` says it; where a browser
/// does not send that, `Origin` does. Neither of them is no browser, and has no cookies to misuse.
///
/// # Errors
/// Those of the services behind it.
pub(crate) async fn check<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(site) = request.app_data::<Data<Site>>().cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let ours = site.app.config().public_url.origin().ascii_serialization();
    if request.method().is_safe() || is_ours(request.headers(), &ours) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let answer = site.trouble(request.request(), None, StatusCode::FORBIDDEN, None);
    Ok(request.into_response(answer))
}

fn is_ours(headers: &HeaderMap, ours: &str) -> bool {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("null"))
    };
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == ours,
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn judged(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        is_ours(&headers.collect(), "https://baton.example")
    }

    #[test]
    fn the_browsers_own_word_counts_first() {
        assert!(judged(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://other.example")
        ]));
        assert!(judged(&[("sec-fetch-site", "none")]));
        for foreign in ["cross-site", "same-site", "x"] {
            assert!(!judged(&[
                ("sec-fetch-site", foreign),
                ("origin", "https://baton.example")
            ]));
        }
    }

    #[test]
    fn older_browsers_are_judged_by_origin_and_null_is_foreign() {
        assert!(judged(&[]));
        assert!(judged(&[("origin", "https://baton.example")]));
        assert!(!judged(&[("origin", "null")]));
        assert!(!judged(&[("origin", "https://baton.example.evil.example")]));
    }
}
