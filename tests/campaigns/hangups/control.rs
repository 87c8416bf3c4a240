//! The four controls: a small server that writes with or without each of the two things that keep writes from being lost.
//! It stands for a service built as most guides advise, and shows that the faults of this campaign would lose its writes.

use std::time::Duration;

use anyhow::ensure;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool, Row as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::left_open;
use crate::support::database::Server;
use crate::support::proxy::{Line, Proxy};

/// How a server writes.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Out of reach of a client that hangs up.
    detached: bool,
    /// A connection is given back with nothing open.
    rollback: bool,
}

/// What came of one way.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    acknowledged: usize,
    lost: usize,
    left_open: usize,
}

const WAYS: [Way; 4] = [
    Way {
        detached: false,
        rollback: false,
    },
    Way {
        detached: true,
        rollback: false,
    },
    Way {
        detached: false,
        rollback: true,
    },
    Way {
        detached: true,
        rollback: true,
    },
];

/// Between those who look and the server: they hang up while it asks its database. Those who write have a good line, so that
/// each of them is told that it was done.
const IMPATIENT: Line = Line {
    late: 0..1,
    breaks: (0, 100),
    bytes: 1..2,
    time: 1..60,
};

/// Between the server and its database: so slow that many a client is gone while a transaction begins.
const SLOW: Line = Line {
    late: 5..20,
    breaks: (0, 0),
    bytes: 1..2,
    time: 1..2,
};

/// How often the way that must lose something is tried once more, since whether it does is chance.
const MORE: u32 = 4;

/// The name that the server's connections have.
const PROGRAM: &str = "control";

/// Tries each way. The one without both must lose something that it acknowledged, the others nothing.
///
/// # Errors
/// When it is otherwise.
pub async fn all_four(
    server: &Server,
    requests: usize,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<String> {
    let mut figures = Vec::new();
    for way in WAYS {
        let neither = !way.detached && !way.rollback;
        let mut found = try_way(server, way, requests, chance).await?;
        for _ in 0..MORE {
            if neither && found.lost == 0 {
                found = try_way(server, way, requests, chance).await?;
            }
        }
        ensure!(
            neither == (found.lost > 0),
            "the control {way:?} lost {} of {} acknowledged writes",
            found.lost,
            found.acknowledged
        );
        ensure!(
            neither || found.left_open == 0,
            "the control {way:?} left {} connections in a transaction",
            found.left_open
        );
        figures.push(format!(
            "{way}: {} of {} lost, {} left open",
            found.lost, found.acknowledged, found.left_open
        ));
    }
    Ok(format!("controls: {}", figures.join(", ")))
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match (self.detached, self.rollback) {
            (false, false) => "neither",
            (true, false) => "detached only",
            (false, true) => "rollback only",
            (true, true) => "both",
        })
    }
}

async fn try_way(
    server: &Server,
    way: Way,
    requests: usize,
    chance: &mut fastrand::Rng,
) -> anyhow::Result<Found> {
    let mut watch = PgConnection::connect(server.owner()).await?;
    watch.execute("drop table if exists control").await?;
    watch
        .execute("create table control (key text primary key)")
        .await?;

    let options: PgConnectOptions = server.owner().parse()?;
    let target = format!("{}:{}", options.get_host(), options.get_port());
    let slow = Proxy::start(&target, SLOW, chance).await?;
    let options = options
        .application_name(PROGRAM)
        .port(slow.address().port());
    let pool = pool(options, way);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let mut serving = JoinSet::new();
    serving.spawn(axum::serve(listener, router(pool.clone(), way)).into_future());
    let line = Proxy::start(&address, IMPATIENT, chance).await?;

    let acknowledged = post_all(&line.address().to_string(), &address, requests).await?;
    tokio::time::sleep(Duration::from_millis(500)).await; // what was detached comes to its end
    let left_open = left_open(&mut watch, PROGRAM).await?.len();
    serving.shutdown().await;
    drop(line);
    drop(slow); // the server finds its clients gone and undoes what they left open
    drop(pool);
    tokio::time::sleep(Duration::from_millis(500)).await;

    let rows = watch.fetch_all("select key from control").await?;
    let kept: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let lost = acknowledged
        .iter()
        .filter(|key| !kept.contains(key))
        .count();
    Ok(Found {
        acknowledged: acknowledged.len(),
        lost,
        left_open,
    })
}

fn pool(options: PgConnectOptions, way: Way) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(10);
    let pool = pool.after_release(move |connection, _| {
        Box::pin(async move {
            if way.rollback {
                connection.execute("begin; rollback").await?;
            }
            Ok(true)
        })
    });
    pool.connect_lazy_with(options)
}

/// Every key once, by several who do not wait for each other, with a look between one write and the next. Answers the keys
/// that were acknowledged.
async fn post_all(looks: &str, writes: &str, requests: usize) -> anyhow::Result<Vec<String>> {
    const AT_ONCE: usize = 10;
    let http = reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .build()?;
    let mut posting = JoinSet::new();
    for first in 0..AT_ONCE {
        let (http, looks) = (http.clone(), format!("http://{looks}/look"));
        let writes = format!("http://{writes}/write");
        posting.spawn(async move {
            let mut acknowledged = Vec::new();
            for key in (first..requests).step_by(AT_ONCE) {
                let _ = http.post(&looks).send().await; // only the look matters
                let posted = http.post(format!("{writes}/{key}")).send().await;
                if posted.is_ok_and(|answer| answer.status().is_success()) {
                    acknowledged.push(key.to_string());
                }
            }
            acknowledged
        });
    }
    Ok(posting.join_all().await.concat())
}

fn router(pool: PgPool, way: Way) -> Router {
    let looks = move |State(pool): State<PgPool>| answer(way, look(pool));
    let writes =
        move |State(pool): State<PgPool>, Path(key): Path<String>| answer(way, write(pool, key));
    Router::new()
        .route("/look", post(looks))
        .route("/write/{key}", post(writes))
        .with_state(pool)
}

async fn answer(
    way: Way,
    work: impl Future<Output = sqlx::Result<()>> + Send + 'static,
) -> StatusCode {
    let done = if way.detached {
        #[expect(clippy::disallowed_methods, reason = "what the control is about")]
        let apart = tokio::spawn(work);
        apart.await.is_ok_and(|done| done.is_ok())
    } else {
        work.await.is_ok()
    };
    if done {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// A transaction that only looks.
async fn look(pool: PgPool) -> sqlx::Result<()> {
    let mut tx = pool.begin().await?;
    tx.execute("select count(*) from control").await?;
    tx.rollback().await
}

/// One statement, which is a transaction of its own.
async fn write(pool: PgPool, key: String) -> sqlx::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "a statement of no table of ours")]
    let insert = sqlx::query("insert into control (key) values ($1)");
    insert.bind(key).execute(&pool).await?;
    Ok(())
}
