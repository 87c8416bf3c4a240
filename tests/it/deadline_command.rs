//! `clares-law deadline`, from the words typed to the words printed.

use std::io::Write as _;

use clap::Parser;
use clares_law::cli::deadline::{Args, run};
use serde_json::{Value, json};

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    args: Args,
}

/// The exit code, the answers and the complaints.
fn deadline(words: &[&str]) -> (u8, String, String) {
    let typed = Typed::try_parse_from([&["deadline"], words].concat()).unwrap();
    let (mut out, mut complaints) = (Vec::new(), Vec::new());
    let code = run(
        &typed.args,
        &crate::calendars::all(),
        &mut out,
        &mut complaints,
    )
    .unwrap();
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(complaints).unwrap(),
    )
}

fn one(calendar: &str, from: &str, limit: &str, more: &[&str]) -> (u8, String, String) {
    let question = ["--calendar", calendar, "--from", from, "--limit", limit];
    deadline(&[&question, more].concat())
}

fn batch(csv: &[u8]) -> (u8, Vec<Value>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(csv).unwrap();
    let (code, out, complaints) = deadline(&["--json", "--batch", file.path().to_str().unwrap()]);
    assert_eq!(complaints, "");
    let answers = out.lines().map(|line| serde_json::from_str(line).unwrap());
    (code, answers.collect())
}

#[test]
fn people_read_the_due_date_and_why() {
    let (code, out, _) = one("scotland", "2026-12-24T15:00", "2 working days", &[]);
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "\
Due by the end of Wednesday 30 December 2026
2 working days from Thursday 24 December 2026 at 15:00; Bank holidays in Scotland, edition 2026-11

Thu 24 Dec 2026       -  It starts; counting begins on the next day
Fri 25 Dec 2026       -  Christmas Day
Sat 26 Dec 2026       -  Saturday
Sun 27 Dec 2026       -  Sunday
Mon 28 Dec 2026       -  Boxing Day (substitute day)
Tue 29 Dec 2026       1
Wed 30 Dec 2026       2
"
    );
    let (_, out, _) = one("scotland", "2026-10-24T12:00", "24 hours", &[]);
    assert!(
        out.starts_with("Due on Sunday 25 October 2026 at 11:00:00 GMT\n"),
        "{out}"
    );
}

#[test]
fn programs_read_one_object() {
    let (code, out, _) = one(
        "scotland",
        "2026-12-24T15:00:30",
        "1 working day",
        &["--json"],
    );
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, out.lines().count()), (0, 1));
    assert_eq!(answer["due"], "2026-12-30T00:00:00Z");
    assert_eq!(answer["due_date"], "2026-12-29");
    assert_eq!(
        answer["trace"][0],
        json!({"date": "2026-12-25", "counted": null, "why_not": "Christmas Day"})
    );
    assert_eq!(
        answer["trace"][4],
        json!({"date": "2026-12-29", "counted": 1, "why_not": null})
    );
}

#[test]
fn hours_have_no_date_and_fractions_are_cut_off() {
    let (_, out, _) = one("scotland", "2026-11-02T23:59:59.999", "1 hour", &["--json"]);
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        answer,
        json!({"due": "2026-11-03T00:59:59Z", "due_date": null, "trace": []})
    );
}

#[test]
fn clock_changes_are_taken_as_people_mean_them() {
    for (from, due) in [
        ("2026-10-25T01:30", "2026-10-25T01:30:00Z"), // the first 01:30
        ("2026-03-29T01:30", "2026-03-29T02:30:00Z"), // 02:30 in summer time
    ] {
        let (_, out, _) = one("scotland", from, "1 hour", &["--json"]);
        let answer: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(answer["due"], due, "{from}");
    }
}

