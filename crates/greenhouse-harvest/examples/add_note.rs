//! Adds a note to the candidates with an e-mail address, unless they have it already.
//!
//! `GREENHOUSE_CLIENT_ID=… GREENHOUSE_CLIENT_SECRET=… cargo run -p greenhouse-harvest --example add_note --features client,oauth -- EMAIL
//! TEXT`
#![expect(
    clippy::print_stdout,
    reason = "saying what it did is what this example is for"
)]

use std::error::Error;

use futures_util::TryStreamExt as _;
use greenhouse_harvest::ats_http::{ClientConfig, client};
use greenhouse_harvest::oauth::{App, RefreshingTokens};
use greenhouse_harvest::write::NewNote;
use greenhouse_harvest::{CandidateFilter, CandidateId, Client, NoteFilter, Visibility};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(email), Some(text)) = (words.next(), words.next()) else {
        return Err("name an e-mail address and a text".into());
    };
    let client = connected()?;
    let mut found = client.list(&CandidateFilter::new().email(email));
    while let Some(entry) = found.try_next().await? {
        let Some(candidate) = entry.candidate() else {
            continue;
        };
        if is_noted(&client, candidate.id, &text).await? {
            println!("{}  has it already", candidate.id);
        } else {
            let note = NewNote::new(candidate.id, &Visibility::Private, &text);
            println!(
                "{}  note {}",
                candidate.id,
                client.create_note(&note).await?.id
            );
        }
    }
    Ok(())
}

async fn is_noted(
    client: &Client,
    candidate: CandidateId,
    text: &str,
) -> Result<bool, greenhouse_harvest::Error> {
    let mut notes = client.list(&NoteFilter::new().candidates([candidate]));
    while let Some(note) = notes.try_next().await? {
        if note.mentions(text) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn connected() -> Result<Client, Box<dyn Error>> {
    let variable = |name| std::env::var(name).map_err(|_| format!("set {name}"));
    let app = App::own(
        variable("GREENHOUSE_CLIENT_ID")?,
        variable("GREENHOUSE_CLIENT_SECRET")?,
    );
    let name = "harvest-add-note-example/1";
    let http = client(ClientConfig::new(name))?;
    Ok(Client::connect(
        name,
        RefreshingTokens::of_own(app, http, None),
    )?)
}
