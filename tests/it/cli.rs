//! The program as an operator types it: exit codes, where findings point, and what it refuses to do.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use clares_law::app::App;
use clares_law::app::drafts::Drafts;
use clares_law::app::installation::{MadeBy, open_installation};
use clares_law::app::key_store::KeyStore;
use clares_law::app::library;
use clares_law::clock::Clock;
use clares_law::store::{Sql, open};
use tempfile::TempDir;

fn run(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_clares-law");
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .env_remove("DATABASE_URL")
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A copy of the shipped workflow files that a test may spoil.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, file) in library::from_folder(Path::new("workflows")).unwrap().0 {
        let to = folder.path().join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, file.text).unwrap();
    }
    folder
}

fn database(folder: &TempDir) -> String {
    let path = folder.path().join("clares-law.db");
    path.to_string_lossy().into_owned()
}

/// An installation made by a service or by a demonstration, with the shipped workflow files.
async fn install(folder: &TempDir, made_by: MadeBy) -> Arc<App> {
    let library = library::from_folder(Path::new("workflows")).unwrap();
    let database = database(folder);
    let drafts = Drafts::read(&library).unwrap().of_scheme("dsdas-scotland");
    let opened = open_installation(
        &database,
        folder.path(),
        KeyStore::of(folder.path()),
        &drafts,
        Clock::system(),
        made_by,
    );
    opened.await.unwrap()
}

/// Replaces the first `from` in a file; answers the line it stands on.
fn spoil(path: &Path, from: &str, to: &str) -> usize {
    let text = std::fs::read_to_string(path).unwrap();
    let at = text
        .find(from)
        .unwrap_or_else(|| panic!("{from} is not in the file"));
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    text[..at].lines().count().max(1)
}

#[test]
fn check_is_content_with_what_is_shipped_and_lists_what_is_unconfirmed() {
    let checked = run(&["workflow", "check"]);
    assert_eq!(code(&checked), 0, "{}", out(&checked));
    assert!(out(&checked).contains("warning: The clock `overall` is unconfirmed"));
    assert!(out(&checked).contains(": 0 errors"));
}

#[test]
fn check_points_at_the_file_the_line_and_the_column() {
    let folder = copy();
    let scheme = folder.path().join("schemes/dsdas-scotland.yaml");
    spoil(&scheme, "    to: registered\n", "    to: registred\n");
    let checked = run(&["workflow", "check", &scheme.to_string_lossy()]);
    assert_eq!(code(&checked), 1);
    let text = std::fs::read_to_string(&scheme).unwrap();
    let line = text
        .lines()
        .position(|line| line == "    to: registred")
        .unwrap()
        + 1;
    let expected = format!(
        "{}:{line}:9: error: There is no state `registred`; did you mean `registered`?",
        scheme.display()
    );
    assert!(out(&checked).contains(&expected), "{}", out(&checked));
    let caret = format!("{}^", " ".repeat(8));
    assert!(out(&checked).contains(&format!("| {caret}")));
}

#[test]
fn check_tells_broken_files_from_files_that_are_not_there() {
    let folder = copy();
    let record = folder.path().join("records/triage.yaml");
    spoil(&record, "label:", "lable:");
    let checked = run(&["workflow", "check", &record.to_string_lossy()]);
    assert_eq!(code(&checked), 1);
    assert!(out(&checked).contains("unknown field `lable`"));
    assert_eq!(code(&run(&["workflow", "check", "nowhere/at-all.yaml"])), 2);
    assert_eq!(
        code(&run(&["workflow", "check", "--workflows", "nowhere"])),
        2
    );
    let whole = run(&[
        "workflow",
        "check",
        "--workflows",
        &folder.path().to_string_lossy(),
    ]);
    assert_eq!(code(&whole), 1);
}

#[test]
fn a_scheme_is_told_and_drawn_for_each_reader() {
    let begins = |arguments: &[&str], with: &str| {
        let told = run(arguments);
        assert_eq!(code(&told), 0, "{arguments:?}");
        assert!(out(&told).starts_with(with), "{}", out(&told));
    };
    let scheme = "dsdas-scotland";
    begins(&["workflow", "explain", scheme], "# Handbook: ");
    begins(
        &["workflow", "explain", scheme, "--for", "staff"],
        "# Handbook: ",
    );
    begins(
        &["workflow", "explain", scheme, "--for", "public"],
        "# What happens next\n",
    );
    begins(&["workflow", "graph", scheme], "stateDiagram-v2\n");
    begins(
        &["workflow", "graph", scheme, "--format", "svg"],
        "<svg xmlns=",
    );
    assert_eq!(code(&run(&["workflow", "explain", "no-such-scheme"])), 2);
}

