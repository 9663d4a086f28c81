//! Reads a delivery from standard input and says whether it was signed with the key.
//!
//! `cargo run -p greenhouse-harvest --example web_hook --features webhook -- KEY 'sha256 …' < delivery.json`
#![expect(
    clippy::print_stdout,
    reason = "showing what it saw is what this example is for"
)]

use std::error::Error;
use std::io::Read as _;

use greenhouse_harvest::webhook;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let key = words.next().ok_or("name the webhook's secret key")?;
    let signature = words.next().ok_or("name the Signature header's value")?;
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let delivery = webhook::receive(&[key.into()], signature.as_bytes(), &body)?;
    println!("action  {}", delivery.action);
    println!("about   {:?}", delivery.about);
    Ok(())
}
