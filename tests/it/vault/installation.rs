//! What an installation refuses to begin with, and what an operator types about keys.

use std::path::Path;
use std::process::{Command, Output};

use clares_law::app::installation::{MadeBy, Unopened, open_installation};
use clares_law::app::key_store::{KeyStore, Locked, RootKey};
use zeroize::Zeroizing;

use crate::support::database::{dropping, on_postgres};
use crate::support::house::{House, shipped_drafts};
use crate::support::world::dsdas;

async fn opened(house: &House, keys: KeyStore) -> Result<(), Unopened> {
    let drafts = shipped_drafts().clone().of_scheme(&dsdas().scheme.scheme);
    let opened = open_installation(
        house.database(),
        house.folder(),
        keys,
        &drafts,
        house.clock.clone(),
        MadeBy::Demonstration,
    );
    opened.await.map(|_| ())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn run(arguments: &[&str]) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_clares-law");
    let mut command = Command::new(program);
    let command = command.args(arguments).env_remove("DATABASE_URL");
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    (status.code().unwrap(), said)
}

#[tokio::test]
async fn nothing_is_served_without_its_root_key_or_with_another() {
    let house = House::new().await;
    house.case().await;
    let usual = KeyStore::of(house.folder());
    let with = |root| KeyStore {
        root,
        ..KeyStore::of(house.folder())
    };
    let nowhere = house.folder().join("nowhere.key");
    let missing = opened(&house, with(RootKey::File(nowhere.clone()))).await;
    assert!(
        matches!(&missing, Err(Unopened::Locked(Locked::NoFile(path))) if path == text(&nowhere)),
        "{missing:?}"
    );
    assert!(!nowhere.exists(), "no other is made where there are keys");

    let another = clares_law::vault::root::Root::made().text();
    let another = opened(&house, with(RootKey::Given(another))).await;
    let said = another.unwrap_err().to_string();
    assert!(said.contains("with this root key"), "{said}");

    let secret = "AGE-SECRET-KEY-1NOT";
    let given = RootKey::Given(Zeroizing::new(secret.to_owned()));
    let none = opened(&house, with(given)).await.unwrap_err().to_string();
    assert!(none.contains("it is no age identity"), "{none}");
    assert!(!none.contains(secret), "{none}");
    opened(&house, usual).await.unwrap();
}

#[tokio::test]
async fn the_keys_of_another_database_are_refused() {
    let house = House::new().await;
    house.case().await;
    let folder = tempfile::tempdir().unwrap();
    let refused = opened(&house, KeyStore::of(folder.path())).await;
    assert!(matches!(refused, Err(Unopened::OtherKeys)), "{refused:?}");
}

#[tokio::test]
async fn plain_bodies_are_refused_and_a_demonstration_makes_a_new_database() {
    let house = House::new().await;
    house.case().await;
    house.tamper(&dropping("events_no_update", "events")).await;
    house
        .tamper("update events set sealing = 0, key_ref = null, body = '{}'")
        .await;
    house.app.db.close().await;
    let drafts = shipped_drafts().clone().of_scheme(&dsdas().scheme.scheme);
    let served = open_installation(
        house.database(),
        house.folder(),
        KeyStore::of(house.folder()),
        &drafts,
        house.clock.clone(),
        MadeBy::Service,
    );
    let refused = served.await.map(|_| ());
    if on_postgres() {
        assert!(refused.is_err());
        return;
    }
    assert!(matches!(refused, Err(Unopened::Plain)), "{refused:?}");
    opened(&house, KeyStore::of(house.folder())).await.unwrap();
    assert_eq!(
        count(&house).await,
        0,
        "its people were invented: it begins anew"
    );
}

async fn count(house: &House) -> i64 {
    let db = clares_law::store::open(house.database()).await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    let count = clares_law::store::Sql::one("test.COUNT", "select count(*) from events");
    tx.sql(count).scalar().await.unwrap()
}

#[tokio::test]
async fn an_operator_checks_rotates_and_copies_the_keys() {
    let house = House::new().await;
    let case = house.case().await;
    let data = ["--data", text(house.folder())];
    let typed = |arguments: &[&str]| run(&[&["keys"], arguments, &data[..]].concat());
    let (code, said) = typed(&["check"]);
    assert_eq!((code, &*said), (0, "The root key opens every key.\n"));
    let (code, said) = typed(&["rotate"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Nothing was sealed anew"), "{said}");
    house.load(case).await;

    let copy = house.folder().join("copy.db");
    let (code, said) = typed(&["backup", "--to", text(&copy)]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = typed(&["backup", "--to", text(&copy)]);
    assert_eq!(code, 2);
    assert!(said.contains("is there already"), "{said}");

    let root = house.folder().join("new.key");
    let (code, said) = typed(&["root", "--to", text(&root)]);
    assert_eq!(code, 0, "{said}");
    let kept = std::fs::read_to_string(&root).unwrap();
    assert!(!said.contains("AGE-SECRET-KEY"), "{said}");
    assert!(kept.contains("AGE-SECRET-KEY-1"));
    let (code, said) = typed(&["check"]);
    assert_eq!(code, 2, "{said}");
    let (code, said) = typed(&["check", "--root-key", text(&root)]);
    assert_eq!(code, 0, "{said}");
    let copied = ["check", "--keys-url", text(&copy)];
    let (code, said) = typed(&copied);
    assert_eq!(code, 0, "an older copy opens with the older root: {said}");

    let elsewhere = tempfile::tempdir().unwrap();
    let (code, said) = run(&["keys", "check", "--data", text(elsewhere.path())]);
    assert_eq!(code, 2);
    assert!(said.contains("there are no keys at"), "{said}");
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}
