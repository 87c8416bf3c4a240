//! What an operator types. It parses arguments, puts the house together and hands over; it holds no rule.
//! Nothing below knows of it. Start with `Command`, then `config` for the settings shared by several commands.

mod agreements;
mod backup;
mod client;
pub mod config;
mod database;
pub mod deadline;
mod editions;
mod evidence;
mod export_access_log;
mod history;
mod history_witness;
mod keys;
mod opened;
mod outbox;
mod publish;
mod register;
mod register_file;
mod restore;
mod running;
mod serve;
mod staff;
pub mod telemetry;
mod work;
mod workflow;

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::App;
use crate::engine::calendar::Calendar;

/// Something was found wrong.
const FINDINGS: u8 = 1;
/// Something could not be read at all.
const CANNOT_READ: u8 = 2;

/// Runs a disclosure scheme from application to aftercare.
#[derive(Debug, Parser)]
#[command(name = "clares-law", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an installation: web and worker in one process
    Serve(config::Service),
    /// Do what happens by itself and nothing else, beside nodes that serve the same database
    Work(config::Work),
    /// Serve a demonstration with invented people and cases
    Demo {
        #[command(flatten)]
        service: config::Service,
        /// The scheme to demonstrate. Default: the one that demonstration.yaml names
        #[arg(long)]
        scheme: Option<String>,
    },
    /// Check, draw and test workflow files
    #[command(subcommand)]
    Workflow(workflow::Command),
    /// Work out when a time limit runs out, and show why
    Deadline {
        #[command(flatten)]
        question: deadline::Args,
        #[command(flatten)]
        workflows: config::Workflows,
    },
    /// Make the tables of a PostgreSQL database
    #[command(subcommand)]
    Database(database::Command),
    /// Prove histories, and rebuild what follows from them
    #[command(subcommand)]
    History(history::Command),
    /// The keys that open cases and meetings
    #[command(subcommand)]
    Keys(keys::Command),
    /// Copy the database while the service runs, and prove the copy (SQLite)
    Backup(backup::Arguments),
    /// Bring an installation back from a backup; what it would send is held
    Restore(restore::Arguments),
    /// Messages that wait: show them, and release them after a restore
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Hand out who looked at what: a JSON object a line, on the word of a person, which is kept
    ExportAccessLog(export_access_log::Arguments),
    /// Write everything about a case into a folder, with what proves it: check it with `disclosure-verify`
    Evidence(evidence::Arguments),
    /// Add accounts
    #[command(subcommand)]
    Staff(staff::Command),
    /// The staff and members of all agencies, with whom the people of cases are compared
    #[command(subcommand)]
    Register(register::Command),
    /// Machines that may use the API
    #[command(subcommand)]
    Client(client::Command),
}

/// Does what was typed.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    telemetry::start();
    let done = match arguments.command {
        Command::Workflow(command) => return workflow::run(command),
        Command::Deadline {
            question,
            workflows,
        } => deadline(&question, &workflows),
        Command::Serve(service) => in_runtime(serve::serve(service)).map(|()| ExitCode::SUCCESS),
        Command::Work(work) => in_runtime(work::work(work)).map(|()| ExitCode::SUCCESS),
        Command::Demo { service, scheme } => {
            in_runtime(serve::demo(service, scheme)).map(|()| ExitCode::SUCCESS)
        }
        Command::Database(command) => {
            in_runtime(database::run(command)).map(|()| ExitCode::SUCCESS)
        }
        Command::History(command) => in_runtime(history::run(command)),
        Command::Keys(command) => in_runtime(keys::run(command)).map(|()| ExitCode::SUCCESS),
        Command::Backup(arguments) => in_runtime(backup::run(arguments)),
        Command::Restore(arguments) => in_runtime(restore::run(arguments)),
        Command::Outbox(command) => in_runtime(outbox::run(command)),
        Command::ExportAccessLog(arguments) => {
            in_runtime(export_access_log::run(arguments)).map(|()| ExitCode::SUCCESS)
        }
        Command::Evidence(arguments) => {
            in_runtime(evidence::run(arguments)).map(|()| ExitCode::SUCCESS)
        }
        Command::Staff(command) => in_runtime(staff::run(command)).map(|()| ExitCode::SUCCESS),
        Command::Register(command) => {
            in_runtime(register::run(command)).map(|()| ExitCode::SUCCESS)
        }
        Command::Client(command) => in_runtime(client::run(command)).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::from(CANNOT_READ)
    })
}

/// Refuses a role that the files of an authority's schemes do not declare.
fn known_role(app: &App, authority: &str, role: &str) -> anyhow::Result<()> {
    let schemes = app.schemes_of(authority);
    let scheme = schemes.first().map(String::as_str).unwrap_or_default();
    let edition = app.in_force(authority, scheme);
    let edition = edition.map_err(|_| anyhow::anyhow!("no edition is in force at {authority}"))?;
    let roles = &edition.definition.roles.roles;
    if !roles.has(role) {
        let known: Vec<_> = roles.names().collect();
        anyhow::bail!("there is no role {role}; there is: {}", known.join(", "));
    }
    Ok(())
}

/// The authority named, or the only one.
fn known_authority(app: &App, named: Option<String>) -> anyhow::Result<String> {
    let known: Vec<_> = app.definitions.authorities().keys().cloned().collect();
    match (named, &known[..]) {
        (Some(named), _) if known.contains(&named) => Ok(named),
        (None, [only]) => Ok(only.clone()),
        (Some(named), _) => anyhow::bail!(
            "there is no authority {named}; there is: {}",
            known.join(", ")
        ),
        (None, _) => anyhow::bail!("name one with --authority: {}", known.join(", ")),
    }
}

fn in_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

fn deadline(question: &deadline::Args, workflows: &config::Workflows) -> anyhow::Result<ExitCode> {
    let library = workflows.load().map_err(anyhow::Error::msg)?;
    let mut calendars = BTreeMap::new();
    for (_, file) in library.under("calendars") {
        match Calendar::read(&file.text) {
            Ok(calendar) => {
                calendars.insert(file.stem().to_owned(), calendar);
            }
            // Another nation's broken calendar is no reason to answer nothing.
            Err(error) => eprintln!("{}: {error}", file.path),
        }
    }
    let code = deadline::run(
        question,
        &calendars,
        &mut io::stdout().lock(),
        &mut io::stderr().lock(),
    )?;
    Ok(ExitCode::from(code))
}
