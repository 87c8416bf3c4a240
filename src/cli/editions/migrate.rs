//! `clares-law workflow migrate`: open cases move to another edition, by two people who each give their password.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;

use crate::app::App;
use crate::app::act::Request;
use crate::app::editions::Standing;
use crate::app::error::AppError;
use crate::cli::config::{Place, Workflows};
use crate::cli::opened::{existing, inside};
use crate::cli::{FINDINGS, staff};
use crate::engine::command::Actor;
use crate::engine::definition::builtin::{CONFIRM, MIGRATE};
use crate::engine::definition::record::Answers;
use crate::engine::migration::TO;

#[derive(Debug, Args)]
pub struct Migrate {
    /// The published edition: SCHEME@EDITION, or its hash
    edition: String,
    /// A case by its reference or its id; may be given several times
    #[arg(
        long = "case",
        value_name = "CASE",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    cases: Vec<String>,
    /// Every open case of the scheme in this person's authority
    #[arg(long)]
    all: bool,
    /// The reason, which stands in each case's history
    #[arg(long, value_name = "TEXT")]
    because: String,
    /// The sign-in name of whoever proposes or confirms; the password is read from the first line of standard input
    #[arg(long = "as", value_name = "SIGN_IN_NAME")]
    person: String,
    /// Confirm what another person has proposed
    #[arg(long)]
    confirm: bool,
    /// Lead the cases that were moved to this edition back to the one that they came from
    #[arg(long)]
    undo: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

/// Proposes or confirms, case by case, and says of each what was done or why not.
pub async fn migrate(asked: Migrate) -> anyhow::Result<ExitCode> {
    let app = existing(&asked.place, &asked.workflows).await?;
    let (scheme, hash) = edition(&app, &asked.edition)?;
    let actor = staff::signed_in(&app, &asked.person).await?;
    let standings = app.standings(&actor, &scheme).await.map_err(inside)?;
    let chosen: Vec<_> = standings
        .iter()
        .filter(|case| asked.all || names(&asked.cases, case))
        .collect();
    let mut refused = 0;
    for name in asked
        .cases
        .iter()
        .filter(|name| !standings.iter().any(|case| is_named(name, case)))
    {
        println!("{name}: refused: there is no such open case");
        refused += 1;
    }
    for case in chosen {
        let told = match step(&asked, &hash, case) {
            Step::Done(told) => told,
            Step::To(target) => match send(&app, &asked, &actor, case, &target).await {
                Ok(told) => told.to_owned(),
                Err(error) => {
                    refused += 1;
                    format!("refused: {}", why(error)?)
                }
            },
        };
        println!("{}: {told}", case.reference);
    }
    Ok(if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    })
}

/// What is left to do with a case.
enum Step {
    /// Nothing, and why.
    Done(String),
    /// Move it to the edition with this hash.
    To(String),
}

fn step(asked: &Migrate, hash: &str, case: &Standing) -> Step {
    let target = match (&case.came_from, asked.undo) {
        (_, false) => hash,
        (Some(came_from), true) if case.edition == hash => came_from,
        _ => {
            return Step::Done(
                "nothing to undo: it does not go by this edition since a move".to_owned(),
            );
        }
    };
    let waits = case.going_to.as_deref() == Some(target);
    match (asked.confirm, waits) {
        (true, true) => Step::To(target.to_owned()),
        _ if case.edition == target => Step::Done("goes by this edition already".to_owned()),
        (true, false) => Step::Done("nobody has proposed to move it".to_owned()),
        (false, true) => Step::Done("waits for a second person already".to_owned()),
        (false, false) => Step::To(target.to_owned()),
    }
}

async fn send(
    app: &Arc<App>,
    asked: &Migrate,
    actor: &Actor,
    case: &Standing,
    target: &str,
) -> Result<&'static str, AppError> {
    let (action, told) = if asked.confirm {
        (CONFIRM, "moved")
    } else {
        (MIGRATE, "proposed; it waits for a second person")
    };
    let mut record = Answers::new();
    if !asked.confirm {
        record.insert(TO.to_owned(), target.into());
    }
    let request = Request {
        case: case.id,
        action: action.to_owned(),
        record,
        rationale: asked.because.clone(),
        expected: None,
        key: None,
        actor: actor.clone(),
    };
    app.act(request).await.map(|_| told)
}

/// Why a case stays where it is; an error of ours ends the command.
fn why(error: AppError) -> anyhow::Result<String> {
    Ok(match error {
        AppError::Unmet(sentences) => sentences.join("; "),
        AppError::Forbidden(sentence) => sentence,
        AppError::Fields(errors) => {
            let sentences: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            sentences.join("; ")
        }
        AppError::NotFound => "this account sees no cases".to_owned(),
        AppError::Stale(_) => "somebody else changed it in this moment; try again".to_owned(),
        other => return Err(inside(other)),
    })
}

fn names(given: &[String], case: &Standing) -> bool {
    given.iter().any(|name| is_named(name, case))
}

fn is_named(name: &str, case: &Standing) -> bool {
    case.reference == name || case.id.to_string() == name
}

/// The scheme and the hash of a published edition.
fn edition(app: &App, name: &str) -> anyhow::Result<(String, String)> {
    let published = app.definitions.all();
    let called = |scheme: &str, edition: &str| format!("{scheme}@{edition}") == name;
    let found = published
        .iter()
        .find(|row| row.hash == name || called(&row.scheme, &row.edition));
    if let Some(row) = found {
        return Ok((row.scheme.clone(), row.hash.clone()));
    }
    let known: Vec<_> = published
        .iter()
        .map(|row| format!("{}@{}", row.scheme, row.edition))
        .collect();
    bail!(
        "no edition {name} is published; there is: {}",
        known.join(", ")
    );
}
