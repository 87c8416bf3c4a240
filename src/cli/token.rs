//! `clares-law token`: a token for the API of a demonstration.

use anyhow::bail;
use clap::Args;
use jiff::SignedDuration;

use super::config::{Place, Workflows};
use super::opened::existing;
use crate::app::installation::is_demonstration;
use crate::app::staff::NewPerson;

/// A working day: tokens of demonstrations are for trying things out by hand.
const LIVES: SignedDuration = SignedDuration::from_hours(8);

#[derive(Debug, Args)]
pub struct Arguments {
    /// The role to act in, such as verifier
    role: String,
    /// A name: another name is another person, the same name in another role is the same person
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// The authority to act for; may be left out where there is only one
    #[arg(long)]
    authority: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let app = existing(&arguments.place, &arguments.workflows).await?;
    if !is_demonstration(&app.db)
        .await
        .map_err(|error| anyhow::anyhow!("{error:?}"))?
    {
        bail!(
            "tokens are given only in a demonstration: `clares-law demo` did not make this database"
        );
    }
    let authority = super::known_authority(&app, arguments.authority)?;
    super::known_role(&app, &authority, &arguments.role)?;
    let role = &arguments.role;
    let name = arguments.name.unwrap_or_else(|| role.clone());
    let person = NewPerson {
        sign_in_name: format!("token:{authority}:{name}"),
        name,
        email: format!("{role}@example.org"),
        role: role.clone(),
        agency: String::new(),
        authority,
        password_hash: None,
    };
    let id = app
        .add_person(person)
        .await
        .map_err(|error| anyhow::anyhow!("{error:?}"))?;
    println!(
        "{}",
        app.token(id, role, LIVES)
            .map_err(|error| anyhow::anyhow!("{error:?}"))?
    );
    Ok(())
}
