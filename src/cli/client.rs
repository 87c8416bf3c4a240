//! `clares-law client`: machines that may use the API.

use anyhow::bail;
use clap::Subcommand;

use super::agreements;
use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use crate::app::clients::{Credentials, NewClient};
use crate::domain::scope::Scope;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a machine; its id and its secret are printed this once
    Add {
        /// What operators call it, and colleagues see in a history
        #[arg(long)]
        name: String,
        /// The role to act in, such as verifier
        #[arg(long)]
        role: String,
        /// The authority it works for; may be left out where there is only one
        #[arg(long)]
        authority: Option<String>,
        /// Its agency, where it speaks for one in the forum
        #[arg(long, default_value = "")]
        agency: String,
        /// What it may ask of the API, such as cases:read; may be given several times
        #[arg(long, required = true)]
        scope: Vec<Scope>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// List all, with those that are revoked
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Shut one out at once and for good
    Revoke {
        /// Its name
        name: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Give one another secret, printed this once; the one before opens nothing any more
    Rotate {
        /// Its name
        name: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add {
            name,
            role,
            authority,
            agency,
            scope,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            let authority = super::known_authority(&app, authority)?;
            super::known_role(&app, &authority, &role)?;
            let client = NewClient {
                name,
                role,
                agency,
                authority,
                scopes: scope.into_iter().collect(),
            };
            let name = client.name.clone();
            match app.add_client(client).await.map_err(inside)? {
                Some(credentials) => print(&credentials),
                None => bail!("there is a client of this name already; it was left as it is"),
            }
            agreements::tell_of(&app, &name).await?;
        }
        Command::List { place, workflows } => {
            let app = existing(&place, &workflows).await?;
            for client in app.clients().await.map_err(inside)? {
                let revoked = client.revoked_at.map_or(String::new(), |at| {
                    format!("; revoked {:.0}", at.timestamp())
                });
                println!(
                    "{}: {}, {} at {}: {}; secret of {:.0}{revoked}",
                    client.name,
                    client.id,
                    client.role,
                    client.authority,
                    client.scopes,
                    client.secret_at.timestamp(),
                );
            }
        }
        Command::Revoke {
            name,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            if !app.revoke_client(name).await.map_err(inside)? {
                bail!("{NONE}");
            }
            println!("revoked");
        }
        Command::Rotate {
            name,
            place,
            workflows,
        } => {
            let app = existing(&place, &workflows).await?;
            match app.rotate_client(name).await.map_err(inside)? {
                Some(credentials) => print(&credentials),
                None => bail!("{NONE}"),
            }
        }
    }
    Ok(())
}

const NONE: &str = "there is no client of this name that is not revoked; `client list` lists all";

fn print(credentials: &Credentials) {
    println!("client_id {}", credentials.id);
    println!("client_secret {}", credentials.secret);
    eprintln!("Keep the secret now: it is not shown again.");
}
