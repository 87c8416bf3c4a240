//! Several nodes behind a load balancer: each is killed and frozen in turn under load, and nobody notices.

mod balancer;
mod node;
mod session;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clares_law::app::App;
use clares_law::app::history::load;
use clares_law::app::intake::{Door, Form};
use clares_law::clock::Clock;
use clares_law::engine::command::Actor;
use clares_law::engine::event::Event;
use jiff::SignedDuration;
use serde_json::Value;

use super::support::client::{Client, Command};
use super::support::database::{Databases, Kind};
use super::support::examination::{case_ids, examine};
use super::support::installation::{AUTHORITY, Installation, SCHEME, inside};
use super::support::writer::{Sent, Writer, all_heard, while_writing};
use balancer::Balancer;
use node::{Node, Role};
use session::{SignedIn, hire_with_password};

/// How much to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How often each node is killed and started again
    #[arg(long, default_value_t = 1)]
    rounds: u32,
    /// How many nodes of each round are frozen for longer than a lease lasts
    #[arg(long, default_value_t = 1)]
    frozen: usize,
    /// How many write at the same time
    #[arg(long, default_value_t = 4)]
    writers: usize,
    /// How many cases are two months late when the nodes begin
    #[arg(long, default_value_t = 40)]
    late: usize,
    /// Begins the same sequence of moments again
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Longer than a lease: meanwhile another node takes over what the frozen one was doing.
const FROZEN: Duration = Duration::from_secs(17);

/// Two nodes that serve and two that only work, on one PostgreSQL, behind HAProxy. 0 acknowledged commands are lost, 0
/// done twice; each stage of each late case is recorded once; somebody signed in stays signed in.
///
/// # Errors
/// The first thing that was lost, done twice or left undone.
pub async fn run(options: &Options) -> anyhow::Result<String> {
    let mut chance = fastrand::Rng::with_seed(options.seed);
    let mut databases = Databases::of(Kind::Postgres)?;
    let installation = Installation::new(&mut databases).await?;
    let mut late = be_late(&installation, options.late).await?;
    let recovery_code = hire_with_password(&installation).await?;

    let mut nodes = Vec::new();
    for role in [Role::Serve, Role::Serve, Role::Work, Role::Work] {
        nodes.push(Node::start(&installation, role, nodes.len()).await?);
    }
    let doors = nodes.iter().filter_map(Node::service).collect::<Vec<_>>();
    let balancer = Balancer::start(&installation, &doors).await?;
    let client = Client::new(&balancer.address())?;
    let mut writers = Writer::several(&installation, options.writers, &mut chance);
    let signed_in = SignedIn::through(&balancer.address(), &recovery_code).await?;
    let over = Arc::new(AtomicBool::new(false));
    let looking = signed_in.looks_until(Arc::clone(&over));
    let faults = async {
        let done = faults(options, &installation, &mut nodes, &mut chance).await;
        over.store(true, Ordering::Relaxed);
        done
    };
    let (done, looks) = tokio::join!(while_writing(&mut writers, &client, faults), looking);
    let (looks, (kills, freezes)) = (looks?, done?);
    all_heard(&mut writers, &client).await?;
    Node::refused_for_its_clock(&installation).await?;

    let app = installation.open().await?;
    nothing_is_left_due(&app).await?;
    drop((balancer, nodes));
    let stages = each_stage_is_there_once(&app).await?;
    let sent = writers.iter_mut().flat_map(|writer| &mut writer.sent);
    let examined = examine(&app, sent.chain(&mut late)).await?;
    Ok(format!(
        "{kills} nodes killed and {freezes} frozen, {} acknowledged and 0 lost or doubled, {} cases, {stages} stages each once, {looks} looks of one session",
        examined.acknowledged, examined.cases
    ))
}

/// Kills each node and starts it again; freezes some.
async fn faults(
    options: &Options,
    installation: &Installation,
    nodes: &mut [Node],
    chance: &mut fastrand::Rng,
) -> anyhow::Result<(usize, usize)> {
    let (mut kills, mut freezes) = (0, 0);
    for _ in 0..options.rounds {
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        chance.shuffle(&mut order);
        for number in order.iter().take(options.frozen) {
            nodes[*number].freeze(FROZEN).await?;
            freezes += 1;
        }
        for number in order {
            tokio::time::sleep(Duration::from_millis(chance.u64(100..1_000))).await;
            nodes[number].kill_and_restart(installation).await?;
            kills += 1;
        }
    }
    Ok((kills, freezes))
}

/// Applications of two months ago that nobody looked at since: each has all its stages due at once.
async fn be_late(installation: &Installation, cases: usize) -> anyhow::Result<Vec<Sent>> {
    let then = Clock::system().now() - SignedDuration::from_hours(24 * 60);
    let app = installation.open_at_time(Clock::fixed(then)).await?;
    let scheme = &installation.definition.scheme;
    let form = scheme
        .intake
        .public_form
        .as_deref()
        .context("nobody applies")?;
    let form = &installation.definition.records[form];
    let mut sent = Vec::new();
    for number in 0..cases {
        let key = format!("late {number}");
        let door = Door {
            authority: AUTHORITY.to_owned(),
            scheme: SCHEME.to_owned(),
            form: Form::Public,
        };
        let (answers, actor) = (form.examples(), Actor::public());
        let received = app.receive(door, answers, Some(key.clone()), actor.clone());
        received.await.map_err(inside)?;
        sent.push(Sent::new(Command {
            key,
            actor: actor.id,
            sender: None,
            path: String::new(),
            body: Value::Null,
        }));
    }
    app.db.close().await;
    Ok(sent)
}

/// D2: within a minute everything is recorded that had become due.
async fn nothing_is_left_due(app: &Arc<App>) -> anyhow::Result<()> {
    for _ in 0..60 {
        let figures = app.figures().await.map_err(inside)?;
        ensure!(figures.stuck == 0, "{} cases are stuck", figures.stuck);
        if figures.oldest_stage.is_none() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    anyhow::bail!("after a minute something is still due")
}

/// D3: exactly one event for each stage of each run of each clock. Answers how many.
async fn each_stage_is_there_once(app: &Arc<App>) -> anyhow::Result<usize> {
    let mut tx = app.db.begin_read().await?;
    let mut total = 0;
    for case in case_ids(&mut tx).await? {
        let loaded = load(&app.keys, &mut tx, case).await.map_err(inside)?;
        let mut once = BTreeSet::new();
        for recorded in loaded.history {
            let stage = match recorded.event {
                Event::ClockWarned {
                    clock,
                    instance,
                    stage,
                    ..
                } => (clock, instance, stage),
                Event::ClockBreached {
                    clock, instance, ..
                } => (clock, instance, "breach".to_owned()),
                _ => continue,
            };
            ensure!(once.insert(stage.clone()), "{stage:?} came twice");
        }
        total += once.len();
    }
    ensure!(total > 0, "no stage was ever recorded");
    Ok(total)
}
