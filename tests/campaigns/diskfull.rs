//! A disk that is full: the service says that it cannot do it now, loses nothing, shows what needs no record, and goes on by
//! itself when there is room again (G24).

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::StatusCode;
use tokio::time::Instant;

use super::support::client::Client;
use super::support::database::Databases;
use super::support::disk::small;
use super::support::examination::{Examined, examine};
use super::support::installation::{Installation, Person};
use super::support::writer::{Writer, all_heard, while_writing};

/// How much to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How often the disk is filled
    #[arg(long, default_value_t = 4)]
    fills: u32,
    /// How many write at the same time
    #[arg(long, default_value_t = 20)]
    writers: usize,
    /// Begins the same sequence of moments again
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Bytes of the disk.
const DISK: u64 = 48 << 20;

/// After so many fills a new installation is taken, on an empty disk.
const FILLS_OF_ONE: u32 = 10;

/// The disk is filled within so many milliseconds after the writers began, and stays full as long again.
const MOMENTS: std::ops::Range<u64> = 20..600;

/// By when somebody is served again after there is room.
const RECOVERED: Duration = Duration::from_secs(10);

/// Fills the disk under writers, and takes the ballast away again. 0 acknowledged commands may be lost, the file may not be
/// damaged, and every refusal must be a 503 that says when to come again.
///
/// # Errors
/// The first thing that was lost, damaged or answered otherwise.
pub async fn run(options: &Options) -> anyhow::Result<String> {
    let mut chance = fastrand::Rng::with_seed(options.seed);
    let (mut left, mut total) = (options.fills, Total::default());
    while left > 0 {
        let fills = left.min(FILLS_OF_ONE);
        let folder = tempfile::tempdir()?;
        let disk = match small(folder.path(), DISK) {
            Ok(disk) => disk,
            Err(lacking) => return Ok(format!("SKIPPED on this machine: {lacking:#}")),
        };
        one_disk(disk.path(), options.writers, fills, &mut chance, &mut total).await?;
        left -= fills;
    }
    Ok(format!(
        "SQLite: {} fills, {} acknowledged and 0 lost, {} answered 503 meanwhile, served again after {} ms at most",
        options.fills,
        total.examined.acknowledged,
        total.refused,
        total.slowest.as_millis()
    ))
}

#[derive(Debug, Default)]
struct Total {
    examined: Examined,
    refused: usize,
    slowest: Duration,
}

async fn one_disk(
    disk: &Path,
    writers: usize,
    fills: u32,
    chance: &mut fastrand::Rng,
    total: &mut Total,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = disk.join("data");
    let installation = Installation::within(&mut Databases::Files, folder, data).await?;
    let client = Client::new(&installation.address())?;
    let mut writers = Writer::several(&installation, writers, chance);
    let service = installation.serve().await?;
    let verifier = &installation.people.verifier;
    for _ in 0..fills {
        let case = writers[0].case.clone();
        let meanwhile = filled(disk, &client, verifier, &case, chance);
        let recovered = while_writing(&mut writers, &client, meanwhile).await?;
        total.slowest = total.slowest.max(recovered);
    }
    all_heard(&mut writers, &client).await?;
    service.kill()?;
    for problem in writers.iter().flat_map(|writer| &writer.problems) {
        ensure!(
            problem.status == StatusCode::SERVICE_UNAVAILABLE && problem.retry_after.is_some(),
            "a full disk was answered with {problem:?}"
        );
    }
    let sent = writers.iter_mut().flat_map(|writer| &mut writer.sent);
    let examined = examine(&installation.open().await?, sent).await?;
    total.examined = total.examined + examined;
    total.refused += client.unavailable();
    Ok(())
}

/// Fills the disk until somebody is told so, looks around, and makes room again. Answers how long it took until somebody was
/// served.
async fn filled(
    disk: &Path,
    client: &Client,
    verifier: &Person,
    case: &str,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<Duration> {
    tokio::time::sleep(Duration::from_millis(chance.u64(MOMENTS))).await;
    let told = client.unavailable();
    let ballast = disk.join("ballast");
    fill(&ballast)?;
    // What is written over in the log of the database needs no room, so it can take a while.
    let begun = Instant::now();
    while client.unavailable() == told {
        ensure!(
            begun.elapsed() < RECOVERED,
            "nobody was told that the disk is full"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    looks_around(client, verifier, case).await?;
    tokio::time::sleep(Duration::from_millis(chance.u64(MOMENTS))).await;

    std::fs::remove_file(&ballast)?;
    let (begun, served) = (Instant::now(), client.acknowledged());
    while client.acknowledged() == served {
        ensure!(begun.elapsed() < RECOVERED, "nobody is served again");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(begun.elapsed())
}

/// What holds no personal data is shown; a case is not, because the look could not be written down first (L18).
async fn looks_around(client: &Client, verifier: &Person, case: &str) -> anyhow::Result<()> {
    let (status, _) = client
        .look("/api/v1/queues", verifier)
        .await
        .context("the queues")?;
    ensure!(
        status == StatusCode::OK,
        "the queues are not shown: {status}"
    );
    if !case.is_empty() {
        let (status, shown) = client
            .look(&format!("/api/v1/cases/{case}"), verifier)
            .await?;
        let shown = shown["records"].is_object();
        ensure!(
            status == StatusCode::SERVICE_UNAVAILABLE && !shown
                || status == StatusCode::OK && shown,
            "a case whose look cannot be written down is answered with {status}"
        );
    }
    Ok(())
}

/// Writes until there is no room, in ever smaller pieces.
fn fill(ballast: &Path) -> anyhow::Result<()> {
    let mut file = File::create(ballast)?;
    for size in [1 << 20, 1 << 14, 1 << 10, 1] {
        let piece = vec![0xff; size];
        while file.write_all(&piece).is_ok() {}
    }
    Ok(())
}
