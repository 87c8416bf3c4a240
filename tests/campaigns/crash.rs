//! `kill -9` under load: the service ends at a random moment, begins again, and nothing that it acknowledged is gone (G1).

use std::time::Duration;

use super::support::client::Client;
use super::support::database::{Databases, Kind};
use super::support::examination::{Examined, examine};
use super::support::installation::Installation;
use super::support::writer::{Writer, all_heard, while_writing};

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
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
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
/// answer to. On PostgreSQL the server itself is stopped at once every other time before that, and the service has to find
/// back to it. 0 acknowledged commands may be lost and 0 half-applied.
///
/// # Errors
/// The first thing that was lost, half-applied or answered otherwise than before.
pub async fn run(options: &Options) -> anyhow::Result<String> {
    let mut figures = Vec::new();
    for kind in &options.database {
        let mut chance = fastrand::Rng::with_seed(options.seed);
        let mut databases = Databases::of(*kind)?;
        let mut total = Examined::default();
        let (mut left, mut stops) = (options.kills, 0);
        while left > 0 {
            let kills = left.min(KILLS_OF_ONE);
            let mut life = Life::new(options, &mut databases, &mut chance).await?;
            for _ in 0..kills {
                stops += u32::from(life.ends(&mut databases, &mut chance).await?);
            }
            total = total + life.finish().await?;
            left -= kills;
        }
        figures.push(format!(
            "{kind}: {} kills, {stops} stops of the server, {} acknowledged and 0 lost, {} done but unheard and each repeated with its first answer, {} cases and 0 half-applied",
            options.kills, total.acknowledged, total.done_unheard, total.cases
        ));
    }
    Ok(figures.join("; "))
}

/// One installation from its first kill to its last.
struct Life {
    installation: Installation,
    client: Client,
    writers: Vec<Writer>,
    unheard: usize,
}

impl Life {
    async fn new(
        options: &Options,
        databases: &mut Databases,
        chance: &mut fastrand::Rng,
    ) -> anyhow::Result<Self> {
        let installation = Installation::new(databases).await?;
        Ok(Self {
            client: Client::new(&installation.address())?,
            writers: Writer::several(&installation, options.writers, chance),
            installation,
            unheard: 0,
        })
    }

    /// Serves under writers until the kill, and examines. Answers whether the server was stopped too.
    async fn ends(
        &mut self,
        databases: &mut Databases,
        chance: &mut fastrand::Rng,
    ) -> anyhow::Result<bool> {
        let service = self.installation.serve().await?;
        let mut stopped = false;
        let meanwhile = async {
            tokio::time::sleep(Duration::from_millis(chance.u64(MOMENTS))).await;
            if let (Databases::Server(server), true) = (databases, chance.bool()) {
                server.crash()?;
                server.restart()?;
                stopped = true;
                tokio::time::sleep(Duration::from_millis(chance.u64(MOMENTS))).await;
            }
            service.kill()
        };
        while_writing(&mut self.writers, &self.client, meanwhile).await?;
        self.unheard += self.examine().await?.done_unheard;
        Ok(stopped)
    }

    /// Serves once more, until everybody has the answer to what was sent last.
    async fn finish(mut self) -> anyhow::Result<Examined> {
        let service = self.installation.serve().await?;
        all_heard(&mut self.writers, &self.client).await?;
        service.kill()?;
        let last = self.examine().await?;
        Ok(Examined {
            done_unheard: self.unheard,
            ..last
        })
    }

    async fn examine(&mut self) -> anyhow::Result<Examined> {
        let sent = self.writers.iter_mut().flat_map(|writer| &mut writer.sent);
        examine(&self.installation.open().await?, sent).await
    }
}
