//! One text, two databases: the same tables, and statements that both understand alike.

use std::collections::{BTreeMap, BTreeSet};

use clares_law::store::{
    Db, STATEMENTS_OF_KEYS, Sql, Tables, open, open_keys, prepare, statements,
};

use super::{Fresh, database};
use crate::support::postgres::Server;

/// Both databases, each with every table.
async fn both() -> (Fresh, Db) {
    let address = Server::shared().await.fresh().await;
    let server = open(&address).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = database::file(folder.path());
    let db = open(&file).await.unwrap();
    let fresh = Fresh {
        folder,
        address: file,
        db,
    };
    (fresh, server)
}

#[tokio::test]
async fn every_statement_prepares_alike_on_both() {
    let (file, server) = both().await;
    let names = alike(&file.db, &server, statements()).await;
    assert!(names > 40, "only {names} statements are listed");
}

#[tokio::test]
async fn every_statement_on_keys_prepares_alike_on_both() {
    let address = Server::shared()
        .await
        .empty("lc_collate 'C' lc_ctype 'C.UTF-8'")
        .await;
    prepare(&address, Tables::Keys).await.unwrap();
    let server = open_keys(&address).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = database::file(folder.path());
    let file = open_keys(&file).await.unwrap();
    let names = alike(&file, &server, STATEMENTS_OF_KEYS.iter()).await;
    assert_eq!(names, STATEMENTS_OF_KEYS.len());
}

/// Prepares every statement on both, and answers how many there are.
async fn alike(file: &Db, server: &Db, statements: impl Iterator<Item = &'static Sql>) -> usize {
    let mut on_file = file.begin_read().await.unwrap();
    let mut on_server = server.begin_write().await.unwrap();
    let mut names = BTreeSet::new();
    for sql in statements {
        let one = on_file.prepare(*sql).await;
        let one = one.unwrap_or_else(|error| panic!("{error:?}"));
        let other = on_server.prepare(*sql).await;
        let other = other.unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(one, other, "{}", sql.name);
        assert!(
            names.insert(sql.name),
            "two statements are called {}",
            sql.name
        );
    }
    let wrong = Sql::one("test.WRONG", "select nothing from cases");
    assert!(on_file.prepare(wrong).await.is_err());
    assert!(on_server.prepare(wrong).await.is_err());
    names.len()
}

type Columns = BTreeMap<(String, String), bool>;

#[tokio::test]
async fn both_have_the_same_tables_columns_and_nulls() {
    let (file, server) = both().await;
    let mut tx = file.db.begin_read().await.unwrap();
    let columns = Sql::one(
        "test.COLUMNS",
        "select tables.name, columns.name, not columns.\"notnull\"
         from pragma_table_list tables join pragma_table_info(tables.name) columns
         where tables.schema = 'main' and tables.type = 'table' and tables.name not like 'sqlite_%'
            and tables.name <> '_sqlx_migrations'",
    );
    let rows: Vec<(String, String, bool)> = tx.sql(columns).all().await.unwrap();
    let on_file: Columns = rows.into_iter().map(|(t, c, n)| ((t, c), n)).collect();

    let mut tx = server.begin_read().await.unwrap();
    let columns = Sql::one(
        "test.COLUMNS",
        "select table_name::text, column_name::text, is_nullable = 'YES'
         from information_schema.columns
         where table_schema = 'public' and table_name <> '_sqlx_migrations'",
    );
    let rows: Vec<(String, String, bool)> = tx.sql(columns).all().await.unwrap();
    let on_server: Columns = rows.into_iter().map(|(t, c, n)| ((t, c), n)).collect();
    assert!(on_file.len() > 90, "{}", on_file.len());
    assert_eq!(on_file, on_server);
}

#[test]
fn both_have_the_same_steps() {
    let steps = |folder: &str| -> Vec<String> {
        let files = std::fs::read_dir(folder).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut steps: Vec<_> = names.filter(|name| name != "roles.sql").collect();
        steps.sort();
        steps
    };
    assert_eq!(steps("migrations/sqlite"), steps("migrations/postgres"));
}
