//! `clares-law history`: prove that no history was altered, and make the rows that queues read anew from it.

use std::process::ExitCode;

use clap::Subcommand;

use super::FINDINGS;
use super::config::{Place, Workflows};
use super::opened::existing;
use crate::app::error::AppError;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk every chain and name the first bad event of each broken one
    Verify {
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
        Command::Verify { place, workflows } => {
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
            Ok(if walk.bad.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(FINDINGS)
            })
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
