//! The access log handed on: what an operator types, and what leaves.

use std::process::{Command, Output, Stdio};

use clares_law::app::reasons::Place;
use serde_json::Value;

use super::log;
use crate::support::database::{with_room, without_room};
use crate::support::house::House;

fn export(house: &House, by: &str, days: (&str, &str), reason: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clares-law"))
        .args(["export-access-log", "--by", by, "--reason", reason])
        .args(["--from", days.0, "--to", days.1])
        .args(["--database-url", house.database()])
        .arg("--data")
        .arg(house.folder())
        .stdin(Stdio::null())
        .env_remove("DATABASE_URL")
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn l18_the_log_is_handed_on_by_whole_days_and_that_is_logged_first() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    house.hire("ada", "auditor").await;
    let case = house.case().await;
    for _ in 0..4 {
        house.app.see_case(&morag, case, "case").await.unwrap();
        house.wait(12);
    }
    // Looks on Monday 2 November at 09:30 and 21:30, and on Tuesday at both.
    let days = ("2026-11-02", "2026-11-02");
    let out = export(&house, "ada", days, "An inspection");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let looks = lines(&out);
    assert_eq!(looks.len(), 2, "{looks:#?}");
    assert_eq!(looks[0]["at"], "2026-11-02T09:30:00Z");
    assert_eq!(looks[0]["actor"], morag.id.as_str());
    assert_eq!(looks[0]["case"], case.to_string());
    assert_eq!(looks[0]["operation"], "consultation");
    assert!(
        looks[0]["classes"]
            .as_array()
            .unwrap()
            .contains(&"subject".into())
    );
    assert!(!String::from_utf8_lossy(&out.stdout).contains("Inverallan"));
    let two = export(&house, "ada", ("2026-11-02", "2026-11-03"), "Again");
    assert_eq!(lines(&two).len(), 4);

    let mut rows = log(&house).await;
    rows.retain(|row| row.operation == "disclosure");
    rows.sort_by_key(|row| row.at);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].what, "access log 2026-11-02 to 2026-11-02");
    assert_eq!(rows[0].purpose, "export");
    let stored = rows[0].reason.as_deref().unwrap();
    let reasons = house.app.reasons().await.unwrap();
    let told = reasons.opened(Place::Look(rows[0].id), stored);
    assert_eq!(told.unwrap(), "An inspection");

    house.tamper(&without_room("access_log", "insert")).await;
    let out = export(&house, "ada", days, "An inspection");
    assert!(!out.status.success() && out.stdout.is_empty());
    house.tamper(&with_room("access_log")).await;
}

#[tokio::test]
async fn what_is_typed_wrongly_is_said_and_nothing_leaves() {
    let house = House::new().await;
    house.hire("ada", "auditor").await;
    for (by, days, reason, said) in [
        (
            "ada",
            ("2026-11-31", "2026-12-01"),
            "x",
            "this is no date; write one as 2026-11-30",
        ),
        ("ada", ("2026-11-03", "yesterday"), "x", "this is no date"),
        (
            "ada",
            ("2026-11-03", "2026-11-02"),
            "x",
            "2026-11-02 is before 2026-11-03",
        ),
        (
            "nobody",
            ("2026-11-02", "2026-11-03"),
            "x",
            "there is no account nobody",
        ),
        (
            "ada",
            ("2026-11-02", "2026-11-03"),
            " ",
            "Say why it is exported",
        ),
    ] {
        let out = export(&house, by, days, reason);
        let error = String::from_utf8_lossy(&out.stderr);
        assert!(error.contains(said), "{said}: {error}");
        assert_eq!(out.status.code(), Some(2));
        assert!(out.stdout.is_empty());
    }
    assert!(log(&house).await.is_empty());
}
