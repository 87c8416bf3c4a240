//! The simulator: two simulated years a seed through the real write door, on a SQLite file, with crashes, clock jumps and
//! people who do what they may not; after every step the laws are asked. A seed always gives the same run. What breaks a
//! law is shortened, told, and kept in `failures/`, which every run plays first.
//! Start with `operation` (what can happen), `play` (what it means) and `laws`.

mod commands;
mod faults;
mod filling;
mod laws;
mod operation;
mod play;
mod post;
mod server;
mod shrink;
mod simulation;
mod world;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use faults::{Fault, Fired};
use laws::Broken;
use operation::{Operation, drawn};
use simulation::Simulation;
use world::Read;

/// What is asked of the simulator.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// How many seeds at least
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Further seeds, until so many seconds are over
    #[arg(long, default_value_t = 170)]
    seconds: u64,
    /// How many run side by side
    #[arg(long, default_value_t = 2)]
    threads: u64,
    /// Plays one kept sequence and tells it
    #[arg(long)]
    replay: Option<PathBuf>,
    /// Plays one seed and tells it
    #[arg(long)]
    tell: Option<u64>,
}

/// How long a seed lasts, in simulated days.
const DAYS: u32 = 2 * 365;
/// After so many operations everything is looked at, touched or not.
const EVERYTHING: usize = 100;
/// How often a failing sequence is played to shorten it.
const SHRINKING: u32 = 200;
/// Sequences that have failed once.
const FAILURES: &str = "tests/campaigns/simulate/failures";

/// A sequence that broke a law, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Failure {
    /// The law, and how it was broken.
    broke: String,
    seed: u64,
    operations: Vec<Operation>,
}

/// What a run has come to.
struct Ran {
    fired: Fired,
    story: Vec<String>,
    operations: usize,
    events: usize,
    /// Where in the sequence a law did not hold.
    failed_at: usize,
    /// The fingerprint of all that it left, or the law that did not hold.
    end: Result<String, Broken>,
}

/// Runs what is asked for.
///
/// # Errors
/// The law that did not hold, with the sequence that leads there; or the kinds of faults that never fired.
pub fn run(options: &Options) -> anyhow::Result<String> {
    // A simulation brings a runtime of its own, which must not begin inside the one of the other campaigns.
    let done = std::thread::scope(|scope| scope.spawn(|| asked(options)).join());
    done.unwrap_or_else(|_| bail!("the simulator itself fell over"))
}

fn asked(options: &Options) -> anyhow::Result<String> {
    if let Some(path) = &options.replay {
        let failure = kept(path)?;
        return told(&failure.operations, failure.seed);
    }
    if let Some(seed) = options.tell {
        return told(&drawn(seed, DAYS), seed);
    }
    let replayed = replay_kept()?;
    let begun = Instant::now();
    let next = AtomicU64::new(options.from);
    let total = Mutex::new(Total::default());
    let goes_on = |seed: u64| {
        seed < options.from + options.seeds
            || begun.elapsed() < Duration::from_secs(options.seconds)
    };
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                let mut read = None;
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if !goes_on(seed) || lock(&total).failed.is_some() {
                        return;
                    }
                    let done = twice(seed, &mut read);
                    lock(&total).add(seed, done);
                }
            });
        }
    });
    let total = total
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((seed, broken)) = total.failed {
        println!("seed {seed}: {broken}; now it is shortened");
        return Err(shortened(seed, &broken));
    }
    for fault in Fault::ALL {
        println!("{:>8} × {}", total.fired.times(*fault), fault.text());
    }
    let never: Vec<&str> = total.fired.never().into_iter().map(Fault::text).collect();
    if !never.is_empty() {
        bail!("these faults never fired: {}", never.join("; "));
    }
    let seconds = begun.elapsed().as_secs_f64();
    Ok(format!(
        "{} seeds of two years, each twice with the same end; {} operations, {} events, {} kinds of faults; {replayed} kept sequences; {:.0} s, {:.1} seeds a minute",
        total.seeds,
        total.operations,
        total.events,
        Fault::ALL.len(),
        seconds,
        f64::from(u32::try_from(total.seeds).unwrap_or(u32::MAX)) * 60.0 / seconds,
    ))
}

#[derive(Default)]
struct Total {
    seeds: u64,
    operations: usize,
    events: usize,
    fired: Fired,
    failed: Option<(u64, Broken)>,
}

impl Total {
    fn add(&mut self, seed: u64, ran: Ran) {
        self.seeds += 1;
        self.operations += ran.operations;
        self.events += ran.events;
        self.fired.add(&ran.fired);
        if let Err(broken) = ran.end {
            self.failed.get_or_insert((seed, broken));
        }
    }
}

