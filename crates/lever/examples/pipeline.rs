//! Shows the pipeline of an account and who waits where.
//!
//! `LEVER_API_KEY=… cargo run -p lever-ats --example pipeline --features client`
#![expect(
    clippy::print_stdout,
    reason = "showing what it saw is what this example is for"
)]

use std::error::Error;

use futures_util::TryStreamExt as _;
use lever::ats_http::{ClientConfig, HostList, TokenBucket};
use lever::client::Filter;
use lever::{Client, Credential};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = std::env::var("LEVER_API_KEY")?;
    let client = client(Credential::ApiKey(key.into()))?;
    for stage in client.stages().await? {
        let filter = Filter::new().in_stage(stage.id.clone()).archived(false);
        let waiting = client.opportunities(&filter);
        let count = waiting.try_fold(0, async |count, _| Ok(count + 1)).await?;
        println!("{count:6}  {}", stage.text);
    }
    Ok(())
}

/// `LEVER_API_BASE` leads elsewhere, to Lever's sandbox for example.
fn client(credential: Credential) -> Result<Client, Box<dyn Error>> {
    let base = std::env::var("LEVER_API_BASE").unwrap_or_else(|_| lever::API_BASE.into());
    let http = lever::ats_http::client(ClientConfig::new("lever-pipeline-example/1"))?;
    let redirects = HostList::new(["lever.co"])?;
    let throttle = std::sync::Arc::new(TokenBucket::new(8, 10));
    Ok(Client::new(
        http,
        base.parse()?,
        credential,
        throttle,
        redirects,
    ))
}
