//! Greenhouse's side: calls a partner's four endpoints and says what it saw.
//!
//! `cargo run --example caller --features client -- http://127.0.0.1:8080/api/greenhouse gh_demo`
#![expect(
    clippy::print_stdout,
    reason = "showing what it saw is what this example is for"
)]

use std::error::Error;
use std::process::ExitCode;

use greenhouse_assessment::client::{Endpoints, PartnerClient};
use greenhouse_assessment::{Candidate, Key, ResponseError, SendTest};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let base = arguments.next();
    let base = base.unwrap_or_else(|| "http://127.0.0.1:8080/api/greenhouse".into());
    let key = arguments.next().unwrap_or_else(|| "gh_demo".into());
    match converse(&base, key).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("stopped         {error}");
            ExitCode::FAILURE
        }
    }
}

async fn converse(base: &str, key: String) -> Result<(), Box<dyn Error>> {
    let endpoints = Endpoints::under(base)?;
    let partner = PartnerClient::new("caller-example/0.1", endpoints, Key::new(key)?)?;

    let tests = partner.list_tests().await?;
    for test in &tests {
        println!("list_tests      {} ({})", test.name, test.id);
    }
    let test = tests.first().ok_or("the partner offers no test")?;

    let mut ask = SendTest::new(test, Candidate::new("ada@candidate.example"));
    ask.candidate.first_name = Some("Ada".into());
    ask.url =
        Some("https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1".into());
    let id = partner.send_test(&ask).await?;
    println!("send_test       {id}");

    let seen = partner.test_status(&id).await?;
    println!("test_status     {}", seen.partner_status);
    if let (Some(score), Some(page)) = (seen.partner_score, seen.partner_profile_url) {
        println!("                {score}, {page}");
    }
    if let Err(error) = partner.test_status("nobody").await {
        println!("unknown id      {error}");
    }

    let report = ResponseError::new("test_status", ["only an example: nothing was malformed"]);
    partner.response_error(&report).await?;
    println!("response_errors taken");
    Ok(())
}
