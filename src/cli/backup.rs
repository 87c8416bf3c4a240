//! `clares-law backup`: a copy of the database while the service runs, proved before success is said.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::FINDINGS;
use super::config::Place;
use crate::app::backup::{BackupError, backup};
use crate::app::tokens::TokenKey;
use crate::clock::Clock;
use crate::store::database::Contents;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to make. It must not be there yet; another with the ending .sha256 is put beside it
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { to, place } = arguments;
    let made = match backup(&place.database(), &to, &Clock::system()).await {
        Ok(made) => made,
        Err(error) => return refused("nothing was backed up", error),
    };
    println!("{}: {}", to.display(), told(&made.contents));
    println!(
        "Its pages are sound and every history verifies. SHA-256: {}",
        made.sha256
    );
    println!(
        "What was said in cases is sealed in it, and the keys are not in it: back them up apart (`clares-law keys backup`), and the root key once. Names of staff are in plain text; only its owner may read it."
    );
    println!(
        "{} is not in it, and a restore does not need it: whoever has that key can act as anybody, so a restored service makes itself a new one. The workflow files are not in it either, except the published editions.",
        place.data.join(TokenKey::FILE).display()
    );
    Ok(ExitCode::SUCCESS)
}

/// How much a database holds, in words.
pub fn told(contents: &Contents) -> String {
    let Contents { cases, events, .. } = contents;
    match contents.head {
        Some(head) => format!(
            "{cases} cases with {events} events, the last of them recorded at {}",
            head.timestamp()
        ),
        None => "no cases".to_owned(),
    }
}

/// What was found wrong with the data is told as a finding; the rest ends the command.
pub fn refused(what: &str, error: BackupError) -> anyhow::Result<ExitCode> {
    match error {
        BackupError::Broken(_) | BackupError::Damaged(_) => {
            println!("{what}: {error}");
            Ok(ExitCode::from(FINDINGS))
        }
        other => Err(other.into()),
    }
}
