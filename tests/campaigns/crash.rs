//! `kill -9` under load: the service ends at a random moment, begins again, and nothing that it acknowledged is gone (G1).

use std::time::Duration;

use tokio::task::JoinSet;

use super::support::client::Client;
use super::support::database::Kind;
use super::support::examination::{Examined, examine};
use super::support::installation::Installation;
use super::support::writer::Writer;

/// How much to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How often the service is killed, on each database
    #[arg(long, default_value_t = 3)]
    kills: u32,
    /// How many write at the same time
    #[arg(long, default_value_t = 20)]
    writers: usize,
    /// Which databases
    #[arg(long, value_delimiter = ',', default_value = "sqlite")]
    database: Vec<Kind>,
    /// Begins the same sequence of moments again
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// After so many kills a new installation is taken, because an examination reads every case of the old one.
const KILLS_OF_ONE: u32 = 20;

/// The service is killed within so many milliseconds after the writers began.
const MOMENTS: std::ops::Range<u64> = 20..1_000;

/// Kills the service under writers, examines what it left, starts it again and lets each writer repeat what it has no
/// answer to. 0 acknowledged commands may be lost and 0 half-applied.
///
/// # Errors
/// The first thing that was lost, half-applied or answered otherwise than before.
pub async fn run(options: &Options) -> anyhow::Result<String> {
    let mut figures = Vec::new();
    for kind in &options.database {
        let mut chance = fastrand::Rng::with_seed(options.seed);
        let mut total = Examined::default();
        let mut kills = options.kills;
        while kills > 0 {
            let now = kills.min(KILLS_OF_ONE);
            total = total + one_installation(options, now, &mut chance).await?;
            kills -= now;
        }
        figures.push(format!(
            "{kind}: {} kills, {} acknowledged and 0 lost, {} done but unheard and each repeated with its first answer, {} cases and 0 half-applied",
            options.kills, total.acknowledged, total.done_unheard, total.cases
        ));
    }
    Ok(figures.join("; "))
}

async fn one_installation(
    options: &Options,
    kills: u32,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<Examined> {
    let installation = Installation::new().await?;
    let mut writers = Writer::several(&installation, options.writers, chance);
    let mut unheard = 0;
    for _ in 0..kills {
        writers = killed_under(&installation, writers, chance).await?;
        let sent = writers.iter_mut().flat_map(|writer| &mut writer.sent);
        unheard += examine(&installation, sent).await?.done_unheard;
    }
    let last = finish(&installation, writers).await?;
    Ok(Examined {
        done_unheard: unheard,
        ..last
    })
}

/// Serves, lets everybody write, and kills the service meanwhile.
async fn killed_under(
    installation: &Installation,
    writers: Vec<Writer>,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<Vec<Writer>> {
    let service = installation.serve().await?;
    let client = Client::new(&installation.address());
    let mut writing = JoinSet::new();
    for mut writer in writers {
        let client = client.clone();
        writing.spawn(async move {
            writer.write(&client).await?;
            anyhow::Ok(writer)
        });
    }
    tokio::time::sleep(Duration::from_millis(chance.u64(MOMENTS))).await;
    service.kill()?;
    let mut back = Vec::new();
    while let Some(writer) = writing.join_next().await {
        back.push(writer??);
    }
    Ok(back)
}

/// Serves once more, until everybody has the answer to what was sent last.
async fn finish(installation: &Installation, mut writers: Vec<Writer>) -> anyhow::Result<Examined> {
    let service = installation.serve().await?;
    let client = Client::new(&installation.address());
    for writer in &mut writers {
        writer.send(&client).await?;
    }
    service.kill()?;
    let sent = writers.iter_mut().flat_map(|writer| &mut writer.sent);
    examine(installation, sent).await
}
