//! `clares-law history witness`: heads of logs go to another installation and come back signed, by file, where no network joins the two.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use super::{FINDINGS, known_authority};
use crate::app::error::AppError;
use crate::ledger::pack::log_of_looks;
use crate::ledger::witness::Offer;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The line by which others know this installation as a witness
    Key {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Print the newest head of a log with the proof that it goes on from an earlier one, to be given to a witness
    Give {
        /// The authority. Default: the only one
        #[arg(long)]
        authority: Option<String>,
        /// The log of who looked, not that of what happened
        #[arg(long)]
        looks: bool,
        /// How many entries the log had when the witness saw it last; 0 for the first time
        #[arg(long, value_name = "SIZE", default_value_t = 0)]
        from: u64,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Judge what another installation gives, and print its head with what this witness says below it
    Take {
        /// What `give` printed there
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Keep what a witness said below a head of this installation
    Keep {
        /// What `take` printed there
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
}

pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Key { place, workflows } => {
            let app = existing(&place, &workflows).await?;
            println!("{}", app.witness_key().map_err(inside)?);
        }
        Command::Give {
            authority,
            looks,
            from,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            let authority = known_authority(&app, authority)?;
            let log = if looks {
                log_of_looks(&authority)
            } else {
                authority
            };
            match app.offer(&log, from).await {
                Err(AppError::NotFound) => {
                    bail!("the log {log} was not signed when it had {from} entries")
                }
                offer => print!("{}", offer.map_err(inside)?.text()),
            }
        }
        Command::Take {
            file,
            place,
            workflows,
        } => {
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let app = existing(&place, &workflows).await?;
            match app.bear_witness(&text).await.map_err(inside)? {
                Ok(line) => print!("{}{line}", Offer::read(&text)?.signed),
                Err(refusal) => {
                    eprintln!("not signed: {refusal}");
                    return Ok(ExitCode::from(FINDINGS));
                }
            }
        }
        Command::Keep {
            file,
            place,
            workflows,
        } => {
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let app = existing(&place, &workflows).await?;
            match app.keep_cosignatures(&text, &text).await {
                Err(AppError::NotFound) => bail!("{} is no head of a log of ours", file.display()),
                Ok(0) => {
                    bail!("no witness that is named in `witness/witnesses` said anything of it")
                }
                kept => println!("{} kept", kept.map_err(inside)?),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
