//! `clares-law history`: prove that no history was altered, and make the rows that queues read anew from it.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use super::{FINDINGS, known_authority};
use crate::app::App;
use crate::app::error::AppError;

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
    /// What the log of an authority says of itself, signed, to be kept elsewhere; and the line to check it by
    Head {
        /// The authority. Default: the only one
        #[arg(long)]
        authority: Option<String>,
        /// Print the line with the key instead
        #[arg(long)]
        key: bool,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
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
            key,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            let authority = known_authority(&app, authority)?;
            match app.newest_head(&authority).await {
                Ok((_, line)) if key => println!("{line}"),
                Ok((head, _)) => print!("{head}"),
                Err(AppError::NotFound) => anyhow::bail!("the log of {authority} is empty"),
                Err(error) => return Err(inside(error)),
            }
            Ok(ExitCode::SUCCESS)
        }
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
        match bad.event {
            Some((stream, seq)) => println!("{log}: stream {stream}: event {seq}: {}", bad.why),
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
