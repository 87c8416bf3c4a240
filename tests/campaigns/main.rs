//! Campaigns: the service as a real process, under load and under the faults that lose data in life. Each is one file with
//! one function that says what it proves. Without a name every campaign runs in its small size, so `cargo test` runs them
//! all; with one, `cargo test --test campaigns -- crash --kills 200`, only that one in the size asked for.

mod crash;
mod diskfull;
mod hangups;
mod idempotency;
mod nodes;
mod powercut;
mod simulate;
mod support;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::time::Instant;

#[derive(Parser)]
#[command(name = "campaigns", about = "Runs the service under faults")]
struct Arguments {
    #[command(subcommand)]
    campaign: Campaign,
}

#[derive(Subcommand)]
enum Campaign {
    /// Kills the service under writers: nothing acknowledged is lost, nothing is half-applied
    Crash(crash::Options),
    /// Cuts the power under the service, on a disk in a file: nothing acknowledged is lost
    Powercut(powercut::Options),
    /// Breaks connections at any byte: nothing acknowledged is lost, nothing stays open
    Hangups(hangups::Options),
    /// Kills and freezes each of several nodes behind a load balancer: nothing is lost, nothing is done twice
    Nodes(nodes::Options),
    /// Plays seeds of two simulated years: every law holds after every step
    Simulate(simulate::Options),
    /// Fills the disk under the service: it says so, loses nothing and goes on when there is room
    Diskfull(diskfull::Options),
    /// Sends the same keys again and again: one case each, and another body is refused
    Idempotency(idempotency::Options),
}

/// Every campaign by its name, in the order in which they run.
const NAMES: [&str; 7] = [
    "crash",
    "powercut",
    "hangups",
    "diskfull",
    "idempotency",
    "nodes",
    "simulate",
];

impl Campaign {
    async fn run(&self) -> anyhow::Result<String> {
        match self {
            Self::Crash(options) => crash::run(options).await,
            Self::Powercut(options) => powercut::run(options).await,
            Self::Hangups(options) => hangups::run(options).await,
            Self::Nodes(options) => nodes::run(options).await,
            Self::Simulate(options) => simulate::run(options),
            Self::Diskfull(options) => diskfull::run(options).await,
            Self::Idempotency(options) => idempotency::run(options).await,
        }
    }
}

/// What the command line asks for. `cargo test` hands every target what was meant for the others: its options are passed
/// over, and a word that names no campaign is the name of a test elsewhere.
fn asked(line: &[String]) -> Vec<Vec<String>> {
    let alone = |name: &str| vec!["campaigns".to_owned(), name.to_owned()];
    let first = line.iter().find(|word| !word.starts_with('-'));
    match first {
        _ if line.iter().any(|word| word == "--list") => Vec::new(),
        Some(word) if word == "help" || NAMES.contains(&&**word) => {
            vec![[vec!["campaigns".to_owned()], line.to_vec()].concat()]
        }
        Some(_) => Vec::new(),
        None => NAMES.iter().map(|name| alone(name)).collect(),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let line: Vec<String> = std::env::args().skip(1).collect();
    for arguments in asked(&line) {
        let name = arguments[1].clone();
        let begun = Instant::now();
        match Arguments::parse_from(arguments).campaign.run().await {
            Ok(figures) => println!(
                "campaign {name}, {} s: {figures}",
                begun.elapsed().as_secs()
            ),
            Err(error) => {
                eprintln!("campaign {name} failed: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
