//! Backups of SQLite files. On PostgreSQL there is nothing to test here: see `server`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clares_law::app::App;
use clares_law::app::backup::backup;
use clares_law::app::epoch::Cause;
use clares_law::app::history::load;
use clares_law::app::key_store::KeyStore;
use clares_law::domain::id::CaseId;
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    PASSWORD, cause, code, opened, put_keys, release, run, said, sent, text, with_messages,
};
use crate::support::database::on_postgres;
use crate::support::house::House;

/// An installation in a file that is going to be lost, and a place for its backups.
struct Lost {
    house: House,
    kept: TempDir,
}

impl Lost {
    /// `None` where the tests run on PostgreSQL.
    async fn new() -> Option<Self> {
        if on_postgres() {
            return None;
        }
        let house = with_messages().await;
        let kept = tempfile::tempdir().unwrap();
        Some(Self { house, kept })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.kept.path().join(name)
    }

    /// A backup by the command.
    fn backed_up(&self) -> PathBuf {
        let to = self.path("backup.db");
        let data = text(self.house.folder());
        let made = run(&["backup", "--to", text(&to), "--data", data], "");
        assert_eq!(code(&made), 0, "{}", said(&made));
        to
    }

    fn restore(&self, from: &Path) -> (Output, PathBuf) {
        let data = self.path("restored");
        put_keys(self.house.folder(), &data);
        let restored = run(
            &["restore", "--from", text(from), "--data", text(&data)],
            "",
        );
        (restored, data)
    }

    /// Opens the installation in another folder.
    async fn open(&self, data: &Path) -> Arc<App> {
        let database = data.join("clares-law.db");
        opened(text(&database), data, &self.house.clock).await
    }
}

/// Nothing but the keys that were there before.
fn nothing_is_left(data: &Path) {
    let names = std::fs::read_dir(data).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let others: Vec<_> = names
        .filter(|name| !name.starts_with(KeyStore::DATABASE) && name != KeyStore::ROOT)
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

/// Copies a data folder as it is, which nobody has open.
fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[tokio::test]
async fn what_was_acknowledged_before_a_backup_began_is_in_it_while_others_write() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let done = AtomicBool::new(false);
    let writer = async || {
        let mut acknowledged: Vec<CaseId> = Vec::new();
        while !done.load(Ordering::SeqCst) {
            acknowledged.push(lost.house.case().await);
            tokio::task::yield_now().await;
        }
        acknowledged
    };
    let to = lost.path("backup.db");
    let address = lost.house.database();
    let copying = async {
        let mut begun = Vec::new();
        for _ in 0..5 {
            begun.push(lost.house.case().await);
        }
        let before = lost.house.count("select count(*) from cases").await;
        let made = backup(address, &to, &lost.house.clock).await.unwrap();
        let after = lost.house.count("select count(*) from cases").await;
        done.store(true, Ordering::SeqCst);
        assert!(before < after, "others wrote meanwhile");
        assert!((before..=after).contains(&made.contents.cases));
        begun
    };
    let (begun, one, two, three) = tokio::join!(copying, writer(), writer(), writer());
    assert!(one.len() + two.len() + three.len() > 3);

    let (restored, data) = lost.restore(&to);
    assert_eq!(code(&restored), 0, "{}", said(&restored));
    assert!(said(&restored).contains("Every history verifies"));
    assert!(
        said(&restored).contains("0 cases differed"),
        "{}",
        said(&restored)
    );
    let verified = run(&["history", "verify", "--data", text(&data)], "");
    assert_eq!(code(&verified), 0, "{}", said(&verified));
    let app = lost.open(&data).await;
    for case in begun {
        let mut tx = app.db.begin_read().await.unwrap();
        load(&app.keys, &mut tx, case).await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_is_private_overwrites_nothing_and_says_what_it_holds() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let to = lost.backed_up();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&to), 0o600);
    let names = std::fs::read_dir(lost.kept.path()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["backup.db", "backup.db.sha256"]);

    let data = text(lost.house.folder());
    let again = run(&["backup", "--to", text(&to), "--data", data], "");
    assert_eq!(code(&again), 2);
    assert!(
        said(&again).contains("is not overwritten"),
        "{}",
        said(&again)
    );
    std::fs::write(lost.path("other.db.partial"), "").unwrap();
    let other = lost.path("other.db");
    let running = run(&["backup", "--to", text(&other), "--data", data], "");
    assert_eq!(code(&running), 2);
    assert!(
        said(&running).contains("is running now"),
        "{}",
        said(&running)
    );
    assert!(
        lost.path("other.db.partial").exists(),
        "it may be another's"
    );

    let third = lost.path("third.db");
    let told = said(&run(&["backup", "--to", text(&third), "--data", data], ""));
    assert!(told.contains("1 cases with"), "{told}");
    assert!(told.contains("the keys are not in it"));
    assert!(told.contains("token-key.der is not in it"));
}

