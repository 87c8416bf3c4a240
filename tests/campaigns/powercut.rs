//! A power cut under load on SQLite: what the disk held at a random instant is looked at as after a restart (G2). A process
//! that is killed proves nothing here, because the machine's memory outlives it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, Executor as _, Row as _, SqliteConnection};
use tokio::time::Instant;

use super::support::client::Client;
use super::support::database::Databases;
use super::support::disk::Disk;
use super::support::examination::examine;
use super::support::installation::Installation;
use super::support::writer::{Writer, while_writing};

/// How much to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How often the power is cut under the service
    #[arg(long, default_value_t = 4)]
    cuts: u32,
    /// How often it is cut under the two controls
    #[arg(long, default_value_t = 3)]
    controls: u32,
    /// How many write at the same time
    #[arg(long, default_value_t = 20)]
    writers: usize,
    /// Begins the same sequence of moments again
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// After so many cuts a new installation is taken, because an examination reads every case of the old one.
const CUTS_OF_ONE: u32 = 20;

/// The power is cut within so many milliseconds after the writers began.
const MOMENTS: std::ops::Range<u64> = 50..700;

/// Cuts the power under the service and compares the disk with what had been acknowledged: 0 may be lost. Two controls write
/// to the same disk by other means: one sets `synchronous` as the service does and may lose nothing, one sets it to NORMAL
/// and must lose something, or the disk is none that forgets.
///
/// # Errors
/// What was lost; or that the control lost nothing.
pub async fn run(options: &Options) -> anyhow::Result<String> {
    let disk = match Disk::make() {
        Ok(disk) => disk,
        Err(lacking) => return Ok(format!("SKIPPED on this machine: {lacking:#}")),
    };
    let mut chance = fastrand::Rng::with_seed(options.seed);
    let full = control(
        &disk,
        SqliteSynchronous::Full,
        options.controls,
        &mut chance,
    )
    .await?;
    ensure!(
        full.0 == 0,
        "the control with FULL lost {} commits in {} cuts",
        full.1,
        full.0
    );
    let normal = control(
        &disk,
        SqliteSynchronous::Normal,
        options.controls,
        &mut chance,
    )
    .await?;
    ensure!(
        normal.0 > 0,
        "the control with NORMAL lost nothing, so this disk cannot show a loss"
    );

    let (mut left, mut acknowledged) = (options.cuts, 0);
    while left > 0 {
        let cuts = left.min(CUTS_OF_ONE);
        acknowledged += under_service(&disk, options.writers, cuts, &mut chance).await?;
        left -= cuts;
    }
    Ok(format!(
        "SQLite: {} cuts, {acknowledged} acknowledged and 0 lost; controls of {} cuts: FULL lost 0, NORMAL lost {} commits in {} cuts",
        options.cuts, options.controls, normal.1, normal.0
    ))
}

/// Cuts the power under one installation so many times. Answers how many commands were acknowledged.
async fn under_service(
    disk: &Disk,
    writers: usize,
    cuts: u32,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<usize> {
    let data = disk.path().join("data");
    let folder = tempfile::tempdir()?;
    let installation = Installation::within(&mut Databases::Files, folder, data.clone()).await?;
    let client = Client::new(&installation.address())?;
    let mut writers = Writer::several(&installation, writers, chance);
    let service = installation.serve().await?;
    let mut acknowledged = 0;
    for _ in 0..cuts {
        let meanwhile = async {
            tokio::time::sleep(Duration::from_millis(chance.u64(MOMENTS))).await;
            Ok((Instant::now(), disk.cut()?))
        };
        let (cut, after) = while_writing(&mut writers, &client, meanwhile).await?;
        let sent = writers.iter().flat_map(|writer| &writer.sent);
        let mut sent: Vec<_> = sent.map(|sent| sent.as_known_at(cut)).collect();
        let app = installation.open_at(&after.path().join("data")).await?;
        acknowledged = examine(&app, &mut sent).await?.acknowledged;
    }
    service.kill()?;
    std::fs::remove_dir_all(data)?;
    Ok(acknowledged)
}

/// A writer of its own that commits one row after the other with this setting, under cuts of the power. Answers in how many
/// cuts it lost commits, and how many in all.
async fn control(
    disk: &Disk,
    synchronous: SqliteSynchronous,
    cuts: u32,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<(u32, i64)> {
    const FILE: &str = "control.db";
    let mut lost = (0, 0);
    let mut writes = open(&disk.path().join(FILE), synchronous).await?;
    writes
        .execute("create table if not exists committed (number integer primary key)")
        .await?;
    for _ in 0..cuts {
        let end = Instant::now() + Duration::from_millis(chance.u64(MOMENTS));
        while Instant::now() < end {
            writes
                .execute("insert into committed default values")
                .await?;
        }
        let acknowledged = count(&mut writes).await?;
        let after = disk.cut()?;
        let found = match open(&after.path().join(FILE), synchronous).await {
            Ok(mut reads) => count(&mut reads).await.unwrap_or_default(),
            Err(_) => 0, // not even the file was there
        };
        if found < acknowledged {
            lost = (lost.0 + 1, lost.1 + acknowledged - found);
        }
    }
    writes.close().await?;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(disk.path().join(format!("{FILE}{suffix}"))); // the last two go at the close
    }
    Ok(lost)
}

async fn open(file: &Path, synchronous: SqliteSynchronous) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous);
    let opened = SqliteConnection::connect_with(&options).await;
    opened.with_context(|| format!("{} cannot be opened", file.display()))
}

/// How many rows are there. No table means that not even its creation lasted.
async fn count(connection: &mut SqliteConnection) -> anyhow::Result<i64> {
    let row = connection
        .fetch_one("select count(*) from committed")
        .await?;
    Ok(row.try_get(0)?)
}
