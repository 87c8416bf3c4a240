//! `clares-law evidence`: a case with all that is kept about it in a folder, to be read by people and checked by `disclosure-verify`.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::evidence::Evidence;
use crate::app::history::CASE;
use crate::engine::definition::Definition;
use crate::ledger::pack::Pack;
use crate::store::outbox::MessageRow;
use crate::web::form::said::said;

/// How to read the pack; it goes with each.
const ABOUT: &str = "\
chronology.txt   what happened, in order, with each decision and its reasons; then the meetings that talked about it. To be read
events.jsonl     the same as it is stored, in words and sealed, each with the key that joins the two: what is checked. Of what a
                 meeting said about other cases there is the hash alone
reads.jsonl      who looked at it, what for, and when, as that is stored: what was hashed. Reasons in it are sealed
reasons.jsonl    those reasons in words, each behind the id of its look, as the service opened them: no log proves the words
messages.jsonl   every message about it: what kind, to which account, and what became of it
logs/            the logs that hold its events and the looks at it (NAME.access): their entries, their signed heads, and the
                 keys as this pack names them

Check it with: disclosure-verify FOLDER --key FILE
FILE holds the keys that you trust. Do not take them from this folder: ask the police force for theirs. If you kept a
head of the log from an earlier day, give it with --head: a history that was written anew since is then seen.
";

#[derive(Debug, Args)]
pub struct Arguments {
    /// The reference of the case
    #[arg(required_unless_present = "any")]
    reference: Option<String>,
    /// A case that chance draws, for a drill; its reference is printed
    #[arg(long, conflicts_with = "reference")]
    any: bool,
    /// A folder that does not exist yet
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The sign-in name of whoever answers for it
    #[arg(long, value_name = "SIGN_IN_NAME")]
    by: String,
    /// Why, in their own words; it is kept
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let out = &arguments.out;
    if out.exists() {
        bail!("{} is there already; name a new folder", out.display());
    }
    let app = existing(&arguments.place, &arguments.workflows).await?;
    let actor = match app.account_named(&arguments.by).await {
        Err(AppError::NotFound) => bail!("there is no account {} that is open", arguments.by),
        found => found.map_err(inside)?,
    };
    let reference = match arguments.reference {
        Some(reference) => reference,
        None => drawn(&app).await?,
    };
    let gathered = app.evidence(&actor, &reference, &arguments.reason).await;
    let evidence = match gathered {
        Err(AppError::NotFound) => bail!("there is no case with this reference"),
        Err(AppError::Unmet(sentences)) => bail!("{}", sentences.join("; ")),
        gathered => gathered.map_err(inside)?,
    };
    written(&evidence, out).with_context(|| format!("{} is not whole", out.display()))
}

async fn drawn(app: &App) -> anyhow::Result<String> {
    match app.any_reference().await {
        Err(AppError::NotFound) => bail!("there is no case"),
        drawn => {
            let drawn = drawn.map_err(inside)?;
            println!("{drawn}");
            Ok(drawn)
        }
    }
}

fn written(evidence: &Evidence, out: &Path) -> anyhow::Result<()> {
    let logs = out.join("logs");
    let mut folders = fs::DirBuilder::new();
    folders.recursive(true).mode(0o700).create(&logs)?;
    for (name, log, key) in &evidence.logs {
        file(&logs.join(format!("{name}.entries")), &log.entries)?;
        file(&logs.join(format!("{name}.head")), &log.head)?;
        file(&logs.join(format!("{name}.key")), &format!("{key}\n"))?;
    }
    file(&out.join(Pack::EVENTS), &lines(&evidence.events)?)?;
    file(&out.join(Pack::LOOKS), &lines(&evidence.looks)?)?;
    let reasons: Vec<_> = evidence.reasons.iter().collect();
    file(&out.join("reasons.jsonl"), &lines(&reasons)?)?;
    let messages: Vec<_> = evidence.messages.iter().map(message).collect();
    file(&out.join("messages.jsonl"), &lines(&messages)?)?;
    file(&out.join("chronology.txt"), &chronology(evidence)?)?;
    file(&out.join("README.txt"), ABOUT)
}

fn file(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

fn lines<T: serde::Serialize>(rows: &[T]) -> anyhow::Result<String> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&serde_json::to_string(row)?);
        text.push('\n');
    }
    Ok(text)
}

fn message(row: &MessageRow) -> Value {
    json!({
        "id": row.id,
        "made_at": row.made_at.timestamp(),
        "recipient_kind": row.recipient_kind,
        "recipient": row.recipient,
        "message": row.message,
        "status": row.status,
        "attempts": row.attempts,
    })
}

/// What happened, for people: each event with its time where the case is, who did it, and everything that was written down.
fn chronology(evidence: &Evidence) -> anyhow::Result<String> {
    let mut text = String::new();
    let definition = &evidence.definition;
    for recorded in &evidence.case.history {
        let at = moment(recorded.at, definition);
        let name = evidence.names.get(&recorded.actor.id);
        let name = name.unwrap_or(&recorded.actor.id);
        let who = match recorded.actor.agency.as_str() {
            "" => recorded.actor.role.clone(),
            agency => format!("{}, {agency}", recorded.actor.role),
        };
        writeln!(text, "{}. {at}\n   {name} ({who})", recorded.seq)?;
        told(
            &mut text,
            definition,
            &serde_json::to_value(&recorded.event)?,
        )?;
        text.push('\n');
    }
    for event in evidence
        .events
        .iter()
        .filter(|event| event.stream_kind != CASE)
    {
        let Some(words) = &event.words else { continue };
        let at = moment(event.at, definition);
        let name = evidence.names.get(&event.actor).unwrap_or(&event.actor);
        let (meeting, kind) = (event.stream, event.kind.replace('_', " "));
        writeln!(
            text,
            "Meeting {meeting}, {}. {at}\n   {name} ({}): {kind}",
            event.seq, event.actor_role
        )?;
        told(&mut text, definition, &serde_json::from_str(words)?)?;
        text.push('\n');
    }
    Ok(text)
}

fn moment(at: Timestamp, definition: &Definition) -> String {
    at.to_zoned(definition.zone.clone())
        .strftime("%A %-d %B %Y, %H:%M:%S %Z")
        .to_string()
}

fn told(text: &mut String, definition: &Definition, event: &Value) -> anyhow::Result<()> {
    let parts = event.as_object().into_iter().flatten();
    for (name, value) in parts.filter(|(_, value)| !value.is_null()) {
        let words = match (name.as_str(), value) {
            ("filed", filed) => {
                answers(text, definition, filed)?;
                continue;
            }
            ("action", Value::String(action)) => definition.action_label(action).to_owned(),
            ("from" | "to" | "state", Value::String(state)) => {
                definition.state_label(state).to_owned()
            }
            (_, Value::String(words)) => words.clone(),
            (_, other) => other.to_string(),
        };
        writeln!(text, "   {}: {words}", name.replace('_', " "))?;
    }
    Ok(())
}

/// A form that was filled in, answer by answer.
fn answers(text: &mut String, definition: &Definition, filed: &Value) -> anyhow::Result<()> {
    let name = filed["record"].as_str().unwrap_or_default();
    let record = definition.records.get(name);
    let label = record.map_or(name, |record| &record.label);
    writeln!(text, "   {label}")?;
    for (name, value) in filed["answers"].as_object().into_iter().flatten() {
        let field = record.and_then(|record| record.fields.get(name));
        match field {
            Some(field) => writeln!(text, "      {}: {}", field.label, said(field, value))?,
            None => writeln!(text, "      {name}: {value}")?,
        }
    }
    Ok(())
}
