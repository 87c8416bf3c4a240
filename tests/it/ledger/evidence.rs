//! A case as evidence: what an operator types, what is written, and what somebody without an account finds in it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::house;
use crate::support::house::House;

pub fn run(program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.env_remove("DATABASE_URL").output().unwrap()
}

pub fn evidence(house: &House, reference: &str, out: &Path, reason: &str) -> Output {
    let (out, folder) = (out.to_str().unwrap(), house.folder().to_str().unwrap());
    run(
        env!("CARGO_BIN_EXE_clares-law"),
        &[
            "evidence",
            reference,
            "--out",
            out,
            "--by",
            "morag",
            "--reason",
            reason,
            "--data",
            folder,
            "--database-url",
            house.database(),
        ],
    )
}

pub fn verify(pack: &Path, key: &Path) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_disclosure-verify");
    let out = run(
        program,
        &[pack.to_str().unwrap(), "--key", key.to_str().unwrap()],
    );
    let said = [out.stdout, out.stderr].concat();
    (out.status.code(), String::from_utf8(said).unwrap())
}

/// The lines with the keys of both logs.
pub async fn keys(house: &House) -> String {
    let (_, events) = house.app.newest_head("scotland").await.unwrap();
    let (_, looks) = house.app.newest_head("scotland/access").await.unwrap();
    format!("{events}\n{looks}\n")
}

pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[tokio::test]
async fn l18_a_case_leaves_as_evidence_once_that_is_logged_and_is_checked_elsewhere() {
    let (house, _) = house().await;
    let reference = house.references().await.remove(0);
    let pack = house.folder().join("pack");
    let out = evidence(&house, &reference, &pack, "A death review");
    assert!(out.status.success(), "{}", told(&out));
    let looks =
        "select count(*) from access_log where operation = 'disclosure' and what = 'evidence'";
    assert_eq!(house.count(looks).await, 1);
    let reads = fs::read_to_string(pack.join("reads.jsonl")).unwrap();
    assert!(
        reads.contains("\"what\":\"evidence\""),
        "its own row is in it"
    );
    assert!(!reads.contains("A death review"), "as it is stored");
    let reasons = fs::read_to_string(pack.join("reasons.jsonl")).unwrap();
    assert!(reasons.contains("A death review"), "{reasons}");
    let chronology = fs::read_to_string(pack.join("chronology.txt")).unwrap();
    assert!(chronology.starts_with("1. "), "{chronology}");
    assert!(chronology.contains("Mairi"), "{chronology}");

    let key = house.folder().join("trusted.key");
    fs::write(&key, keys(&house).await).unwrap();
    let (code, said) = verify(&pack, &key);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("GOOD: "), "{said}");

    let looks = pack.join("reads.jsonl");
    let read = fs::read_to_string(&looks).unwrap();
    let number = read.lines().count();
    for (altered, line) in [
        (read.replace("\"reason\":\"", "\"reason\":\"A"), number),
        (read.replacen("collection", "consultation", 1), 1),
        (
            read.split_inclusive('\n').take(number - 1).collect(),
            number,
        ),
        (String::new(), 1),
    ] {
        fs::write(&looks, altered).unwrap();
        let (code, said) = verify(&pack, &key);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains(&format!("line {line} of the looks")),
            "{said}"
        );
    }
    fs::write(&looks, read).unwrap();

    let events = pack.join("events.jsonl");
    let altered = fs::read_to_string(&events)
        .unwrap()
        .replacen("Mairi", "Moira", 1);
    assert!(altered.contains("Moira"), "words are there to be read");
    fs::write(&events, altered).unwrap();
    let (code, said) = verify(&pack, &key);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("line 1 of the events") && said.contains("event 1"),
        "{said}"
    );
    assert!(!said.contains("Moira"), "{said}");
}

#[tokio::test]
async fn evidence_is_refused_in_clear_words() {
    let (house, _) = house().await;
    let reference = house.references().await.remove(0);
    let pack = house.folder().join("pack");
    for (reference, reason, why) in [
        (
            "ZZZ-ZZZ",
            "A death review",
            "there is no case with this reference",
        ),
        (&*reference, " ", "Say why it is exported"),
    ] {
        let out = evidence(&house, reference, &pack, reason);
        assert!(!out.status.success());
        assert!(told(&out).contains(why), "{}", told(&out));
        assert!(!pack.exists());
    }
    fs::create_dir(&pack).unwrap();
    let out = evidence(&house, &reference, &pack, "A death review");
    assert!(told(&out).contains("is there already"), "{}", told(&out));
}

#[tokio::test]
async fn what_is_not_signed_yet_is_signed_before_it_leaves() {
    let house = House::new().await;
    house.hire("morag", "verifier").await;
    house.case().await;
    let reference = house.references().await.remove(0);
    let pack = house.folder().join("pack");
    let out = evidence(&house, &reference, &pack, "A death review");
    assert!(out.status.success(), "{}", told(&out));
    assert_eq!(house.count("select count(*) from ledger_waiting").await, 0);
    assert_eq!(house.count("select count(*) from looks_waiting").await, 0);
    let key = house.folder().join("trusted.key");
    fs::write(&key, keys(&house).await).unwrap();
    assert_eq!(verify(&pack, &key).0, Some(0));
}

#[tokio::test]
async fn an_operator_keeps_a_head_and_holds_the_log_to_it() {
    let (house, _) = house().await;
    let folder = house.folder().to_str().unwrap();
    let place = ["--data", folder, "--database-url", house.database()];
    let program = env!("CARGO_BIN_EXE_clares-law");
    let head = run(
        program,
        &[&["history", "head", "--authority", "scotland"][..], &place].concat(),
    );
    assert!(head.status.success(), "{}", told(&head));
    let kept = house.folder().join("kept");
    fs::write(&kept, &head.stdout).unwrap();
    let verify = [
        &["history", "verify", "--head", kept.to_str().unwrap()][..],
        &place,
    ]
    .concat();
    let out = run(program, &verify);
    assert!(out.status.success(), "{}", told(&out));
    assert!(told(&out).contains("0 broken"), "{}", told(&out));

    super::rewritten(&house, "{}").await;
    super::logs_written_anew(&house).await;
    let out = run(program, &verify);
    assert_eq!(out.status.code(), Some(1), "{}", told(&out));
    assert!(
        told(&out).contains("not the one that was signed"),
        "{}",
        told(&out)
    );
}

#[tokio::test]
async fn a_drill_takes_a_case_that_chance_draws() {
    let (house, _) = house().await;
    let (pack, folder) = (house.folder().join("pack"), house.folder());
    let words = [
        "evidence",
        "--any",
        "--out",
        pack.to_str().unwrap(),
        "--by",
        "morag",
        "--reason",
        "A drill",
        "--data",
        folder.to_str().unwrap(),
        "--database-url",
        house.database(),
    ];
    let out = run(env!("CARGO_BIN_EXE_clares-law"), &words);
    assert!(out.status.success(), "{}", told(&out));
    let drawn = String::from_utf8(out.stdout).unwrap();
    assert!(
        house.references().await.contains(&drawn.trim().to_owned()),
        "{drawn}"
    );
    let key = house.folder().join("trusted.key");
    fs::write(&key, keys(&house).await).unwrap();
    assert_eq!(verify(&pack, &key).0, Some(0));
}
