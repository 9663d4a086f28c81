//! Connects to an organization as a partner does: shows the address to open, takes the code that comes back, shows whose
//! organization it is and what is missing.
//!
//! `GREENHOUSE_CLIENT_ID=… GREENHOUSE_CLIENT_SECRET=… GREENHOUSE_REDIRECT_URI=… cargo run -p greenhouse-harvest --example authorize
//! --features client,oauth`
#![expect(
    clippy::print_stdout,
    reason = "talking to a person is what this example is for"
)]

use std::error::Error;

use greenhouse_harvest::ats_http::{ClientConfig, client};
use greenhouse_harvest::oauth::App;
use greenhouse_harvest::scope;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name| std::env::var(name).map_err(|_| format!("set {name}"));
    let app = App::partner(
        variable("GREENHOUSE_CLIENT_ID")?,
        variable("GREENHOUSE_CLIENT_SECRET")?,
        variable("GREENHOUSE_REDIRECT_URI")?,
    );
    // A server makes this at random for each try, keeps it with the session, and compares it when the browser is back.
    println!(
        "Open this as a Site Admin:\n{}\n",
        app.authorize_url("example", None)
    );
    println!("Paste within a minute what stands behind code= in the address you are sent back to:");
    let mut code = String::new();
    std::io::stdin().read_line(&mut code)?;

    let http = client(ClientConfig::new("harvest-connect-example/1"))?;
    let grant = app.exchange(&http, code.trim(), None).await?;
    let whose = app.introspect(&http, &grant.access_token).await?;
    let name = whose.organization_name.as_deref();
    println!("organization   {}", name.unwrap_or("not said"));
    println!(
        "acting user    {}",
        whose.subject.as_deref().unwrap_or("not said")
    );
    println!("good for       {} s", grant.expires_in.as_secs());
    let missing = scope::missing(&scope::ASSESSMENT, &whose.scopes);
    println!("missing        {missing:?}");
    Ok(())
}