#[test]
fn scenarios_that_do_not_hold_are_findings() {
    assert_eq!(code(&run(&["workflow", "test"])), 0);
    let folder = copy();
    let scenario = folder
        .path()
        .join("scenarios/asks-for-herself-and-is-told.yaml");
    spoil(&scenario, "outcome: disclose_to_a", "outcome: withdrawn");
    let tested = run(&["workflow", "test", &scenario.to_string_lossy()]);
    assert_eq!(code(&tested), 1);
    assert!(
        out(&tested).contains("The outcome is disclose_to_a"),
        "{}",
        out(&tested)
    );
}

#[test]
fn graph_draws_a_scheme_by_name_or_by_file() {
    let by_name = run(&["workflow", "graph", "dsdas-scotland"]);
    assert_eq!(code(&by_name), 0);
    assert!(out(&by_name).starts_with("stateDiagram-v2\n"));
    assert_eq!(
        out(&by_name),
        out(&run(&[
            "workflow",
            "graph",
            "workflows/schemes/dsdas-scotland.yaml"
        ]))
    );
    assert_eq!(code(&run(&["workflow", "graph", "no-such-scheme"])), 2);
}

#[tokio::test]
async fn a_demonstration_is_not_made_of_somebody_elses_database() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    install(&folder, MadeBy::Service).await.db.close().await;
    let demo = run(&["demo", "--data", &data, "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&demo), 2);
    assert!(String::from_utf8_lossy(&demo.stderr).contains("did not make this database"));
}

#[tokio::test]
async fn whoever_adds_an_account_of_an_agency_without_an_agreement_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    install(&folder, MadeBy::Service).await.db.close().await;
    for (agency, told) in [("health", false), ("", false), ("education", true)] {
        let name = format!("una-{agency}");
        let whose = [
            "--authority",
            "scotland",
            "--agency",
            agency,
            "--data",
            &data,
        ];
        let person = [
            "staff", "add", &name, "member", "--name", "Una", "--by", "Ada",
        ];
        let mail = ["--email", "una@example.org"];
        let machine = [
            "client",
            "add",
            "--role",
            "member",
            "--scope",
            "cases:read",
            "--name",
            &name,
        ];
        for added in [
            run(&[&person[..], &mail, &whose].concat()),
            run(&[&machine[..], &whose].concat()),
        ] {
            assert_eq!(code(&added), 0, "a warning, not a refusal: {added:?}");
            let warned = String::from_utf8_lossy(&added.stderr)
                .contains("no agreement between education and scotland");
            assert_eq!(warned, told, "{added:?}");
        }
    }
}

#[tokio::test]
async fn a_client_is_added_listed_rotated_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    let client = |arguments: &[&str]| {
        let arguments = [&["client"], arguments, &["--data", &data]].concat();
        run(&arguments)
    };
    let add = |role: &str, scope: &str| {
        let names = ["--name", "pnc", "--authority", "scotland"];
        client(&[&["add", "--role", role, "--scope", scope], &names[..]].concat())
    };
    assert_eq!(code(&add("verifier", "cases:read")), 2, "no database");
    install(&folder, MadeBy::Service).await.db.close().await;
    assert_eq!(code(&add("wizard", "cases:read")), 2);
    assert_eq!(code(&add("verifier", "cases:all")), 2);
    let secret = |output: &Output| {
        assert_eq!(code(output), 0, "{output:?}");
        let line = out(output);
        let line = line
            .lines()
            .find_map(|line| line.strip_prefix("client_secret "));
        line.unwrap().to_owned()
    };
    let first = secret(&add("verifier", "cases:read"));
    assert_eq!(first.len(), 64, "256 bits");
    assert_eq!(code(&add("verifier", "cases:read")), 2, "the name is taken");
    let second = secret(&client(&["rotate", "pnc"]));
    assert_ne!(first, second);
    let listed = out(&client(&["list"]));
    assert!(listed.starts_with("pnc: ") && listed.contains("verifier at scotland: cases:read"));
    assert!(!listed.contains("revoked") && !listed.contains(&second));
    assert_eq!(code(&client(&["revoke", "pnc"])), 0);
    assert!(out(&client(&["list"])).contains("; revoked "));
    assert_eq!(code(&client(&["revoke", "pnc"])), 2);
    assert_eq!(code(&client(&["rotate", "pnc"])), 2);
    let file = std::fs::read(folder.path().join("clares-law.db")).unwrap();
    let wal = std::fs::read(folder.path().join("clares-law.db-wal")).unwrap_or_default();
    let kept = |text: &str| {
        [&file, &wal].iter().any(|bytes| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        })
    };
    assert!(kept("verifier") && !kept(&first) && !kept(&second));
}

