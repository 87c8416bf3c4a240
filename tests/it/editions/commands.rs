//! `workflow rehearse` and `workflow migrate`, as an operator types them.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use clares_law::domain::id::CaseId;
use clares_law::engine::definition::Library;
use tempfile::TempDir;

use super::moves::{later, publish};
use super::{along, beside};
use crate::support::app::PASSWORD;
use crate::support::database::on_postgres;
use crate::support::house::House;
use crate::support::world::{dsdas, scenarios};

/// An installation whose files an operator has at hand.
struct Desk {
    house: House,
    workflows: TempDir,
}

struct Answer {
    code: Option<i32>,
    out: String,
    error: String,
}

impl Desk {
    async fn open() -> Self {
        let workflows = tempfile::tempdir().unwrap();
        write(workflows.path(), &beside(&later()));
        let house = House::new().await;
        Self { house, workflows }
    }

    /// The same, with two supervisors and a verifier.
    async fn staffed() -> Self {
        let desk = Self::open().await;
        for (name, role) in [
            ("ailsa", "supervisor"),
            ("bram", "supervisor"),
            ("morag", "verifier"),
        ] {
            desk.house.account(name, role, Some(PASSWORD)).await;
        }
        desk
    }

    /// What the program says when this is typed, with a password on standard input.
    fn run(&self, arguments: &[&str], password: &str) -> Answer {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clares-law"))
            .arg("workflow")
            .args(arguments)
            .arg("--workflows")
            .arg(self.workflows.path())
            .arg("--database-url")
            .arg(self.house.database())
            .arg("--data")
            .arg(self.house.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads nothing may be gone already.
        let _ = writeln!(child.stdin.take().unwrap(), "{password}");
        let output = child.wait_with_output().unwrap();
        Answer {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn rehearse(&self) -> Answer {
        let edition = self
            .workflows
            .path()
            .join("schemes/dsdas-scotland@later.yaml");
        self.run(&["rehearse", &edition.to_string_lossy()], "")
    }

    fn migrate(&self, by: &str, flags: &[&str]) -> Answer {
        let mut arguments = vec![
            "migrate",
            "dsdas-scotland@later",
            "--as",
            by,
            "--because",
            "It is law",
        ];
        arguments.extend(flags);
        self.run(&arguments, PASSWORD)
    }

    async fn reference(&self, case: CaseId) -> String {
        self.house.load(case).await.case.reference
    }
}

fn write(folder: &Path, library: &Library) {
    for (path, file) in &library.0 {
        let to = folder.join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, &file.text).unwrap();
    }
}

/// Every row of every table, as text.
async fn everything(house: &House) -> Vec<i64> {
    let mut counts = Vec::new();
    for text in [
        "select count(*) from events",
        "select count(*) from access_log",
        "select count(*) from editions",
        "select count(*) from sessions",
        "select cast(coalesce(sum(version), 0) as bigint) from cases",
        "select count(*) + count(distinct due_at) from deadlines",
        "select count(*) from queue_entries",
        "select count(*) from outbox",
    ] {
        counts.push(house.count(text).await);
    }
    counts
}

#[tokio::test]
async fn rehearsing_tells_what_would_change_and_writes_nothing() {
    let desk = Desk::open().await;
    let (one, two) = (desk.house.case().await, desk.house.case().await);
    let references = (desk.reference(one).await, desk.reference(two).await);
    let rows = everything(&desk.house).await;
    // Everything written so far is brought into the file itself.
    desk.house
        .tamper("update sessions set seen_at = seen_at")
        .await;
    let bytes = || {
        let file = desk.house.database();
        if on_postgres() {
            return (Vec::new(), Vec::new());
        }
        let log = std::fs::read(format!("{file}-wal")).unwrap_or_default();
        (std::fs::read(file).unwrap(), log)
    };
    let before = bytes();
    let told = desk.rehearse();
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.error);
    for line in [
        "played over 2 open cases. Nothing was written.",
        "\nStranded: 0 cases\n",
        "\nDue dates that change: 2\n  Overall time limit: 2 earlier, 0 later, 0 start, 0 stop\n",
        &format!(
            "  {}: Overall time limit: due 2026-11-30 instead of 2026-12-17\n",
            references.0
        ),
        &format!(
            "  {}: Overall time limit: due 2026-11-30 instead of 2026-12-17\n",
            references.1
        ),
        "\nCases with something that this edition does not know: 0\n",
    ] {
        assert!(told.out.contains(line), "{line}: {}", told.out);
    }
    assert!(bytes() == before, "not a byte of the database has changed");
    assert_eq!(everything(&desk.house).await, rows);

    // An edition without the state in which they are.
    let path = desk
        .workflows
        .path()
        .join("schemes/dsdas-scotland@later.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("  received:\n", "  come_in:\n")
        .replace("- received\n", "- come_in\n");
    let text = text
        .replace(": received\n", ": come_in\n")
        .replace("order: come_in\n", "order: received\n");
    std::fs::write(&path, text).unwrap();
    let told = desk.rehearse();
    assert_eq!(told.code, Some(1), "{}{}", told.out, told.error);
    assert!(told.out.contains("\nStranded: 2 cases\n"), "{}", told.out);
    assert!(
        told.out
            .contains(&format!("  {}: It has no state ‘Received’\n", references.0))
    );
    assert_eq!(everything(&desk.house).await, rows);
}

#[tokio::test]
async fn who_may_not_move_a_case_is_told_why() {
    let desk = Desk::staffed().await;
    let case = desk.house.case().await;
    let unpublished = desk.migrate("ailsa", &["--all"]);
    assert_eq!(unpublished.code, Some(2));
    assert!(
        unpublished
            .error
            .contains("no edition dsdas-scotland@later is published; there is: ")
    );
    publish(&desk.house, &later()).await;

    let wrong = desk.run(
        &[
            "migrate",
            "dsdas-scotland@later",
            "--as",
            "ailsa",
            "--because",
            "x",
            "--all",
        ],
        "a wrong password",
    );
    assert_eq!(wrong.code, Some(2), "{}", wrong.out);
    assert!(wrong.error.contains("do not belong together"));
    let first = desk.reference(case).await;
    let verifier = desk.migrate("morag", &["--case", &first]);
    assert_eq!(verifier.code, Some(1));
    assert_eq!(
        verifier.out,
        format!("{first}: refused: This is done by: Supervisor\n")
    );
    let nobody = desk.migrate("ailsa", &["--confirm", "--case", &first]);
    assert_eq!(
        nobody.out,
        format!("{first}: nobody has proposed to move it\n")
    );
    let no_such = desk.migrate("ailsa", &["--case", "NO-SUCH"]);
    assert_eq!(
        (no_such.code, no_such.out.as_str()),
        (Some(1), "NO-SUCH: refused: there is no such open case\n")
    );
}

#[tokio::test]
async fn l4_cases_are_moved_by_two_people_with_their_passwords_and_led_back() {
    let desk = Desk::staffed().await;
    let (one, two) = (desk.house.case().await, desk.house.case().await);
    let own = desk.house.load(one).await.edition;
    let hash = publish(&desk.house, &later()).await;
    let (first, second) = (desk.reference(one).await, desk.reference(two).await);
    let proposed = desk.migrate("ailsa", &["--case", &one.to_string()]);
    assert_eq!(proposed.code, Some(0), "{}{}", proposed.out, proposed.error);
    assert_eq!(
        proposed.out,
        format!("{first}: proposed; it waits for a second person\n")
    );
    let again = desk.migrate("ailsa", &["--case", &first]);
    assert_eq!(
        (again.code, again.out),
        (
            Some(0),
            format!("{first}: waits for a second person already\n")
        )
    );
    let alone = desk.migrate("ailsa", &["--confirm", "--all"]);
    assert_eq!(alone.code, Some(1));
    assert!(alone.out.contains(&format!(
        "{first}: refused: You proposed this, so another person must confirm it"
    )));
    assert_eq!(desk.house.load(one).await.edition, own);
    let all = desk.migrate("bram", &["--confirm", "--all"]);
    assert_eq!(all.code, Some(0));
    assert!(
        all.out.contains(&format!("{first}: moved\n")),
        "{}",
        all.out
    );
    assert!(
        all.out
            .contains(&format!("{second}: nobody has proposed to move it\n")),
        "{}",
        all.out
    );
    assert_eq!(desk.house.load(one).await.edition, hash);
    assert_eq!(desk.house.load(two).await.edition, own);
    let twice = desk.migrate("bram", &["--confirm", "--case", &first]);
    assert_eq!(
        (twice.code, twice.out),
        (Some(0), format!("{first}: goes by this edition already\n"))
    );

    let undone = desk.migrate("bram", &["--undo", "--all"]);
    assert!(
        undone.out.contains(&format!(
            "{first}: proposed; it waits for a second person\n"
        )),
        "{}",
        undone.out
    );
    assert!(
        undone.out.contains(&format!("{second}: nothing to undo")),
        "{}",
        undone.out
    );
    let undone = desk.migrate("ailsa", &["--undo", "--confirm", "--all"]);
    assert!(
        undone.out.contains(&format!("{first}: moved\n")),
        "{}",
        undone.out
    );
    assert_eq!(desk.house.load(one).await.edition, own);
    let again = desk.migrate("ailsa", &["--undo", "--all"]);
    assert!(
        again.out.contains(&format!("{first}: nothing to undo")),
        "{}",
        again.out
    );
    assert_eq!(
        desk.house.count("select count(*) from sessions").await,
        0,
        "nobody stays signed in"
    );
    assert_eq!(desk.house.app.verify_history().await.unwrap().bad, []);
}

/// How many open cases the last test plays an edition over.
const MANY: i64 = 10_000;

fn dsdas_edition(house: &House) -> String {
    let scheme = &dsdas().scheme.scheme;
    house.app.definitions.editions_of(scheme)[0].hash.clone()
}

/// Run by itself with `cargo test --release --test it ten_thousand -- --nocapture`; it prints what it took.
#[tokio::test]
#[cfg_attr(debug_assertions, ignore = "ten seconds are for a release build")]
async fn ten_thousand_open_cases_are_rehearsed_within_ten_seconds() {
    let desk = Desk::open().await;
    let edition = dsdas_edition(&desk.house);
    let walks: Vec<_> = scenarios()
        .iter()
        .filter_map(|one| along(one).pop())
        .collect();
    let open: Vec<_> = walks.iter().filter(|walk| !walk.case.ended).collect();
    for (number, walk) in (1..=MANY).zip(open.iter().cycle()) {
        let label = number.to_string();
        let history = walk.history.clone();
        let id = u128::try_from(number).unwrap();
        desk.house.store(history, &edition, id, &label).await;
    }
    assert_eq!(
        desk.house
            .count("select count(*) from cases where open")
            .await,
        MANY
    );
    let events = desk
        .house
        .count("select count(*) from events join cases on id = stream")
        .await;
    #[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
    let begun = Instant::now();
    let told = desk.rehearse();
    let took = begun.elapsed();
    println!(
        "{MANY} open cases ({} different ones) with {events} events: {took:?}",
        open.len()
    );
    assert!(
        told.out.contains("played over 10000 open cases"),
        "{}",
        told.error
    );
    assert!(took.as_secs() < 10, "{took:?}");
}
