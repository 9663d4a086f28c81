//! Greenhouse's side: calls a partner's four endpoints and says what it saw.
//!
//! `cargo run --example caller --features client -- http://127.0.0.1:8080/api/greenhouse gh_demo`
#![expect(
    clippy::print_stdout,
    reason = "showing what it saw is what this example is for"
)]

use std::error::Error;

use greenhouse_assessment::client::{Endpoints, PartnerClient};
use greenhouse_assessment::{Candidate, Key, ResponseError, SendTest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let base = arguments.next();
    let base = base
        .as_deref()
        .unwrap_or("http://127.0.0.1:8080/api/greenhouse");
    let key = arguments.next().unwrap_or_else(|| "gh_demo".into());
    let partner = PartnerClient::new(
        "caller-example/0.1",
        Endpoints::under(base)?,
        Key::new(key)?,
    )?;

    let tests = partner.list_tests().await?;
    for test in &tests {
        println!("list_tests    {} ({})", test.name, test.id);
    }
    let test = tests.first().ok_or("the partner offers no test")?;

    let mut ask = SendTest::new(test, Candidate::new("ada@candidate.example"));
    ask.candidate.first_name = Some("Ada".into());
    ask.url =
        Some("https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1".into());
    let id = partner.send_test(&ask).await?;
    println!("send_test     {id}");

    let status = partner.test_status(&id).await?;
    let score = status
        .partner_score
        .map_or("no score".to_owned(), |score| score.to_string());
    println!("test_status   {}, {score}", status.partner_status);
    println!(
        "              {}",
        status
            .partner_profile_url
            .as_deref()
            .unwrap_or("no result page yet")
    );

    let unknown = partner.test_status("nobody").await;
    println!(
        "unknown id    {}",
        unknown
            .err()
            .map_or("known?".into(), |error| error.to_string())
    );

    let report = ResponseError::new("test_status", ["only an example: nothing was malformed"]);
    partner.response_error(&report).await?;
    println!("response_error taken");
    Ok(())
}
