//! Clients that hang up: connections break at any byte and at any moment, and what had begun is finished all the same (G3).
//! Two things keep it so, and each alone would: writes are detached from whoever asked, and a connection to the database is
//! given back with nothing open.

mod control;

use std::time::Duration;

use anyhow::{Context, ensure};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use tokio::task::JoinSet;

use super::support::client::Client;
use super::support::database::{Databases, Kind};
use super::support::examination::examine;
use super::support::installation::{Installation, Person};
use super::support::proxy::{Line, Proxy};
use super::support::writer::{Writer, all_heard, while_writing};

/// How much to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many commands are sent, on each database
    #[arg(long, default_value_t = 200)]
    requests: usize,
    /// How many requests are sent to each of the four controls
    #[arg(long, default_value_t = 150)]
    controls: usize,
    /// How many write at the same time
    #[arg(long, default_value_t = 30)]
    writers: usize,
    /// Which databases
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    database: Vec<Kind>,
    /// Begins the same sequence of faults again
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Between clients and the service: slow, and every other connection breaks. A request and its answer are some 2,000 bytes.
const CLIENTS: Line = Line {
    late: 0..5,
    breaks: (25, 25),
    bytes: 1..2_500,
    time: 1..200,
};

/// Between the service and its database: slow enough that a client is often gone while the service waits for an answer.
const DATABASE: Line = Line {
    late: 0..4,
    breaks: (0, 0),
    bytes: 1..2,
    time: 1..2,
};

/// Sends commands through a line that breaks, on PostgreSQL with a second slow line behind the service, and sends each that
/// was not answered again under its key. 0 acknowledged writes may be lost, each key becomes exactly one case or action, and
/// no connection stays in a transaction. Four controls show that the faults bite: a server that does neither of the two
/// things must lose acknowledged writes, and with either or both it must not.
///
/// # Errors
/// What was lost or left open; or that the control lost nothing.
pub async fn run(options: &Options) -> anyhow::Result<String> {
    let mut figures = Vec::new();
    for kind in &options.database {
        let mut chance = fastrand::Rng::with_seed(options.seed);
        let mut databases = Databases::of(*kind)?;
        figures.push(through_bad_lines(options, *kind, &mut databases, &mut chance).await?);
        if let Databases::Server(server) = &databases {
            figures.push(control::all_four(server, options.controls, &mut chance).await?);
        }
    }
    Ok(figures.join("; "))
}

async fn through_bad_lines(
    options: &Options,
    kind: Kind,
    databases: &mut Databases,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<String> {
    let mut installation = Installation::new(databases).await?;
    let slow = match databases {
        Databases::Files => None,
        Databases::Server(_) => Some(installation.behind(DATABASE, chance).await?),
    };
    let service = installation.serve().await?;
    let address = installation.address();
    let line = Proxy::start(address.trim_start_matches("http://"), CLIENTS, chance).await?;
    let client = Client::new(&format!("http://{}", line.address()))?;
    let mut writers = Writer::several(&installation, options.writers, chance);

    let mut looking = looks(&client, &installation.people.verifier);
    let meanwhile = async {
        while client.sent() < options.requests {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    };
    while_writing(&mut writers, &client, meanwhile).await?;
    looking.shutdown().await;
    all_heard(&mut writers, &client).await?;

    if let Databases::Server(server) = databases {
        nothing_left_open(server.owner(), "clares-law").await?;
    }
    service.kill()?;
    drop(slow);
    let sent = writers.iter_mut().flat_map(|writer| &mut writer.sent);
    let examined = examine(&installation.open().await?, sent).await?;
    Ok(format!(
        "{kind}: {} requests, {} connections broken, {} acknowledged and 0 lost, {} cases, each of one key, 0 connections left in a transaction",
        client.sent(),
        line.broken(),
        examined.acknowledged,
        examined.cases
    ))
}

/// People who look at their queues all the time, and hang up as often as those who write.
fn looks(client: &Client, verifier: &Person) -> JoinSet<()> {
    let mut looking = JoinSet::new();
    for _ in 0..5 {
        let (client, verifier) = (client.clone(), verifier.clone());
        looking.spawn(async move {
            loop {
                let _ = client.look("/api/v1/queues", &verifier).await; // only the look matters
            }
        });
    }
    looking
}

/// Waits until no connection of a program is in a transaction.
///
/// # Errors
/// When one still is after five seconds in which nobody asked for anything.
async fn nothing_left_open(owner: &str, program: &str) -> anyhow::Result<()> {
    let mut watch = PgConnection::connect(owner).await?;
    let mut open = Vec::new();
    for _ in 0..50 {
        open = left_open(&mut watch, program).await?;
        if open.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    ensure!(
        open.is_empty(),
        "{} connections left in a transaction: {open:?}",
        open.len()
    );
    Ok(())
}

/// The last statement of each connection of a program that is in a transaction and does nothing.
async fn left_open(watch: &mut PgConnection, program: &str) -> anyhow::Result<Vec<String>> {
    const WATCHED: &str = "select application_name, left(query, 60) from pg_stat_activity where state like 'idle in transaction%'";
    let rows = watch
        .fetch_all(WATCHED)
        .await
        .context("the server does not tell")?;
    let rows = rows.iter().filter(|row| row.get::<&str, _>(0) == program);
    Ok(rows.map(|row| row.get(1)).collect())
}
