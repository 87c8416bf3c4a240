//! `clares-law staff`: accounts, until they can be invited from the pages.

use std::io::{self, BufRead};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Subcommand;

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use crate::app::App;
use crate::app::staff::{NewPerson, hash_password};
use crate::engine::command::Actor;

/// The fewest characters of a password.
const SHORTEST_PASSWORD: usize = 12;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add an account; its password is read from the first line of standard input
    Add {
        /// The name to sign in with
        sign_in_name: String,
        /// The role to act in, such as verifier
        role: String,
        /// The person's name, as colleagues see it
        #[arg(long)]
        name: String,
        /// Where work is announced
        #[arg(long)]
        email: String,
        /// The authority they work for; may be left out where there is only one
        #[arg(long)]
        authority: Option<String>,
        /// Their agency, where they speak for one in the forum
        #[arg(long, default_value = "")]
        agency: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Add {
        sign_in_name,
        role,
        name,
        email,
        authority,
        agency,
        place,
        workflows,
    } = command;
    let app = existing(&place, &workflows).await?;
    let authority = super::known_authority(&app, authority)?;
    super::known_role(&app, &authority, &role)?;
    let hashed = hash_password(password()?).await;
    let password_hash = hashed.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let person = NewPerson {
        sign_in_name,
        name,
        email,
        role,
        agency,
        authority,
        password_hash: Some(password_hash),
    };
    let added = app.add_new_person(person).await;
    match added.map_err(|error| anyhow::anyhow!("{error:?}"))? {
        Some(_) => println!("added"),
        None => bail!("there is an account with this sign-in name already; it was left as it is"),
    }
    Ok(())
}

/// The first line of standard input, which is a password.
fn typed() -> anyhow::Result<String> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.context("the password could not be read from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Signs a person in for as long as it takes to know who they are; the password is read from standard input.
pub async fn signed_in(app: &Arc<App>, name: &str) -> anyhow::Result<Actor> {
    let password = typed()?;
    let signed_in = app.sign_in(name, &password).await;
    let Ok(secret) = signed_in else {
        bail!("this sign-in name and password do not belong together");
    };
    let person = app.session(&secret).await.map_err(inside)?;
    app.sign_out(&secret).await.map_err(inside)?;
    Ok(person.actor)
}

fn password() -> anyhow::Result<String> {
    let password = typed()?;
    if password.chars().count() < SHORTEST_PASSWORD {
        bail!("give a password of {SHORTEST_PASSWORD} characters or more on standard input");
    }
    Ok(password)
}
