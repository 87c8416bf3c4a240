//! `clares-law history`: prove that no history was altered, and make the rows that queues read anew from it.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use super::{FINDINGS, history_witness, known_authority};
use crate::app::App;
use crate::app::error::AppError;
use crate::ledger::pack::log_of_looks;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk every chain and every log, and name the first bad event of each broken one
    Verify {
        /// A file with a head of a log that was kept elsewhere: the log of today has to begin with what it held then
        #[arg(long = "head", value_name = "FILE")]
        heads: Vec<PathBuf>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// What a log of an authority says of itself, signed, to be kept elsewhere; and the lines to check it by
    Head {
        /// The authority. Default: the only one
        #[arg(long)]
        authority: Option<String>,
        /// The log of who looked, not that of what happened
        #[arg(long)]
        looks: bool,
        /// Print the lines with the keys of both logs instead
        #[arg(long, conflicts_with = "looks")]
        key: bool,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Heads of logs between two installations, by file: each holds the other to what it showed
    #[command(subcommand)]
    Witness(history_witness::Command),
    /// Make the rows of every case anew from its events and say which differed
    Rebuild {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
}

pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Verify {
            heads,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            let walk = app
                .verify_history()
                .await
                .map_err(|error| anyhow::anyhow!("{error:?}"))?;
            for bad in &walk.bad {
                println!("stream {}: event {}: {}", bad.stream, bad.seq, bad.why);
            }
            println!(
                "{} histories with {} events: {} broken",
                walk.streams,
                walk.events,
                walk.bad.len()
            );
            let logs_hold = logs(&app, &heads).await?;
            Ok(if walk.bad.is_empty() && logs_hold {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(FINDINGS)
            })
        }
        Command::Head {
            authority,
            looks,
            key,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            let authority = known_authority(&app, authority)?;
            let of_looks = log_of_looks(&authority);
            if key {
                println!("{}", head(&app, &authority).await?.1);
                println!("{}", head(&app, &of_looks).await?.1);
            } else {
                let log = if looks { of_looks } else { authority };
                print!("{}", head(&app, &log).await?.0);
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Witness(command) => history_witness::run(command).await,
        Command::Rebuild { place, workflows } => {
            let app = existing(&place, &workflows).await?;
            let (cases, differed) = match app.rebuild().await {
                Ok(rebuilt) => rebuilt,
                Err(AppError::Inside(text)) => {
                    println!("nothing was rebuilt: {text}");
                    return Ok(ExitCode::from(FINDINGS));
                }
                Err(error) => anyhow::bail!("{error:?}"),
            };
            for case in &differed {
                println!("case {case}: its rows differed from its history and were made anew");
            }
            println!("{cases} cases rebuilt: {} differed", differed.len());
            Ok(if differed.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(FINDINGS)
            })
        }
    }
}

async fn head(app: &App, log: &str) -> anyhow::Result<(String, String)> {
    match app.newest_head(log).await {
        Err(AppError::NotFound) => anyhow::bail!("the log of {log} is empty"),
        found => found.map_err(inside),
    }
}

/// Walks every log and says what was found; answers whether all hold.
async fn logs(app: &App, heads: &[PathBuf]) -> anyhow::Result<bool> {
    let held = heads
        .iter()
        .map(|path| fs::read_to_string(path).with_context(|| path.display().to_string()));
    let held = held.collect::<anyhow::Result<Vec<_>>>()?;
    let walk = app.verify_logs(&held).await.map_err(inside)?;
    for bad in &walk.bad {
        let log = if bad.log.is_empty() {
            "no log"
        } else {
            &bad.log
        };
        match bad.about {
            Some(about) => println!("{log}: {about}: {}", bad.why),
            None => println!("{log}: {}", bad.why),
        }
    }
    println!(
        "{} logs with {} entries and {} heads: {} broken",
        walk.logs,
        walk.entries,
        walk.heads,
        walk.bad.len()
    );
    Ok(walk.bad.is_empty())
}
