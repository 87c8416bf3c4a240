//! `clares-law restore`: an installation comes back from a backup, or is proved where other tools brought it back. It
//! sends nothing until a person releases its outbox.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use clap::Args;

use super::FINDINGS;
use super::backup::{refused, told};
use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use crate::app::App;
use crate::app::installation::private_folder;
use crate::app::restore::{Restored, Unbrought, bring};
use crate::store::file_of;

/// How many cases are named one by one.
const NAMED: usize = 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A file that `clares-law backup` made. Without it, the database is taken as it stands: after `pg_restore`, a recovery to a point in time, or a disk that was put back
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments {
        from,
        place,
        workflows,
    } = arguments;
    match from {
        Some(from) => from_file(&from, &place, &workflows).await,
        None => proved(&place, &workflows, "what is there is not fit to serve").await,
    }
}

async fn from_file(from: &Path, place: &Place, workflows: &Workflows) -> anyhow::Result<ExitCode> {
    let database = place.database();
    let Some(file) = file_of(&database)? else {
        bail!(
            "--from restores a SQLite file. Bring a PostgreSQL database back with the server's own tools, then type this command without --from: see docs/restore.md"
        );
    };
    private_folder(&place.data).map_err(|error| anyhow!("{}: {error}", place.data.display()))?;
    let (partial, compared) = match bring(from, file) {
        Ok(brought) => brought,
        Err(error @ Unbrought::Altered(_)) => {
            println!("nothing was restored: {error}");
            return Ok(ExitCode::from(FINDINGS));
        }
        Err(other) => return Err(other.into()),
    };
    if !compared {
        println!(
            "There is no {}.sha256: whether every byte is as it was cannot be told.",
            from.display()
        );
    }
    let unfinished = Place {
        database_url: Some(format!("sqlite://{}", partial.path().display())),
        ..place.clone()
    };
    let done = proved(&unfinished, workflows, "nothing was restored").await?;
    if done == ExitCode::SUCCESS {
        partial.keep()?;
        println!("It is now {}.", file.display());
    }
    Ok(done)
}

async fn proved(place: &Place, workflows: &Workflows, otherwise: &str) -> anyhow::Result<ExitCode> {
    let app = existing(place, workflows).await?;
    fits(&app).await?;
    let restored = app.restored().await;
    app.db.close().await;
    match restored {
        Ok(restored) => {
            tell(&restored);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(otherwise, error),
    }
}

/// Without the keys of these cases no row can be made from their histories.
async fn fits(app: &App) -> anyhow::Result<()> {
    if app.keys.any().await.map_err(inside)? {
        return app.keys.check().await.map_err(inside);
    }
    bail!("there are no keys of cases: name theirs with --keys-url and --root-key")
}

fn tell(restored: &Restored) {
    println!("Restored: {}.", told(&restored.contents));
    println!("Every history verifies.");
    for case in restored.differed.iter().take(NAMED) {
        println!("case {case}: its rows differed from its history and were made anew");
    }
    println!(
        "{} cases differed from their histories. Nobody is signed in. {} messages wait, and are held (epoch {}).",
        restored.differed.len(),
        restored.waiting.messages,
        restored.epoch
    );
    let head = restored.contents.head;
    let since = head.map_or_else(
        || "the backup".to_owned(),
        |head| head.timestamp().to_string(),
    );
    println!(
        "What to do next, in this order:
  1. Make sure that the lost service runs nowhere any more.
  2. Accounts that were shut out after {since} are open again: shut them out before anybody can reach the service.
  3. Start `clares-law serve`. Applications, cases and deadlines go on; no message leaves.
  4. Ask for what came in or was done after {since} and record it again.
  5. `clares-law outbox show`, then `clares-law outbox release --as NAME --because TEXT`: the messages leave. Staff may get one twice."
    );
}
