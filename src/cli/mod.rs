//! What an operator types. It parses arguments, puts the house together and hands over; it holds no rule.
//! Nothing below knows of it. Start with `Command`, then `config` for the settings shared by several commands.

pub mod config;
mod workflow;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// Check, draw and test workflow files
    #[command(subcommand)]
    Workflow(workflow::Command),
}

/// Does what was typed.
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Workflow(command) => workflow::run(command),
    }
}