fn lock(total: &Mutex<Total>) -> std::sync::MutexGuard<'_, Total> {
    total
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A seed, twice: it must end the same.
fn twice(seed: u64, read: &mut Read) -> Ran {
    let operations = drawn(seed, DAYS);
    let mut first = play(&operations, seed, read);
    if first.end.is_ok() {
        let again = play(&operations, seed, read);
        if again.end != first.end {
            let differs = first
                .story
                .iter()
                .zip(&again.story)
                .find(|(one, other)| one != other);
            first.end = Err(Broken {
                law: "a seed always ends the same",
                how: format!("{:?} and {:?}; first {differs:?}", first.end, again.end),
            });
        }
    }
    first
}

/// Plays a sequence on a thread of its own kind: one task after the other.
fn play(operations: &[Operation], seed: u64, read: &mut Read) -> Ran {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime can be made");
    runtime.block_on(played(operations, seed, read))
}

async fn played(operations: &[Operation], seed: u64, read: &mut Read) -> Ran {
    let mut ran = Ran {
        fired: Fired::default(),
        story: Vec::new(),
        operations: operations.len(),
        events: 0,
        failed_at: operations.len(),
        end: Ok(String::new()),
    };
    let mut simulation = match Simulation::new(seed, read.take()).await {
        Ok(simulation) => simulation,
        Err(broken) => {
            ran.end = Err(broken);
            return ran;
        }
    };
    ran.end = steps(&mut simulation, operations, &mut ran.failed_at).await;
    ran.events = simulation.events();
    (ran.fired, ran.story) = (simulation.fired, simulation.story);
    *read = simulation.world.close().await;
    ran
}

async fn steps(
    simulation: &mut Simulation,
    operations: &[Operation],
    at: &mut usize,
) -> Result<String, Broken> {
    for (number, operation) in operations.iter().enumerate() {
        *at = number + 1;
        simulation.perform(operation).await?;
        if (number + 1) % EVERYTHING == 0 {
            simulation.look_at_all().await?;
        }
    }
    simulation.deliver_all().await?;
    simulation.look_at_all().await?;
    simulation.fingerprint().await
}

/// Plays a sequence and tells what happened.
fn told(operations: &[Operation], seed: u64) -> anyhow::Result<String> {
    let ran = play(operations, seed, &mut None);
    for line in &ran.story {
        println!("{line}");
    }
    match ran.end {
        Ok(end) => Ok(format!("every law held; it ended with {end}")),
        Err(broken) => bail!("{broken}"),
    }
}

fn kept(path: &Path) -> anyhow::Result<Failure> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Every sequence that has failed once holds now.
fn replay_kept() -> anyhow::Result<usize> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(FAILURES)?
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    let mut read = None;
    for path in &paths {
        let failure = kept(path)?;
        let ran = play(&failure.operations, failure.seed, &mut read);
        if let Err(broken) = ran.end {
            bail!(
                "{} breaks again: {broken}\n{}",
                path.display(),
                ran.story.join("\n")
            );
        }
    }
    Ok(paths.len())
}

/// The shortest sequence that breaks the law, told and written to a file.
fn shortened(seed: u64, broken: &Broken) -> anyhow::Error {
    let operations = drawn(seed, DAYS);
    let mut read = None;
    let until = play(&operations, seed, &mut read).failed_at;
    let mut breaks = |operations: &[Operation]| play(operations, seed, &mut read).end.err();
    let shortest = shrink::shrunk(&operations[..until], broken, SHRINKING, &mut breaks);
    let ran = play(&shortest, seed, &mut None);
    let how = ran.end.err().unwrap_or_else(|| broken.clone());
    let failure = Failure {
        broke: how.to_string(),
        seed,
        operations: shortest,
    };
    let path = std::env::temp_dir().join(format!("clares-law-seed-{seed}.json"));
    let written =
        serde_json::to_string_pretty(&failure).map(|text| std::fs::write(&path, text + "\n"));
    anyhow::anyhow!(
        "seed {seed}: {how}\n\n{} of {} operations lead there:\n  {}\n\nagain: cargo test --test campaigns -- simulate --replay {}{}\nwhen it is mended, keep that file in {FAILURES}/",
        failure.operations.len(),
        operations.len(),
        ran.story.join("\n  "),
        path.display(),
        if matches!(written, Ok(Ok(()))) {
            ""
        } else {
            " (which could not be written)"
        },
    )
}