#[tokio::test]
async fn l1_an_altered_event_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    let app = install(&folder, MadeBy::Demonstration).await;
    let library = library::from_folder(Path::new("workflows")).unwrap();
    app.demonstrate(&library, "dsdas-scotland").await.unwrap();
    app.db.close().await;
    let sound = run(&["history", "verify", "--data", &data]);
    assert_eq!(code(&sound), 0, "{}", out(&sound));
    let rebuilt = run(&["history", "rebuild", "--data", &data]);
    assert_eq!(code(&rebuilt), 0, "{}", out(&rebuilt));
    assert!(out(&rebuilt).ends_with(": 0 differed\n"));

    let db = open(&database(&folder)).await.unwrap();
    let mut tx = db.begin_write().await.unwrap();
    tx.sql(Sql::one("drop", "drop trigger events_no_update"))
        .execute()
        .await
        .unwrap();
    let alter = "update events set body = replace(body, 'a', 'b') where seq = 2 and stream = (select min(stream) from events)";
    assert_eq!(tx.sql(Sql::one("alter", alter)).execute().await.unwrap(), 1);
    tx.commit().await.unwrap();
    db.close().await;
    let broken = run(&["history", "verify", "--data", &data]);
    assert_eq!(code(&broken), 1);
    assert!(
        out(&broken).contains(": event 2: its content does not match its hash"),
        "{}",
        out(&broken)
    );
    let rebuilt = run(&["history", "rebuild", "--data", &data]);
    assert_eq!(code(&rebuilt), 1);
    assert!(
        out(&rebuilt).starts_with("nothing was rebuilt"),
        "{}",
        out(&rebuilt)
    );
}

#[test]
fn a_due_date_is_told_with_its_reasons() {
    let asked = run(&[
        "deadline",
        "--calendar",
        "scotland",
        "--from",
        "2026-12-23T15:00",
        "--limit",
        "10 working days",
    ]);
    assert_eq!(code(&asked), 0);
    assert!(out(&asked).starts_with("Due by the end of Tuesday 12 January 2027\n"));
    assert!(out(&asked).contains("2nd January (substitute day)"));
}

#[test]
fn mail_is_checked_before_anything_is_opened_and_its_password_never_shown() {
    let server = "smtps://name:secret@mail.example.org";
    let neutral = Some("no-reply@example.org");
    for (to, from, said) in [
        (server, None, "name the sender"),
        (server, Some("nobody"), "name the sender"),
        (
            server,
            Some("dsdas@example.org"),
            "a word that no message may hold",
        ),
        (
            server,
            Some("Disclosure team <no-reply@example.org>"),
            "a word that no message may hold",
        ),
        ("mail.example.org/secret", neutral, "is not understood"),
        (
            "smtp+unencrypted://name:secret@localhost",
            neutral,
            "over TLS only",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let data = data.to_str().unwrap();
        let mut arguments = vec![
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data,
            "--mail",
            to,
        ];
        arguments.extend(from.iter().flat_map(|from| ["--mail-from", from]));
        let output = run(&arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned() + &out(&output);
        assert_eq!(code(&output), 2, "{told}");
        assert!(told.contains(said) && !told.contains("secret"), "{told}");
        assert!(!Path::new(data).exists(), "nothing was made");
    }
    let help = Command::new(env!("CARGO_BIN_EXE_clares-law"))
        .args(["serve", "--help"])
        .env("MAIL_URL", server)
        .output()
        .unwrap();
    assert!(out(&help).contains("MAIL_URL") && !out(&help).contains("secret"));
}

#[test]
fn help_names_every_command() {
    let help = out(&run(&["--help"]));
    for command in [
        "serve", "demo", "workflow", "deadline", "history", "backup", "restore", "outbox", "staff",
        "client", "register",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
}
