//! `clares-law keys`: what an operator does with the keys that open cases. None of it seals anything anew.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::config::Place;
use super::opened::inside;
use crate::app::chance::Chance;
use crate::app::key_store::RootKey;
use crate::clock::Clock;
use crate::store::{copy_keys, file_of};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say whether the root key opens the keys that are there
    Check {
        #[command(flatten)]
        place: Place,
    },
    /// Give every authority a new key, and wrap the keys of all cases and meetings with it, while the service runs
    Rotate {
        #[command(flatten)]
        place: Place,
    },
    /// Wrap the keys for another root key; the one before opens nothing here any more. Stop the service first, and start it with the new one
    Root {
        /// The file of the new root key (an age identity); it is made where there is none
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Copy the database of the keys while the service runs (SQLite). Keep copies for 35 days at most: an older one brings destroyed keys back
    Backup {
        /// The file to make
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Check { place } => {
            there(&place)?;
            place.keys().open().await?;
            println!("The root key opens every key.");
        }
        Command::Rotate { place } => {
            there(&place)?;
            let keys = place.keys().open().await?;
            let now = Clock::system().now();
            let rotated = keys.rotate(&Chance::system(), now).await.map_err(inside)?;
            println!(
                "{} new keys of authorities; the keys of {} cases and meetings were wrapped anew. Nothing was sealed anew.",
                rotated.authorities, rotated.streams
            );
        }
        Command::Root { to, place } => {
            there(&place)?;
            let keys = place.keys().open().await?;
            let root = RootKey::File(to.clone()).read_or_made()?;
            keys.take_root(&root).await.map_err(inside)?;
            println!(
                "The keys are wrapped for {}. Start the service with --root-key {} now; the root key from before opens nothing here any more, and still opens older copies.",
                root.public(),
                to.display()
            );
        }
        Command::Backup { to, place } => backup(&to, &place).await?,
    }
    Ok(())
}

async fn backup(to: &Path, place: &Place) -> anyhow::Result<()> {
    there(place)?;
    let database = place.keys().database;
    let Some(file) = file_of(&database)? else {
        bail!("copy a PostgreSQL database with the server's own tools: see docs/keys.md");
    };
    if to.exists() {
        bail!("{} is there already", to.display());
    }
    copy_keys(file, to).await?;
    println!(
        "{}: the keys, as they stand. The root key is not in it. Keep it apart from the backups of the cases, and for 35 days at most.",
        to.display()
    );
    Ok(())
}

/// Refuses to make a database of keys where there is none.
fn there(place: &Place) -> anyhow::Result<()> {
    let database = place.keys().database;
    match file_of(&database).context("the database of the keys")? {
        Some(file) if !file.exists() => bail!(
            "there are no keys at {}; name them with --data or --keys-url",
            file.display()
        ),
        _ => Ok(()),
    }
}
