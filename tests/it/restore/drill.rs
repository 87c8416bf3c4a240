//! The drill, as an operator would do it: lose everything but the backup, bring it back, serve, and let messages leave.
//! The small one runs with every change; `make drill` does it with twenty thousand cases and prints what each step took.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clares_law::app::demonstration::People;
use clares_law::domain::id::CaseId;
use clares_law::domain::reference::Reference;
use clares_law::store::{cases, open};

use super::server::copied;
use super::{PASSWORD, code, put_keys, run, said, text, with_messages};
use crate::support::database::on_postgres;
use crate::support::house::House;
use crate::support::postgres::Server;
use crate::support::world::{dsdas, shipped};

/// What an operator types about a database.
type At<'a> = [&'a str; 2];

#[tokio::test]
async fn a_lost_installation_is_restored_and_sends_nothing_until_it_is_released() {
    drill(with_messages().await, "iain", PASSWORD, 20).await;
}

/// Run by itself with `make drill`.
#[tokio::test]
#[ignore = "it takes minutes and an optimised build"]
async fn twenty_thousand_cases_are_restored() {
    let lost = House::new().await;
    let scheme = &dsdas().scheme.scheme;
    lost.app.demonstrate(&shipped(), scheme).await.unwrap();
    let password = People::read(&shipped()).unwrap().password;
    drill(lost, "supervisor-1", &password, 20_000).await;
}

async fn drill(lost: House, person: &str, password: &str, cases: usize) {
    fill(&lost, cases).await;
    let events = lost.count("select count(*) from events").await;
    println!("{cases} cases with {events} events");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("restored");
    put_keys(lost.folder(), &data);
    let database = if on_postgres() {
        let copying = copied(lost.database());
        let owners = timed("dump and restore by the server's tools", copying).await;
        lost.app.db.close().await;
        let serves = "create role drill login password 'drill' in role clares_law_app";
        Server::shared().await.run(serves).await;
        let (_, place) = owners.split_once('@').unwrap();
        let database = format!("postgres://drill:drill@{place}");
        restore(&["--database-url", &database, "--data", text(&data)]).await;
        database
    } else {
        let backup = folder.path().join("backup.db");
        let asked = [
            "backup",
            "--to",
            text(&backup),
            "--data",
            text(lost.folder()),
        ];
        let made = timed("backup", async { run(&asked, "") }).await;
        assert_eq!(code(&made), 0, "{}", said(&made));
        println!(
            "{} MB",
            std::fs::metadata(&backup).unwrap().len() / 1_000_000
        );
        lost.app.db.close().await;
        restore(&["--from", text(&backup), "--data", text(&data)]).await;
        data.join("clares-law.db").to_str().unwrap().to_owned()
    };

    let place = ["--database-url", &database];
    let serving = timed("serve, until it answers", async {
        Serving::start(place, &data)
    })
    .await;
    std::thread::sleep(Duration::from_secs(3));
    let (waiting, sent) = messages(&database).await;
    assert!(waiting > 0);
    assert_eq!(sent, 0);
    drop(serving);
    released(place, lost.folder(), person, password);
    let serving = Serving::start(place, &data);
    for _ in 0..60 {
        if messages(&database).await.0 == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    drop(serving);
    assert_eq!(messages(&database).await.0, 0, "they leave once they may");
}

async fn restore(arguments: &[&str]) {
    let asked = [&["restore"], arguments].concat();
    let done = timed("restore", async { run(&asked, "") }).await;
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(said(&done).contains("0 cases differed"), "{}", said(&done));
}

fn released(place: At, data: &Path, person: &str, password: &str) {
    let who = ["outbox", "release", "--as", person];
    let why = ["--because", "The drill is over", "--data", text(data)];
    let asked = [&who[..], &why[..], &place[..]].concat();
    let done = run(&asked, &format!("{password}\n"));
    assert_eq!(code(&done), 0, "{}", said(&done));
}

async fn timed<T>(what: &str, work: impl Future<Output = T>) -> T {
    #[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
    let begun = Instant::now();
    let done = work.await;
    println!("{what}: {:?}", begun.elapsed());
    done
}

/// How many messages wait, and how many are sent.
async fn messages(database: &str) -> (i64, i64) {
    let db = open(database).await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    let asked = "select count(*) filter (where status = 'waiting'), count(*) filter (where status = 'sent') from outbox";
    let counted = tx
        .sql(clares_law::store::Sql::one("test.MESSAGES", asked))
        .one();
    let counted = counted.await.unwrap();
    drop(tx);
    db.close().await;
    counted
}

/// Adds copies of the histories that are there, under ids and references of their own.
pub async fn fill(house: &House, wanted: usize) {
    let mut tx = house.app.db.begin_read().await.unwrap();
    let mut originals = Vec::new();
    for case in cases::all(&mut tx).await.unwrap() {
        originals.push(house.load(CaseId(case.id)).await);
    }
    drop(tx);
    for number in originals.len()..wanted {
        let original = &originals[number % originals.len()];
        let reference = Reference::from_bits(number as u64 + 1).to_string();
        let history = original.history.clone();
        house
            .store(history, &original.edition, number as u128 + 1, &reference)
            .await;
    }
}

/// `clares-law serve` in a process of its own.
struct Serving(Child);

impl Serving {
    /// Starts it and waits until it answers.
    fn start(place: At, data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clares-law"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data", text(data)])
            .args(place)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let serving = Self(child);
        let address = line.trim().rsplit('/').next().unwrap();
        let mut connection = TcpStream::connect(address).unwrap();
        let ask = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        connection.write_all(ask.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        serving
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
