//! Connects to an account as an app does: shows the address to open, takes the code that comes back, shows the grant.
//!
//! `LEVER_CLIENT_ID=… LEVER_CLIENT_SECRET=… LEVER_REDIRECT_URI=… cargo run -p lever-ats --example connect --features oauth`
#![expect(
    clippy::print_stdout,
    reason = "talking to a person is what this example is for"
)]

use std::error::Error;

use lever::ats_http::ClientConfig;
use lever::oauth::App;
use lever::scope;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name| std::env::var(name).map_err(|_| format!("set {name}"));
    let app = App::new(
        variable("LEVER_CLIENT_ID")?,
        variable("LEVER_CLIENT_SECRET")?,
        variable("LEVER_REDIRECT_URI")?,
    );
    // A server makes this at random for each try, keeps it with the session, and compares it when the browser is back.
    println!("Open this:\n{}\n", app.authorize_url("example", None));
    println!("Paste what stands behind code= in the address you are sent back to:");
    let mut code = String::new();
    std::io::stdin().read_line(&mut code)?;

    let http = lever::ats_http::client(ClientConfig::new("lever-connect-example/1"))?;
    let grant = app.exchange(&http, code.trim(), None).await?;
    println!(
        "account        {}",
        grant.account_id.as_deref().unwrap_or("not said")
    );
    println!("good for       {} s", grant.expires_in.as_secs());
    println!(
        "refresh token  {}",
        if grant.refresh_token.is_some() {
            "yes"
        } else {
            "no"
        }
    );
    println!(
        "missing        {:?}",
        scope::missing(&scope::ASSESSMENT, &grant.scopes)
    );
    Ok(())
}
