//! `clares-law register`: the staff and members of all agencies, with whom the people of cases are compared.

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use super::register_file;
use crate::app::register::{Listing, Registered, Replaced};

/// So many faults of a file are told; all are counted.
const TOLD: usize = 20;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Replace an agency's part of the register by a list of its people
    Load(Load),
    /// How many people each agency has in the register, and when that was last replaced
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
}

#[derive(Debug, Args)]
pub struct Load {
    /// The list: CSV with a line of column names
    file: PathBuf,
    /// The authority in whose scheme the agency takes part; may be left out where there is only one
    #[arg(long)]
    authority: Option<String>,
    /// The agency. Default: the force itself
    #[arg(long, default_value = "")]
    agency: String,
    /// Your own name: it is written down with what you do
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    by: String,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Load(load) => replace(load).await,
        Command::List { place, workflows } => {
            let app = existing(&place, &workflows).await?;
            for registered in app.registered().await.map_err(inside)? {
                println!("{}", line(&registered));
            }
            Ok(())
        }
    }
}

async fn replace(load: Load) -> anyhow::Result<()> {
    let shown = load.file.display();
    let file = File::open(&load.file).with_context(|| format!("{shown}: cannot be read"))?;
    let entries = match register_file::read(file) {
        Ok(entries) => entries,
        Err(faults) => {
            for fault in faults.iter().take(TOLD) {
                eprintln!("{shown}:{fault}");
            }
            bail!("nothing was changed; faults: {}", faults.len());
        }
    };
    let app = existing(&load.place, &load.workflows).await?;
    let authority = super::known_authority(&app, load.authority)?;
    let agency = load.agency;
    let listing = Listing { authority, agency };
    let replaced = app.replace_register(listing, entries, &load.by).await;
    tell(replaced.map_err(inside)?);
    Ok(())
}

/// Numbers only: who matched whom is nobody's business at the command line.
fn tell(replaced: Replaced) {
    let Replaced {
        added,
        removed,
        changed,
        restricted,
        without_marks,
    } = replaced;
    println!("added {added}, removed {removed}, changed {changed}");
    println!("cases that became restricted: {restricted}");
    if without_marks > 0 {
        println!(
            "people who cannot be compared with anybody, for want of a date of birth, a staff number, an address or a phone: {without_marks}"
        );
    }
}

fn line(registered: &Registered) -> String {
    let count = &registered.count;
    let agency = match &*count.agency {
        "" => "the force itself",
        agency => agency,
    };
    let last = registered.last.as_ref().map_or(String::new(), |last| {
        format!(", replaced {:.0} by {}", last.at.timestamp(), last.done_by)
    });
    format!(
        "{:<24} {agency:<24} people: {}, with an account: {}{last}",
        count.authority, count.people, count.accounts
    )
}
