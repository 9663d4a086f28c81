//! Start leads on to the vendor's own runner.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::Url;

use crate::harness::{Browser, Callback, TestApp, external, text};

test_support::each_database! {
    async fn start_leads_to_the_vendors_runner_with_a_signature_that_holds(database: Database) {
        let app = TestApp::start(database).await;
        let (_, shown) = app.v1("POST", "catalogue/rotate-secret", None).await;
        let secret = text(&shown["signing_secret"]);
        let runner = Callback::start(async |_| page("The vendor's runner")).await;
        let mut test = external("Backend practical");
        test["external"]["launch_url"] = runner.url("1").into();
        let test = app.publish(test).await;
        let invite = app.invite(&test, "kim@candidate.example").await;
        let link = text(&invite["candidate_url"]);

        let kim = Browser::open().await;
        kim.visit(&link).await;
        kim.sees("On 127.0.0.1, a page of its own").await;
        kim.press("Start").await;
        kim.picture("take-launch").await;
        kim.sees("The vendor's runner").await;
        let came = Url::parse(&runner.url("1")).and_then(|url| url.join(&runner.heard()[0].path)).expect("an address");
        verify(&came, &secret, &text(&invite["id"]));

        // Interrupted there, the candidate comes back by the mail's link.
        kim.visit(&link).await;
        kim.sees("Continue").await;
        kim.close().await;
        let again = app.http.post(format!("{link}/start")).send().await.expect("an answer");
        assert_eq!(again.status(), 200);
        let html = again.text().await.expect("a page").replace("&amp;", "&").replace("&#38;", "&");
        let button = between(&html, "<a class=\"button primary\" href=\"", "\"");
        assert!(html.contains(&format!("http-equiv=\"refresh\" content=\"3; url={button}\"")), "{html}");
        assert!(html.contains("Go to 127.0.0.1"), "{html}");
        verify(&button.parse().expect("an address"), &secret, &text(&invite["id"]));
        app.stop().await;
    }
}

/// Recomputes the signature as a vendor would.
fn verify(link: &Url, secret: &str, invite: &str) {
    let said: HashMap<_, _> = link.query_pairs().into_owned().collect();
    assert_eq!(
        (
            said["baton_invite"].as_str(),
            said["baton_attempt"].as_str()
        ),
        (invite, "1")
    );
    let secret = STANDARD
        .decode(secret.trim_start_matches("whsec_"))
        .expect("base64");
    let mac = Hmac::<Sha256>::new_from_slice(&secret)
        .expect("a key")
        .chain_update(format!("{invite}.1.{}", said["baton_expires"]));
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(said["baton_signature"], format!("v1,{signature}"));
}

fn page(text: &str) -> String {
    let length = text.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
    )
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).expect("it ends").0
}
