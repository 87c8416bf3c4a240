//! `clares-law database`: what the owner of a PostgreSQL database does before and after each new version.

use clap::Subcommand;

use super::config::Place;
use crate::store::{Tables, prepare};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the tables up to date and say anew who may do what. Run it as the tables' owner, who may make roles; serve as
    /// another role, a member of `clares_law_app`. A SQLite file needs nothing of the kind
    Prepare {
        #[command(flatten)]
        place: Place,
    },
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Prepare { place } = command;
    prepare(&place.database(), Tables::Cases).await?;
    prepare(&place.keys().database, Tables::Keys).await?;
    println!("The tables are up to date.");
    Ok(())
}
