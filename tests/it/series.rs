//! Series of meetings: each of their meetings is called once, however many nodes look, whatever has become of it since, and at the
//! hour that the clock on the wall shows.

use std::sync::Arc;
use std::time::Duration;

use clares_law::app::library;
use clares_law::app::meetings::MeetingRequest;
use clares_law::domain::id::MeetingId;
use clares_law::engine::definition::Library;
use clares_law::engine::definition::finding::{File, Finding, Severity};
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Sitting;
use clares_law::store::leases::Lease;
use clares_law::store::meetings::{self, MeetingRow};
use clares_law::worker;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::house::House;
use crate::support::world::{AUTHORITY, SCHEME, editions, shipped};

const FILE: &str = "authorities/scotland.yaml";

/// The library with one series at the Scottish authority.
fn meeting(meets: &str, ahead: &str) -> Library {
    with(&format!(
        "weekly:\n        meets: \"{meets}\"\n        lasts: 3 hours\n        place: Room 1\n        ahead: {ahead}\n"
    ))
}

fn with(series: &str) -> Library {
    let mut library = shipped();
    let file = library.0.get_mut(FILE).unwrap();
    let (before, _) = file.text.split_once("    meetings:\n").unwrap();
    let text = format!("{before}    meetings:\n      {series}");
    *file = File::new(FILE, text);
    library
}

/// Every meeting that is still to come to an end.
async fn live(house: &House) -> Vec<MeetingRow> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    meetings::live(&mut tx, AUTHORITY).await.unwrap()
}

/// When they begin, as the wall shows it.
async fn begins(house: &House) -> Vec<String> {
    let zone = TimeZone::get("Europe/London").unwrap();
    let rows = live(house).await.into_iter();
    let shown = rows.map(|row| row.starts_at.timestamp().to_zoned(zone.clone()));
    shown
        .map(|at| at.strftime("%d %b %H:%M %Z").to_string())
        .collect()
}

async fn call(house: &House) -> usize {
    let lease = house.lease("meetings").await;
    house.app.call_series(&lease).await.unwrap()
}

#[tokio::test]
async fn every_meeting_of_the_days_looked_ahead_to_is_called_once() {
    let house = House::with(&meeting("0 0 10 * * THU", "21 calendar days")).await;
    assert_eq!(call(&house).await, 3);
    assert_eq!(call(&house).await, 0);
    let expected = ["05 Nov 10:00 GMT", "12 Nov 10:00 GMT", "19 Nov 10:00 GMT"];
    assert_eq!(begins(&house).await, expected);
    for row in live(&house).await {
        assert_eq!(
            (&*row.form, row.series.as_deref()),
            ("regular", Some("weekly"))
        );
        let lasts = row
            .ends_at
            .timestamp()
            .duration_since(row.starts_at.timestamp());
        assert_eq!(lasts.as_hours(), 3);
    }
    // The first meeting is three days off, and the next that comes into sight is called.
    house.wait(24 * 3);
    assert_eq!(call(&house).await, 1);
    assert_eq!(begins(&house).await[3], "26 Nov 10:00 GMT");
}

#[tokio::test]
async fn a_series_keeps_the_hour_of_the_wall_when_clocks_change() {
    let library = meeting("0 0 10 * * THU", "21 calendar days");
    let spring = House::at("2026-03-16T09:30:00Z".parse().unwrap(), &library).await;
    call(&spring).await;
    let expected = ["19 Mar 10:00 GMT", "26 Mar 10:00 GMT", "02 Apr 10:00 BST"];
    assert_eq!(begins(&spring).await, expected);
    let autumn = House::at("2026-10-12T09:30:00Z".parse().unwrap(), &library).await;
    call(&autumn).await;
    let expected = ["15 Oct 10:00 BST", "22 Oct 10:00 BST", "29 Oct 10:00 GMT"];
    assert_eq!(begins(&autumn).await, expected);
}

