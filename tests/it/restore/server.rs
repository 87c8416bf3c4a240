//! A PostgreSQL database that was dumped and restored by the server's own tools into another one.

use std::process::Command;

use clares_law::app::epoch::Cause;

use super::{cause, code, opened, release, run, said, sent, with_messages};
use crate::support::database::on_postgres;
use crate::support::postgres::Server;

/// Runs one of PostgreSQL's own tools.
pub fn tool(name: &str, arguments: &[&str]) {
    let done = Command::new(name).args(arguments).output().unwrap();
    assert!(done.status.success(), "{name}: {}", said(&done));
}

/// What an operator types up to `clares-law restore`: a dump of one database becomes another. Answers its address.
pub async fn copied(database: &str) -> String {
    let server = Server::shared().await;
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("dump");
    let dump = dump.to_str().unwrap();
    tool("pg_dump", &["--format", "custom", "--file", dump, database]);
    let restored = server.empty("lc_collate 'C' lc_ctype 'C.UTF-8'").await;
    let keep_out = ["--no-owner", "--no-privileges", "--exit-on-error"];
    let to = ["--dbname", &restored, dump];
    tool("pg_restore", &[&keep_out[..], &to[..]].concat());
    let prepared = run(&["database", "prepare", "--database-url", &restored], "");
    assert_eq!(code(&prepared), 0, "{}", said(&prepared));
    restored
}

#[tokio::test]
async fn a_database_restored_without_a_word_is_found_elsewhere_and_holds() {
    if !on_postgres() {
        return;
    }
    let house = with_messages().await;
    let restored = copied(house.database()).await;
    let app = opened(&restored, house.folder(), &house.clock).await;
    assert_eq!(cause(&app).await, Some(Cause::Elsewhere));
    assert_eq!(sent(&app).await, 0);
    release(&app).await;
    assert!(sent(&app).await > 0);
    assert_eq!(cause(&house.app).await, None, "the old one goes on");
}
