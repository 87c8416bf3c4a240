//! A PostgreSQL of the tests' own, started when the first test needs it and gone when the last one ends.

use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use clares_law::store::{Tables, prepare};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::OnceCell;

/// What every database here begins as.
const TEMPLATE: &str = "template_with_tables";

/// A server that ends with whoever holds it: its script waits for the end of its input.
pub struct Server {
    child: Mutex<Child>,
    answers: Mutex<BufReader<ChildStdout>>,
    address: String,
    made: AtomicU32,
}

impl Server {
    /// Starts a server with a database that others are copied from.
    pub async fn start() -> Self {
        let server = Self::started();
        server.make(TEMPLATE, "template0").await;
        prepare(&server.address_of(TEMPLATE), Tables::Cases)
            .await
            .unwrap();
        server
    }

    fn started() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/throwaway-postgres.sh");
        let mut child = Command::new(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash must be there");
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let address = line(&mut answers);
        assert!(
            address.starts_with("postgres://"),
            "no PostgreSQL started: Debian's package postgresql has it"
        );
        Self {
            child: Mutex::new(child),
            answers: Mutex::new(answers),
            address,
            made: AtomicU32::new(0),
        }
    }

    /// The one server of this test process.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<Server> = OnceCell::const_new();
        SHARED.get_or_init(Self::start).await
    }

    /// The address of a new database with every table, as the tables' owner.
    pub async fn fresh(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        self.make(&name, TEMPLATE).await;
        self.address_of(&name)
    }

    /// The address of a new database without tables, made with these options.
    pub async fn empty(&self, options: &str) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("empty_{number}");
        self.run(&format!(
            "create database {name} template template0 {options}"
        ))
        .await;
        self.address_of(&name)
    }

    /// Runs a statement as the server's superuser.
    pub async fn run(&self, statement: &str) {
        let mut connection = connect(&self.address).await;
        connection
            .execute(AssertSqlSafe(statement))
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
        connection.close().await.unwrap();
    }

    /// Stops the server as a crash would.
    pub fn crash(&self) {
        self.order("crash");
    }

    /// Starts it again.
    pub fn start_again(&self) {
        self.order("start");
    }

    fn order(&self, order: &str) {
        let mut child = self.child.lock().unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{order}").unwrap();
        assert_eq!(line(&mut *self.answers.lock().unwrap()), "done");
    }

    /// The address of a database here, as the server's superuser.
    pub fn address_of(&self, database: &str) -> String {
        let (server, _) = self.address.rsplit_once('/').unwrap();
        format!("{server}/{database}")
    }

    async fn make(&self, name: &str, template: &str) {
        self.run(&format!("create database {name} template {template}"))
            .await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        drop(child.stdin.take());
        let _ = child.wait();
    }
}

/// A connection with all the rights of whoever signs in.
pub async fn connect(address: &str) -> PgConnection {
    let options: PgConnectOptions = address.parse().unwrap();
    PgConnection::connect_with(&options).await.unwrap()
}

fn line(answers: &mut impl BufRead) -> String {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}
