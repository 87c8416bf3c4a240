//! `clares-law outbox`: what waits to be sent, and the word of a person that lets it leave after a restore.

use std::process::ExitCode;

use clap::Subcommand;

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use super::{FINDINGS, staff};
use crate::app::App;
use crate::app::error::AppError;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say whether messages are held, and how many wait
    Show {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Let held messages leave
    Release {
        /// The sign-in name of whoever releases them; the password is read from the first line of standard input
        #[arg(long = "as", value_name = "SIGN_IN_NAME")]
        person: String,
        /// The reason, which is kept
        #[arg(long, value_name = "TEXT")]
        because: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
}

pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show { place, workflows } => {
            let app = existing(&place, &workflows).await?;
            show(&app).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Release {
            person,
            because,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            show(&app).await?;
            let actor = staff::signed_in(&app, &person).await?;
            match app.release_outbox(&actor, &because).await {
                Ok(doubted) => {
                    println!("Released.");
                    if doubted > 0 {
                        println!(
                            "{doubted} to partner agencies may have been sent before: they wait at /staff/messages for somebody to decide."
                        );
                    }
                    Ok(ExitCode::SUCCESS)
                }
                Err(AppError::Unmet(sentences)) => {
                    println!("nothing was released: {}", sentences.join("; "));
                    Ok(ExitCode::from(FINDINGS))
                }
                Err(other) => Err(inside(other)),
            }
        }
    }
}

async fn show(app: &App) -> anyhow::Result<()> {
    match app.hold().await.map_err(inside)? {
        Some(hold) => println!(
            "Messages are held since {}: {}.",
            hold.since,
            hold.cause.sentence()
        ),
        None => println!("Messages are not held."),
    }
    let waiting = app.waiting().await.map_err(inside)?;
    match waiting.first.zip(waiting.last) {
        Some((first, last)) => println!(
            "{} wait, called for between {} and {}.",
            waiting.messages,
            first.timestamp(),
            last.timestamp()
        ),
        None => println!("None waits."),
    }
    Ok(())
}
