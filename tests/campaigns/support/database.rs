//! The two kinds of database, and a database of either kind for one installation.

use std::fmt::{Display, Formatter};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, ensure};
use clares_law::store::{Tables, prepare};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

/// What keeps the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server of the campaign's own.
    Postgres,
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// What serves the databases of a campaign.
#[derive(Debug)]
pub enum Databases {
    /// Nothing: each is a file in the data folder of its installation.
    Files,
    /// A server, which can be made to crash.
    Server(Server),
}

impl Databases {
    /// Those of this kind.
    ///
    /// # Errors
    /// When a server cannot be started.
    pub fn of(kind: Kind) -> anyhow::Result<Self> {
        Ok(match kind {
            Kind::Sqlite => Self::Files,
            Kind::Postgres => Self::Server(Server::start()?),
        })
    }

    /// The address of a new database for an installation with this data folder.
    ///
    /// # Errors
    /// When a server cannot make it.
    pub async fn new_database(&mut self, data: &Path) -> anyhow::Result<String> {
        match self {
            Self::Files => Ok(data.join("clares-law.db").to_string_lossy().into_owned()),
            Self::Server(server) => server.new_database().await,
        }
    }
}

/// A PostgreSQL of the campaign's own, which ends with it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    owner: String,
    databases: u32,
}

impl Server {
    /// Starts one on a port of its own.
    ///
    /// # Errors
    /// When it does not start; the script says why.
    pub fn start() -> anyhow::Result<Self> {
        let mut child = Command::new("tests/throwaway-postgres.sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take();
        let answers = child.stdout.take().context("it has a standard output")?;
        let mut server = Self {
            child,
            orders,
            answers: BufReader::new(answers),
            owner: String::new(),
            databases: 0,
        };
        server.owner = server.answer()?;
        ensure!(
            server.owner.starts_with("postgres://"),
            "PostgreSQL did not start"
        );
        Ok(server)
    }

    /// Where somebody who may do everything signs in.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Stops it at once, as a power cut would, with `pg_ctl stop --mode=immediate`.
    ///
    /// # Errors
    /// When it does not obey.
    pub fn crash(&mut self) -> anyhow::Result<()> {
        self.order("crash")
    }

    /// Starts it again; it recovers what it acknowledged.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.order("start")
    }

    /// A database with all tables, and the address at which a service that cannot change history signs in.
    async fn new_database(&mut self) -> anyhow::Result<String> {
        self.databases += 1;
        let name = format!("campaign_{}", self.databases);
        let mut owner = PgConnection::connect(&self.owner).await?;
        let create = AssertSqlSafe(format!("create database {name}"));
        owner.execute(create).await?;
        prepare(&self.at("owner", &name)?, Tables::Cases).await?;
        if self.databases == 1 {
            owner
                .execute("create role service login password 'service' in role clares_law_app")
                .await?;
        }
        owner.close().await?;
        self.at("service:service", &name)
    }

    /// The address of a database of this server for somebody else.
    fn at(&self, who: &str, database: &str) -> anyhow::Result<String> {
        let (signs_in, place) = self
            .owner
            .trim_start_matches("postgres://")
            .split_once('@')
            .context("an address")?;
        let host = place.split('/').next().unwrap_or(place);
        let who = if who == "owner" { signs_in } else { who };
        Ok(format!("postgres://{who}@{host}/{database}"))
    }

    fn order(&mut self, order: &str) -> anyhow::Result<()> {
        let orders = self.orders.as_mut().context("it takes orders")?;
        writeln!(orders, "{order}")?;
        let answer = self.answer()?;
        ensure!(answer == "done", "PostgreSQL did not obey '{order}'");
        Ok(())
    }

    fn answer(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.orders.take()); // the end of its orders stops it
        let _ = self.child.wait();
    }
}
