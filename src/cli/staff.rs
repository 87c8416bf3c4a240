//! `clares-law staff`: accounts. People set their own passwords and devices, by invitation.

use std::io::{self, BufRead};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::agreements;
use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use crate::app::App;
use crate::app::accounts::{Account, Invitation, Standing, What};
use crate::app::staff::NewPerson;
use crate::engine::command::Actor;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add an account and print the invitation of its person, once
    Add(Add),
    /// Shut somebody out; their sessions end at once
    Disable(Change),
    /// Let somebody in again
    Enable(Change),
    /// End somebody's password, device and sessions at once, and print a new invitation
    Reset(Change),
    /// What was done to an account, when and by whom
    History {
        /// The name they sign in with
        sign_in_name: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// List the accounts and how they stand
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
}

#[derive(Debug, Args)]
pub struct Add {
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
    by: By,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

/// A change of one account.
#[derive(Debug, Args)]
pub struct Change {
    /// The name they sign in with
    sign_in_name: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

#[derive(Debug, Args)]
struct By {
    /// Your own name: it is written down with what you do
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    by: String,
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => invite(add).await,
        Command::Disable(change) => {
            let app = existing(&change.place, &change.workflows).await?;
            let (name, by) = (&change.sign_in_name, &change.by.by);
            told(app.disable(name, by).await.map_err(inside)?, "disabled")
        }
        Command::Enable(change) => {
            let app = existing(&change.place, &change.workflows).await?;
            let (name, by) = (&change.sign_in_name, &change.by.by);
            told(app.enable(name, by).await.map_err(inside)?, "enabled")
        }
        Command::Reset(change) => {
            let app = existing(&change.place, &change.workflows).await?;
            let reset = app.reset(&change.sign_in_name, &change.by.by).await;
            let invitation = reset.map_err(inside)?;
            introduce(&invitation.context(NO_SUCH_ACCOUNT)?);
            Ok(())
        }
        Command::History {
            sign_in_name,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            let history = app.account_history(&sign_in_name).await.map_err(inside)?;
            for event in history.context(NO_SUCH_ACCOUNT)? {
                let by = if event.done_by == event.staff_id.to_string() {
                    "themselves"
                } else {
                    &event.done_by
                };
                println!(
                    "{:.0}  {:<20} by {by}",
                    event.at.timestamp(),
                    what(event.what)
                );
            }
            Ok(())
        }
        Command::List { place, workflows } => {
            let app = existing(&place, &workflows).await?;
            for account in app.accounts().await.map_err(inside)? {
                list(&account);
            }
            Ok(())
        }
    }
}

const NO_SUCH_ACCOUNT: &str = "there is no account with this sign-in name";

async fn invite(add: Add) -> anyhow::Result<()> {
    let app = existing(&add.place, &add.workflows).await?;
    let authority = super::known_authority(&app, add.authority)?;
    super::known_role(&app, &authority, &add.role)?;
    let person = NewPerson {
        sign_in_name: add.sign_in_name,
        name: add.name,
        email: add.email,
        role: add.role,
        agency: add.agency,
        authority,
        password_hash: None,
    };
    let name = person.sign_in_name.clone();
    match app.invite(person, &add.by.by).await.map_err(inside)? {
        Some(invitation) => introduce(&invitation),
        None => bail!("there is an account with this sign-in name already; it was left as it is"),
    }
    agreements::tell_of(&app, &name).await
}

/// The only time that the code is seen: hand it over in person or by phone, apart from the address.
fn introduce(invitation: &Invitation) {
    println!("Invitation code: {}", invitation.code);
    println!(
        "It is shown this once, works once, until {:.0}.",
        invitation.ends_at
    );
    println!("The person opens /staff/join, types the code, and sets a password and a device.");
}

fn told(known: bool, done: &str) -> anyhow::Result<()> {
    if !known {
        bail!(NO_SUCH_ACCOUNT);
    }
    println!("{done}");
    Ok(())
}

fn what(done: What) -> &'static str {
    match done {
        What::Invited => "invited",
        What::Joined => "joined",
        What::Disabled => "disabled",
        What::Enabled => "enabled",
        What::Reset => "reset",
        What::RecoveryCodeUsed => "recovery code used",
    }
}

fn list(account: &Account) {
    let standing = match account.standing {
        Standing::Disabled => "disabled",
        Standing::Joined => "joined",
        Standing::PasswordOnly => "password only",
        Standing::WithoutPassword => "no password",
    };
    let Account {
        sign_in_name,
        name,
        role,
        authority,
        ..
    } = account;
    println!("{sign_in_name:<24} {standing:<14} {name}, {role} at {authority}");
}

/// The next line of standard input, which is a password or a code.
fn typed() -> anyhow::Result<String> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.context("nothing could be read from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Signs a person in for as long as it takes to know who they are; the password, and the code of their device if they have
/// one, are read from standard input, a line each.
pub async fn signed_in(app: &Arc<App>, name: &str) -> anyhow::Result<Actor> {
    let Ok(begun) = app.sign_in(name, &typed()?).await else {
        bail!("this sign-in name and password do not belong together");
    };
    let secret = if begun.wants_code {
        let given = app.give_code(&begun.secret, &typed()?).await;
        given.map_err(|_| anyhow::anyhow!("this is not the newest code of the device"))?
    } else {
        begun.secret
    };
    let person = app.session(&secret).await.map_err(inside)?;
    app.sign_out(&secret).await.map_err(inside)?;
    Ok(person.actor)
}
