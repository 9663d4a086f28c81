//! Reads a delivery from standard input and says whether it was signed with the key.
//!
//! `cargo run -p lever-ats --example delivery --features webhook -- KEY < delivery.json`
#![expect(
    clippy::print_stdout,
    reason = "showing what it saw is what this example is for"
)]

use std::error::Error;
use std::io::Read as _;

use lever::webhook;

fn main() -> Result<(), Box<dyn Error>> {
    let key = std::env::args().nth(1).ok_or("name the signature token")?;
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let delivery = webhook::parse(&body)?;
    println!("event        {}", delivery.event);
    println!("signed       {}", delivery.verify(&key.into()));
    println!("test         {}", delivery.is_test());
    if let Some(opportunity) = &delivery.data.opportunity_id {
        println!("opportunity  {opportunity}");
    }
    Ok(())
}