#[tokio::test]
async fn a_server_is_backed_up_by_its_own_tools() {
    let server = "postgres://nobody@127.0.0.1:1/none";
    let refused = run(
        &["backup", "--to", "unused.db", "--database-url", server],
        "",
    );
    assert_eq!(code(&refused), 2);
    assert!(said(&refused).contains("pg_dump"), "{}", said(&refused));
    let refused = run(
        &["restore", "--from", "unused.db", "--database-url", server],
        "",
    );
    assert_eq!(code(&refused), 2);
    assert!(
        said(&refused).contains("without --from"),
        "{}",
        said(&refused)
    );
}

#[tokio::test]
async fn a_spoilt_byte_in_a_backup_is_refused_wherever_it_lies() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let whole = std::fs::read(lost.backed_up()).unwrap();
    let spoilt = lost.path("backup.db");
    for part in 0..8 {
        let mut bytes = whole.clone();
        let place = bytes.len() * part / 8 + 17;
        bytes[place] ^= 1;
        std::fs::write(&spoilt, bytes).unwrap();
        let (refused, data) = lost.restore(&spoilt);
        assert_eq!(code(&refused), 1, "byte {place}: {}", said(&refused));
        assert!(said(&refused).contains("is not the file that was backed up"));
        nothing_is_left(&data);
    }
}

#[tokio::test]
async fn l1_a_backup_with_an_altered_event_is_refused_even_where_its_hash_is_lost() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let backup = lost.backed_up();
    std::fs::remove_file(lost.path("backup.db.sha256")).unwrap();
    let mut bytes = std::fs::read(&backup).unwrap();
    let sealed = lost.house.stored_body().await;
    let found = bytes.windows(sealed.len());
    let found = found
        .into_iter()
        .position(|window| window == sealed.as_bytes());
    bytes[found.unwrap() + sealed.len() / 2] ^= 1;
    std::fs::write(&backup, bytes).unwrap();
    let (refused, data) = lost.restore(&backup);
    assert_eq!(code(&refused), 1, "{}", said(&refused));
    assert!(
        said(&refused).contains("cannot be told"),
        "{}",
        said(&refused)
    );
    assert!(
        said(&refused).contains("is broken at event"),
        "{}",
        said(&refused)
    );
    nothing_is_left(&data);
}

#[tokio::test]
async fn a_restore_never_takes_the_place_of_a_database() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let backup = lost.backed_up();
    let (first, data) = lost.restore(&backup);
    assert_eq!(code(&first), 0, "{}", said(&first));
    let before = std::fs::read(data.join("clares-law.db")).unwrap();
    let (second, _) = lost.restore(&backup);
    assert_eq!(code(&second), 2);
    assert!(
        said(&second).contains("is there already"),
        "{}",
        said(&second)
    );
    assert_eq!(std::fs::read(data.join("clares-law.db")).unwrap(), before);
    std::fs::remove_file(data.join("clares-law.db")).unwrap();
    std::fs::write(data.join("clares-law.db-wal"), "another's log").unwrap();
    let (third, _) = lost.restore(&backup);
    assert_eq!(code(&third), 2, "{}", said(&third));
}