#[test]
fn wrong_values_are_complained_of() {
    let good = ("scotland", "2026-12-24T15:00", "1 working day");
    for (calendar, from, limit, complaint) in [
        (
            "wales",
            good.1,
            good.2,
            "england-and-wales, northern-ireland, scotland",
        ),
        (good.0, "2026-12-24", good.2, "a time are needed"),
        (good.0, "2026-12-24T15:00Z", good.2, "without an offset"),
        (
            good.0,
            "2026-12-24T15:00-01:00",
            good.2,
            "without an offset",
        ),
        (good.0, "2026-02-30T15:00", good.2, "from"),
        (good.0, "2026-12-24T15", good.2, "from"),
        (
            good.0,
            good.1,
            "10 days",
            "'calendar days' or 'working days'",
        ),
        (good.0, good.1, "-1 working days", "from 1 to 100000"),
        (good.0, "2029-01-02T09:00", good.2, "2022 to 2028"),
    ] {
        for more in [&[][..], &["--json"]] {
            let (code, out, complaints) = one(calendar, from, limit, more);
            assert_eq!((code, out.as_str()), (1, ""), "{complaints}");
            assert!(complaints.contains(complaint), "{complaints}");
        }
    }
}

#[test]
fn a_file_is_answered_row_by_row() {
    let (code, answers) = batch(
        b"id,calendar,from,limit,note\n\
          a,scotland,2026-12-23T15:00,10 working days,ignored\n\
          b, england-and-wales ,2026-12-23T15:00:10.9, 24 hours \n",
    );
    assert_eq!(code, 0);
    assert_eq!(
        answers,
        [
            json!({"id": "a", "due": "2027-01-13T00:00:00Z", "due_date": "2027-01-12"}),
            json!({"id": "b", "due": "2026-12-24T15:00:10Z", "due_date": null}),
        ]
    );
}

#[test]
fn a_file_of_another_office_program_is_read_too() {
    let (code, answers) = batch(
        "\u{feff}\"id\",\"calendar\",\"from\",\"limit\",\"note\"\r\n\
         \"a, \"\"b\"\"\",scotland,2026-11-02T09:30,\"45 calendar days\",\"two\r\nlines\"\r\n\
         c,scotland,2026-11-02T09:30,1 hour,\r\n"
            .as_bytes(),
    );
    assert_eq!(code, 0);
    assert_eq!(answers[0]["id"], "a, \"b\"");
    assert_eq!(answers[0]["due_date"], "2026-12-17");
    assert_eq!(answers[1]["due"], "2026-11-02T10:30:00Z");
    assert_eq!(answers.len(), 2);
}

#[test]
fn a_bad_row_does_not_stop_the_rest() {
    let (code, answers) = batch(
        b"id,calendar,from,limit\n\
          a,scotland,2026-12-23,10 working days\n\
          b,atlantis,2026-12-23T15:00,10 working days\n\
          c,scotland\n\
          \xff,scotland,2026-11-02T09:30,\xff\n\
          e,scotland,2026-11-02T09:30,1 hour\n",
    );
    assert_eq!(code, 1);
    for (answer, (id, error)) in answers.iter().zip([
        ("a", "a time are needed"),
        ("b", "england-and-wales"),
        ("c", "no from"),
        ("\u{fffd}", "limit"),
    ]) {
        assert_eq!(answer["id"], id);
        assert!(
            answer["error"].as_str().unwrap().contains(error),
            "{answer}"
        );
    }
    assert_eq!(
        answers[4],
        json!({"id": "e", "due": "2026-11-02T10:30:00Z", "due_date": null})
    );
    assert_eq!(answers.len(), 5);
}

#[test]
fn a_file_that_cannot_be_read_ends_with_2() {
    let (code, _, complaints) = deadline(&["--json", "--batch", "/nowhere/at-all.csv"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("cannot read"), "{complaints}");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"id,when\na,b\n").unwrap();
    let (code, _, complaints) = deadline(&["--json", "--batch", file.path().to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(complaints.contains("no column 'calendar'"), "{complaints}");
}

#[test]
fn a_question_has_all_three_parts_and_a_file_answers_in_json() {
    for words in [
        &["--calendar", "scotland", "--limit", "1 hour"][..],
        &["--batch", "file.csv"],
        &["--batch", "file.csv", "--json", "--limit", "1 hour"],
    ] {
        let words = [&["deadline"], words].concat();
        assert!(Typed::try_parse_from(&words).is_err(), "{words:?}");
    }
}
