//! `clares-law register`: what it tells, what it refuses, and that a fault changes nothing.

use std::process::{Command, Output, Stdio};

use super::standing;
use crate::support::house::House;

const HEADER: &str =
    "entry,given_names,family_name,other_names,born,staff_number,addresses,phones,sign_in_name";

fn run(house: &House, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clares-law"))
        .arg("register")
        .args(arguments)
        .args(["--database-url", house.database()])
        .arg("--data")
        .arg(house.folder())
        .stdin(Stdio::null())
        .env_remove("DATABASE_URL")
        .output()
        .unwrap()
}

/// Loads a list; answers the exit code and both outputs.
fn load(house: &House, list: impl AsRef<[u8]>, more: &[&str]) -> (i32, String, String) {
    let file = house.folder().join("list.csv");
    std::fs::write(&file, list).unwrap();
    let file = file.to_string_lossy().into_owned();
    let mut arguments = vec![
        "load",
        &*file,
        "--by",
        "Moira Tait",
        "--authority",
        "scotland",
    ];
    arguments.extend(more);
    let output = run(house, &arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    (
        code,
        text(&output.stdout),
        text(&output.stderr).replace(&file, "list.csv"),
    )
}

#[tokio::test]
async fn a_list_is_loaded_and_told_in_numbers() {
    let house = House::new().await;
    let case = house.case().await;
    let list = format!(
        "\u{feff}{HEADER}\r\n\
         7, Calum , Breckenridge,,1988-03-14,PC 4411,\"1 High Street, Dundrennick; Flat 2, 9 Low Road, Dundrennick\",01632 960777;01632 960778,calum\r\n\
         8,Ishbel,Nemo,,,,,,\r\n"
    );
    let (code, out, err) = load(&house, &list, &[]);
    assert_eq!(
        (code, &*out, &*err),
        (
            0,
            "added 2, removed 0, changed 0\ncases that became restricted: 1\n\
             people who cannot be compared with anybody, for want of a date of birth, a staff number, an address or a phone: 1\n",
            ""
        )
    );
    assert_eq!(standing(&house, case).await.len(), 1);
    assert_eq!(
        house
            .count("select count(*) from register_keys where ground = 'phone'")
            .await,
        2
    );

    let changed = "family_name,entry,given_names\nNemo,8,Isobel\nOrr,9,Ann\n";
    let (code, out, _) = load(&house, changed, &[]);
    assert_eq!(
        (code, out.lines().next()),
        (0, Some("added 1, removed 1, changed 1"))
    );
    load(&house, changed, &["--agency", "housing"]);
    let output = run(&house, &["list"]);
    let listed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].contains("the force itself")
            && lines[0].contains("people: 2, with an account: 0, replaced ")
    );
    assert!(lines[1].contains("housing") && lines[1].ends_with(" by Moira Tait"));
    for secret in ["Nemo", "Isobel", "Calum"] {
        assert!(!listed.contains(secret));
    }
}

#[tokio::test]
async fn every_fault_is_told_by_line_and_column_and_nothing_is_changed() {
    let house = House::new().await;
    assert_eq!(
        load(&house, format!("{HEADER}\n1,Ann,Orr,,,,,,\n"), &[]).0,
        0
    );
    let before = house.count("select count(*) from register").await;
    for (list, faults) in [
        (
            format!("{HEADER}\n2,Una,Secretname,,14/03/1988,,,,\n,Ann,Orr,,,,,,\n3,,,,,,,,\n"),
            &[
                "list.csv:2: column 5 (born): Write a year, a year and month, or a full date, such as 1984, 1984-05 or 1984-05-17",
                "list.csv:3: column 1 (entry): Each person needs an entry of their own",
                "list.csv:4: column 3 (family_name): Enter at least one part of the name",
                "nothing was changed; faults: 3",
            ][..],
        ),
        (
            format!("{HEADER}\n2,Una,Rae,,,,,,una\n2,Ann,Orr,,,,,,una\n"),
            &[
                "list.csv:3: column 1 (entry): This stands in an earlier line already",
                "list.csv:3: column 9 (sign_in_name): This stands in an earlier line already",
                "nothing was changed; faults: 2",
            ],
        ),
        (
            "entry,given_names,surname\n2,Una,Rae\n".to_owned(),
            &[
                "list.csv:1: There is no column family_name",
                "list.csv:1: Column 3 is not one of entry, given_names, family_name, other_names, born, staff_number, addresses, phones, sign_in_name, or stands twice",
                "nothing was changed; faults: 2",
            ],
        ),
        (
            format!("{HEADER}\n2,Una\n"),
            &[
                "list.csv:2: There are 2 columns, and 9 at the top",
                "nothing was changed; faults: 1",
            ],
        ),
        (
            format!("{HEADER}\n"),
            &[
                "list.csv:1: The list holds nobody",
                "nothing was changed; faults: 1",
            ],
        ),
    ] {
        let (code, out, err) = load(&house, list, &[]);
        assert_eq!((code, &*out), (2, ""));
        assert_eq!(err.lines().collect::<Vec<_>>(), faults);
        assert!(!err.contains("Secretname") && !err.contains("1988"));
    }
    let (code, _, err) = load(&house, b"entry,given_names,family_name\n2,\xff,Rae\n", &[]);
    assert_eq!(code, 2);
    assert!(err.starts_with("list.csv:2: This is not UTF-8"), "{err}");
    let output = run(&house, &["load", "list.csv", "--by", "Moira Tait"]);
    assert_eq!(output.status.code(), Some(2), "no such file");
    assert_eq!(house.count("select count(*) from register").await, before);
    assert_eq!(house.count("select count(*) from register_loads").await, 1);
}