#[tokio::test]
async fn an_hour_that_is_skipped_comes_later_and_one_that_comes_twice_is_one_meeting() {
    let library = meeting("0 30 1 * * SUN", "9 calendar days");
    let spring = House::at("2026-03-20T09:30:00Z".parse().unwrap(), &library).await;
    call(&spring).await;
    assert_eq!(
        begins(&spring).await,
        ["22 Mar 01:30 GMT", "29 Mar 02:30 BST"]
    );
    // Looked at between the two times at which it is half past one.
    let autumn = House::at("2026-10-25T00:15:00Z".parse().unwrap(), &library).await;
    assert_eq!(call(&autumn).await, 2);
    autumn.clock.set("2026-10-25T00:45:00Z".parse().unwrap());
    assert_eq!(call(&autumn).await, 0);
    assert_eq!(
        begins(&autumn).await,
        ["25 Oct 01:30 BST", "01 Nov 01:30 GMT"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_look_at_once_call_each_meeting_once() {
    let house = House::with(&meeting("0 0 10 * * *", "20 calendar days")).await;
    let lease = house.lease("meetings").await;
    let mut nodes = JoinSet::new();
    for _ in 0..6 {
        let (app, lease) = (Arc::clone(&house.app), lease.clone());
        nodes.spawn(async move { app.call_series(&lease).await.unwrap() });
    }
    let called: usize = nodes.join_all().await.into_iter().sum();
    assert_eq!((called, live(&house).await.len()), (21, 21));
    assert_eq!(
        house
            .count("select count(*) from events where seq > 1")
            .await,
        0
    );
}

#[tokio::test]
async fn a_node_that_has_lost_its_lease_calls_nothing() {
    let house = House::with(&meeting("0 0 10 * * THU", "21 calendar days")).await;
    let lost = house.lease("meetings").await;
    let in_force = house.lease("meetings").await;
    assert_eq!(house.app.call_series(&lost).await.unwrap(), 0);
    assert_eq!(live(&house).await, []);
    // The next node does what was left undone, wholly.
    assert_eq!(house.app.call_series(&in_force).await.unwrap(), 3);
}

#[tokio::test]
async fn a_meeting_that_was_moved_or_called_off_is_not_called_again() {
    let library = meeting("0 0 10 * * THU", "21 calendar days");
    let house = House::with(&library).await;
    let coordinator = house.hire("ailsa", "coordinator").await;
    call(&house).await;
    let rows = live(&house).await;
    let because = "The room is taken".to_owned();
    let starts_at = rows[1].starts_at.timestamp() + 24.hours();
    let sitting = Sitting {
        starts_at,
        ends_at: starts_at + 2.hours(),
        place: "Room 2".to_owned(),
    };
    let asks = [
        Ask::CallOff {
            because: because.clone(),
        },
        Ask::Move { sitting, because },
    ];
    for (row, ask) in rows.iter().zip(asks) {
        let request = MeetingRequest {
            meeting: MeetingId(row.id),
            ask,
            key: None,
            actor: coordinator.clone(),
        };
        house.app.ask(request).await.unwrap();
    }
    assert_eq!(call(&house).await, 0);
    let expected = ["13 Nov 10:00 GMT", "19 Nov 10:00 GMT"];
    assert_eq!(begins(&house).await, expected);
    // Nor by a service that was started anew.
    let house = house.reopened(&library).await;
    assert_eq!(call(&house).await, 0);
}

#[tokio::test]
async fn the_worker_calls_them_for_every_authority_whose_forum_meets() {
    for definition in editions().filter(|edition| edition.meets().is_some()) {
        let scheme = &*definition.scheme.scheme;
        let house = House::without_staff(scheme, "2026-11-02T09:30:00Z".parse().unwrap()).await;
        let lease = house.lease("meetings").await;
        worker::meetings::step(&house.app, &lease).await.unwrap();
        let mut tx = house.app.db.begin_read().await.unwrap();
        for authority in house.app.definitions.authorities().keys() {
            let called = meetings::live(&mut tx, authority).await.unwrap();
            assert!(called.len() > 1, "{authority} has a meeting to come");
            assert!(called.iter().all(|row| row.scheme == scheme));
        }
    }
}

#[tokio::test]
async fn a_lease_that_nobody_gave_calls_nothing() {
    let house = House::with(&meeting("0 0 10 * * THU", "21 calendar days")).await;
    let lease = Lease {
        task: "meetings",
        holder: Uuid::nil(),
        token: 7,
        lasts: Duration::from_secs(15),
    };
    assert_eq!(house.app.call_series(&lease).await.unwrap(), 0);
    assert_eq!(live(&house).await, []);
}

fn findings(library: &Library) -> Vec<Finding> {
    let schemes = library::schemes(library);
    let mut findings = library::others(library, &schemes);
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

#[test]
fn what_makes_no_series_is_told_with_its_place() {
    let good = [
        "weekly:",
        "  meets: \"0 0 10 * * THU\"",
        "  lasts: 3 hours",
        "  place: Room 1",
        "  ahead: 42 calendar days",
    ];
    let series = |lines: &[&str]| with(&format!("{}\n", lines.join("\n      ")));
    assert_eq!(findings(&series(&good)), []);
    for (line, bad, words) in [
        (1, "  meets: 0 10 * * THU", "a schedule has six fields"),
        (1, "  meets: \"0 0 10 * * 4\"", "write weekdays as names"),
        (1, "  meets: \"0 * * * * *\"", "100 meetings at once"),
        (2, "  lasts: 3 calendar days", "for how many hours"),
        (3, "  place: \"-\"", "Say where it meets"),
        (4, "  ahead: 6 weeks", "how many days ahead"),
        (4, "  ahead: 42 working days", "how many days ahead"),
    ] {
        let mut lines = good;
        lines[line] = bad;
        let library = series(&lines);
        let found = findings(&library);
        assert_eq!(found.len(), 1, "{bad}: {found:?}");
        assert!(found[0].text.contains(words), "{bad}: {}", found[0].text);
        assert_eq!(
            (&*found[0].file, found[0].excerpt.trim()),
            (FILE, bad.trim())
        );
    }
}

#[test]
fn a_series_of_a_forum_that_does_not_meet_is_refused() {
    let mut library = shipped();
    for (path, key) in [
        ("parts/forum.yaml", "forum:\n  meets:\n"),
        (SCHEME, "  meets:\n"),
    ] {
        let file = library.0.get_mut(path).unwrap();
        let (before, rest) = file.text.split_once(key).unwrap();
        let (_, after) = rest.split_once("\nstates:").unwrap();
        let text = format!("{before}\nstates:{after}");
        *file = File::new(path, text);
    }
    let found = findings(&library);
    let told = found
        .iter()
        .filter(|one| one.text.contains("does not meet"));
    let files: Vec<_> = told.map(|one| &*one.file).collect();
    assert!(files.iter().any(|file| file.ends_with(FILE)), "{found:?}");
}
