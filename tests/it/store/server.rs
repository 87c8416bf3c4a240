//! What a PostgreSQL server must be like, and what its roles may not do.

use clares_law::store::{OpenError, Sql, StoreError, Tables, open, prepare};
use sqlx::Executor as _;

use crate::support::postgres::{Server, connect};

#[tokio::test]
async fn tables_that_are_not_up_to_date_are_refused_until_their_owner_prepares_them() {
    let server = Server::shared().await;
    let address = server.empty("").await;
    let refused = open(&address).await.unwrap_err();
    assert!(matches!(refused, OpenError::Unprepared), "{refused:?}");
    prepare(&address, Tables::Cases).await.unwrap();
    prepare(&address, Tables::Cases).await.unwrap();
    open(&address).await.unwrap();
    let mut owner = connect(&address).await;
    owner
        .execute("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .await
        .unwrap();
    let refused = open(&address).await.unwrap_err();
    assert!(matches!(refused, OpenError::Unprepared), "{refused:?}");
}

#[tokio::test]
async fn a_server_that_could_lose_or_reorder_things_is_refused_by_name() {
    let server = Server::shared().await;
    let sorted = server.empty("locale_provider icu icu_locale 'en-GB'").await;
    let refused = open(&sorted).await.unwrap_err().to_string();
    assert_eq!(
        refused,
        "the database setting collation is one that sorts a before B and must be C"
    );

    let address = server.fresh().await;
    let (_, database) = address.rsplit_once('/').unwrap();
    for (setting, value, wanted) in [
        ("synchronous_commit", "off", "on"),
        ("synchronous_commit", "local", "on"),
        ("default_transaction_read_only", "on", "off"),
    ] {
        server
            .run(&format!(
                "alter database {database} set {setting} = {value}"
            ))
            .await;
        let refused = open(&address).await.unwrap_err();
        let named = setting.replace("default_", "");
        assert_eq!(
            refused.to_string(),
            format!("the database setting {named} is {value} and must be {wanted}")
        );
        server
            .run(&format!("alter database {database} reset {setting}"))
            .await;
    }
    open(&address).await.unwrap();
}

/// What the roles may do with each table: the letters of select, insert, update, delete.
const MAY: [(&str, &str, &str); 50] = [
    ("access_log", "si", "s"),
    ("account_events", "si", ""),
    ("agenda", "sid", "s"),
    ("attendance", "sid", "s"),
    ("broken_glass", "sid", ""),
    ("case_keys", "sid", ""),
    ("cases", "siud", "s"),
    ("client_failures", "siud", ""),
    ("clients", "siu", ""),
    ("cosignatures", "si", "s"),
    ("deadlines", "siud", "s"),
    ("editions", "si", "s"),
    ("epochs", "si", "s"),
    ("erasure_steps", "si", "s"),
    ("erasures", "si", "s"),
    ("events", "si", "s"),
    ("forgotten", "si", "s"),
    ("forum_contacts", "si", ""),
    ("idempotency", "si", ""),
    ("installation", "si", "s"),
    ("integrity_checks", "si", "s"),
    ("invitations", "siud", ""),
    ("leases", "siu", "s"),
    ("ledger_entries", "si", "s"),
    ("ledger_heads", "si", "s"),
    ("ledger_waiting", "sid", "s"),
    ("look_entries", "si", "s"),
    ("look_reviews", "si", "s"),
    ("look_verdicts", "si", "s"),
    ("looks_waiting", "sid", "s"),
    ("meetings", "siu", "s"),
    ("outbox", "siu", "s"),
    ("outbox_decisions", "si", "s"),
    ("outbox_releases", "si", "s"),
    ("parked_cases", "siud", "s"),
    ("promises", "sid", "s"),
    ("queue_entries", "siud", "s"),
    ("recovery_codes", "siud", ""),
    ("register", "siud", ""),
    ("register_keys", "sid", ""),
    ("register_loads", "si", ""),
    ("register_matches", "sid", ""),
    ("returns", "sid", "s"),
    ("second_factors", "siud", ""),
    ("sessions", "siud", ""),
    ("sign_in_failures", "siud", ""),
    ("staff", "siu", ""),
    ("tie_steps", "sid", ""),
    ("ties", "sid", ""),
    ("witnessed", "siu", "s"),
];

#[tokio::test]
async fn l1_no_role_of_the_service_may_change_history() {
    let address = Server::shared().await.fresh().await;
    let db = open(&address).await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    let tables = Sql::one(
        "test.TABLES",
        "select tablename::text from pg_tables
         where schemaname = 'public' and tablename <> '_sqlx_migrations' order by 1",
    );
    let tables: Vec<(String,)> = tx.sql(tables).all().await.unwrap();
    assert_eq!(tables, MAY.map(|(table, ..)| (table.to_owned(),)));
    let has = Sql::one("test.HAS", "select has_table_privilege($1, $2, $3)");
    for (table, app, reader) in MAY {
        for (role, may) in [("clares_law_app", app), ("clares_law_reader", reader)] {
            for right in [
                "select",
                "insert",
                "update",
                "delete",
                "truncate",
                "references",
                "trigger",
            ] {
                let asked = tx.sql(has).bind(role).bind(table).bind(right);
                let wanted = right.len() == 6 && may.contains(&right[..1]);
                assert_eq!(
                    asked.scalar::<bool>().await.unwrap(),
                    wanted,
                    "{role} {right} {table}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_role_that_serves_is_refused_what_would_change_history() {
    let address = Server::shared().await.fresh().await;
    let db = open(&address).await.unwrap();
    for text in [
        "update events set body = '{}'",
        "delete from events",
        "truncate events",
        "drop table events",
        "alter table events disable trigger all",
        "drop trigger events_no_update on events",
        "update access_log set actor = 'x'",
        "delete from access_log",
        "update editions set documents = ''",
        "delete from idempotency",
        "create table more (id integer)",
        "set session_replication_role = replica",
    ] {
        let mut tx = db.begin_write().await.unwrap();
        let refused = tx.sql(Sql::one("test.TAMPER", text)).execute().await;
        let Err(StoreError::Driver { source, .. }) = refused else {
            panic!("{text}: {refused:?}");
        };
        let told = source.to_string();
        assert!(told.starts_with("code 42501"), "{text}: {told}");
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_told_apart_and_taken_up_again() {
    let server = Server::start().await;
    let db = open(&server.fresh().await).await.unwrap();
    db.begin_read().await.unwrap().commit().await.unwrap();
    server.crash();
    for _ in 0..3 {
        let refused = db.begin_write().await.map(drop);
        assert!(
            matches!(refused, Err(StoreError::Busy { .. })),
            "{refused:?}"
        );
    }
    server.start_again();
    db.begin_write().await.unwrap().commit().await.unwrap();
}