#[tokio::test]
async fn a_database_that_was_not_closed_is_no_backup() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let file = lost.house.folder().join("clares-law.db");
    assert!(lost.house.folder().join("clares-law.db-wal").exists());
    let (refused, data) = lost.restore(&file);
    assert_eq!(code(&refused), 2);
    assert!(
        said(&refused).contains("clares-law.db-wal is there"),
        "{}",
        said(&refused)
    );
    nothing_is_left(&data);
}

#[tokio::test]
async fn a_restored_installation_sends_nothing_until_a_person_releases_it() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let secret = lost
        .house
        .app
        .sign_in("iain", PASSWORD)
        .await
        .unwrap()
        .secret;
    let (restored, data) = lost.restore(&lost.backed_up());
    assert_eq!(code(&restored), 0, "{}", said(&restored));
    let app = lost.open(&data).await;
    assert_eq!(cause(&app).await, Some(Cause::Restored));
    assert!(app.session(&secret).await.is_err(), "nobody is signed in");
    assert_eq!(sent(&app).await, 0);

    // Cases and deadlines go on; what must be told is written down and waits.
    let waited = app.waiting().await.unwrap().messages;
    lost.house.wait(24 * 60);
    let lease = app.take_lease("test", Uuid::nil(), Duration::from_mins(1));
    let lease = lease.await.unwrap().unwrap();
    assert!(app.sweep(&lease, 9).await.unwrap() > 0);
    assert!(app.waiting().await.unwrap().messages > waited);
    assert_eq!(sent(&app).await, 0);
    release(&app).await;
    assert_eq!(cause(&app).await, None);
    let waiting = app.waiting().await.unwrap().messages;
    assert_eq!(sent(&app).await, waiting);
    assert_eq!(app.waiting().await.unwrap().messages, 0);
}

#[tokio::test]
async fn a_copied_or_a_moved_installation_holds_by_itself() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let (copied, moved) = (lost.path("copied"), lost.path("moved"));
    lost.house.app.db.close().await;
    copy_folder(lost.house.folder(), &copied);

    let app = lost.open(lost.house.folder()).await;
    assert_eq!(cause(&app).await, None, "opened again where it was");
    app.db.close().await;
    for elsewhere in [&copied, &moved] {
        if elsewhere == &moved {
            std::fs::rename(lost.house.folder(), &moved).unwrap();
        }
        let app = lost.open(elsewhere).await;
        assert_eq!(cause(&app).await, Some(Cause::Elsewhere));
        assert_eq!(sent(&app).await, 0);
        release(&app).await;
        assert!(sent(&app).await > 0);
        app.db.close().await;
    }
}

#[tokio::test]
async fn a_backup_that_is_served_without_a_restore_sends_nothing() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let data = lost.path("served");
    put_keys(lost.house.folder(), &data);
    std::fs::copy(lost.backed_up(), data.join("clares-law.db")).unwrap();
    let app = lost.open(&data).await;
    assert_eq!(cause(&app).await, Some(Cause::Backup));
    assert_eq!(sent(&app).await, 0);
}

#[tokio::test]
async fn a_file_put_under_a_running_service_stops_its_messages() {
    let Some(lost) = Lost::new().await else {
        return;
    };
    let file = lost.house.folder().join("clares-law.db");
    let copy = lost.path("copy.db");
    std::fs::copy(&file, &copy).unwrap();
    std::fs::rename(&copy, &file).unwrap();
    assert_eq!(cause(&lost.house.app).await, Some(Cause::Elsewhere));
    assert_eq!(sent(&lost.house.app).await, 0);
}
