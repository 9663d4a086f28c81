//! Metrics name routes, never paths.

use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, web};
use telemetry::{install_metrics, measure_requests};

#[actix_web::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let metrics = install_metrics();
    let app = App::new()
        .route("/results/{id}", web::get().to(HttpResponse::Ok))
        .route("/take/{token}", web::post().to(HttpResponse::Conflict))
        .wrap(from_fn(measure_requests));
    let app = init_service(app).await;
    let requests = [
        TestRequest::get().uri("/results/canary?grant=canary"),
        TestRequest::get().uri("/results/canary-2"),
        TestRequest::post().uri("/take/canary"),
        TestRequest::get().uri("/canary"),
        TestRequest::default()
            .method("CANARY".parse().unwrap())
            .uri("/results/canary"),
    ];
    for request in requests {
        call_service(&app, request.to_request()).await;
    }
    let text = metrics.render();
    let lines = [
        r#"baton_http_requests_total{method="GET",route="/results/{id}",status="2xx"} 2"#,
        r#"baton_http_requests_total{method="POST",route="/take/{token}",status="4xx"} 1"#,
        r#"baton_http_requests_total{method="GET",route="none",status="4xx"} 1"#,
        r#"baton_http_request_seconds_count{method="GET",route="/results/{id}",status="2xx"} 2"#,
        r#"baton_http_request_seconds_bucket{method="GET",route="/results/{id}",status="2xx",le="30"} 2"#,
        r#"# TYPE baton_http_request_seconds histogram"#,
    ];
    for line in lines {
        assert!(
            text.lines().any(|found| found == line),
            "{line}\nis not in\n{text}"
        );
    }
    assert!(text.contains(r#"method="other""#), "{text}");
    assert!(!text.to_lowercase().contains("canary"), "{text}");
}

#[test]
fn metrics_are_installed_once() {
    install_metrics();
    install_metrics();
}
