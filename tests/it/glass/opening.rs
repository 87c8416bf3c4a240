//! What an opening does: an hour to the microsecond, two people told, one review; all of it or nothing.

use clares_law::app::error::AppError;
use clares_law::app::look_reviews::{Kind, Review, Verdict};
use clares_law::app::standing::Sight;
use clares_law::domain::tie::TieKind;
use jiff::{SignedDuration, Timestamp};

use super::{
    OPENINGS, REASON, SILENT, break_glass, hired, is_refused, proved, restricted, reviewers, tie,
};
use crate::support::database::{with_room, without_room};
use crate::support::house::House;

#[tokio::test]
async fn a_case_opened_in_an_emergency_closes_after_exactly_sixty_minutes() {
    let house = House::new().await;
    reviewers(&house).await;
    let (case, reference) = restricted(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let other = hired(&house, "other", "verifier").await;
    let seen = async |who| house.app.see_case(who, case, "case").await;
    assert!(matches!(seen(&morag).await, Err(AppError::NotFound)));
    let said = reference.to_lowercase().replace('-', " ");
    let opened = break_glass(&house, &morag, &said, "a key of my own").await;
    assert_eq!(opened.unwrap(), case);
    assert!(seen(&morag).await.unwrap().sight == Sight::whole());
    assert!(
        matches!(seen(&other).await, Err(AppError::NotFound)),
        "for her alone"
    );
    let begun = house.clock.now();
    let at = |micros| begun + SignedDuration::from_micros(micros);
    let hour = 60 * 60 * 1_000_000;
    for (when, is_open) in [(hour - 1, true), (hour, false), (hour + 1, false)] {
        house.clock.set(at(when));
        assert_eq!(seen(&morag).await.is_ok(), is_open, "{when}");
    }
    assert_eq!(house.count(OPENINGS).await, 1);
    for change in [
        "update broken_glass set ends_at = at",
        "delete from broken_glass",
    ] {
        assert!(house.try_to(change).await.is_err(), "{change}");
    }
}

#[tokio::test]
async fn l18_no_opening_is_silent() {
    let house = House::new().await;
    let iain = house.hire("iain", "supervisor").await;
    let tied = house.hire("tied", "supervisor").await;
    house.hire("una", "supervisor").await;
    house.hire("ada", "administrator").await;
    let mut expected = 0;
    for (number, role) in ["intake", "verifier", "coordinator", "chair", "discloser"]
        .into_iter()
        .enumerate()
    {
        let (case, reference) = restricted(&house).await;
        tie(&house, case, Some(&tied), TieKind::Declared).await;
        let person = hired(&house, role, role).await;
        let key = format!("the key of number {number}");
        assert_eq!(
            break_glass(&house, &person, &reference, &key)
                .await
                .unwrap(),
            case
        );
        expected += 1;
        house.clock.advance(SignedDuration::from_mins(11));
    }
    assert_eq!(house.count(OPENINGS).await, expected);
    assert_eq!(house.count(SILENT).await, 0);
    // Two supervisors have no part in the case: they are told, and nobody else is.
    assert_eq!(
        house
            .count("select count(*) from look_reviews where kind = 'broken_glass' and told = 2")
            .await,
        expected
    );
    let messages = house.messages().await;
    assert_eq!(messages.len(), 10);
    for message in &messages {
        assert!(message.recipient != tied.id, "tied to the case");
        assert_eq!((message.case_id, &*message.message), (None, "staff_task"));
        assert_eq!(message.due_at, message.made_at, "at once");
        let notice = house.app.notice(message).await.unwrap();
        let notice = notice.unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!(notice.subject, "You have new tasks");
        assert!(!notice.text.contains("emergency"));
    }
    // A second opening of a supervisor's own kind is told to the other one alone, so those who mind messages are told as well.
    let (case, reference) = restricted(&house).await;
    tie(&house, case, Some(&tied), TieKind::Matched).await;
    tie(&house, case, Some(&iain), TieKind::ManagesSubject).await;
    let morag = hired(&house, "morag", "verifier").await;
    break_glass(&house, &morag, &reference, "the key of the last")
        .await
        .unwrap();
    assert_eq!(house.messages().await.len(), 12);
    assert_eq!(house.count(SILENT).await, 0);
    // Whoever is kept away from the cases finds nothing of them among the reviews, by no way.
    let tied = proved(&house, &tied).await;
    assert_eq!(house.app.open_reviews(&tied).await.unwrap(), 0);
    assert!(house.app.reviews(&tied).await.unwrap().is_empty());
    let una = hired(&house, "una", "supervisor").await;
    let all = house.app.reviews(&una).await.unwrap();
    let glass = |review: &&Review| review.kind == Kind::BrokenGlass;
    assert_eq!(all.iter().filter(glass).count(), 6);
    let look = (all[0].look.id, Kind::BrokenGlass);
    let seen = house.app.review(&tied, look.0, look.1).await;
    assert!(matches!(seen, Err(AppError::NotFound)));
    let settled = house
        .app
        .settle_review(&tied, look, Verdict::InOrder, REASON, None);
    assert!(matches!(settled.await, Err(AppError::NotFound)));
    let ada = hired(&house, "ada", "administrator").await;
    assert_eq!(house.app.open_emergencies(&ada).await.unwrap(), 6);
}

#[tokio::test]
async fn where_fewer_than_two_can_be_told_it_opens_and_operators_hear_of_it() {
    let house = House::new().await;
    let (case, reference) = restricted(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let warning =
        "Something was opened in an emergency and too few people could be told: add reviewers";
    let warned = async || {
        house.app.look().await;
        house.app.readiness().warnings.contains(&warning)
    };
    assert!(!warned().await);
    let gone = house.hire("gone", "supervisor").await;
    house
        .tamper("update staff set disabled = not disabled where sign_in_name = 'gone'")
        .await;
    assert_eq!(
        break_glass(&house, &morag, &reference, "a key of my own")
            .await
            .unwrap(),
        case
    );
    assert_eq!(house.messages().await, [], "{} is shut out", gone.id);
    assert!(warned().await);
    // Until somebody has looked at it.
    let iain = hired(&house, "iain", "supervisor").await;
    let review = house.app.reviews(&iain).await.unwrap().remove(0);
    assert_eq!((review.kind, review.told), (Kind::BrokenGlass, 0));
    let look = (review.look.id, Kind::BrokenGlass);
    let settled = house
        .app
        .settle_review(&iain, look, Verdict::InOrder, "She was right", None);
    assert!(settled.await.unwrap());
    assert!(!warned().await);
}

#[tokio::test]
async fn an_opening_waits_first_among_the_reviews_for_somebody_else() {
    let house = House::new().await;
    house.hire("una", "supervisor").await;
    let (_, reference) = restricted(&house).await;
    let mut cases = Vec::new();
    for _ in 0..30 {
        cases.push(house.case().await);
    }
    let chair = hired(&house, "chris", "chair").await;
    for case in cases {
        house.app.see_case(&chair, case, "case").await.unwrap();
    }
    // A Friday evening: the working day is the Monday, which ends at midnight.
    house.clock.set("2026-11-06T19:00:00Z".parse().unwrap());
    break_glass(&house, &chair, &reference, "a key of my own")
        .await
        .unwrap();
    let una = hired(&house, "una", "supervisor").await;
    let reviews = house.app.reviews(&una).await.unwrap();
    let kinds: Vec<_> = reviews.iter().map(|review| review.kind).collect();
    assert_eq!(kinds[..2], [Kind::BrokenGlass, Kind::Trawl]);
    let review = &reviews[0];
    assert_eq!(review.look.reason.as_deref(), Some(REASON));
    assert_eq!(review.cases[0].1, reference);
    let monday_ends: Timestamp = "2026-11-10T00:00:00Z".parse().unwrap();
    assert_eq!(review.due, Some(monday_ends));
    let own = house
        .app
        .review(&chair, review.look.id, Kind::BrokenGlass)
        .await;
    assert!(
        matches!(own, Err(AppError::NotFound)),
        "a chair reviews nothing"
    );
}

#[tokio::test]
async fn what_cannot_be_written_down_opens_nothing() {
    let house = House::new().await;
    reviewers(&house).await;
    let (case, reference) = restricted(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let written = async || {
        let mut rows = Vec::new();
        for table in [
            OPENINGS,
            "select count(*) from look_reviews where kind = 'broken_glass'",
            "select count(*) from outbox",
            "select count(*) from access_log where purpose = 'emergency'",
            "select count(*) from idempotency",
        ] {
            rows.push(house.count(table).await);
        }
        rows
    };
    let before = written().await;
    for table in [
        "access_log",
        "broken_glass",
        "look_reviews",
        "outbox",
        "idempotency",
    ] {
        house.tamper(&without_room(table, "insert")).await;
        let opened = break_glass(&house, &morag, &reference, "a key of my own").await;
        house.tamper(&with_room(table)).await;
        assert!(matches!(opened, Err(AppError::Inside(_))), "{table}");
        assert_eq!(written().await, before, "{table}");
        let seen = house.app.see_case(&morag, case, "case").await;
        assert!(matches!(seen, Err(AppError::NotFound)), "{table}");
    }
    // Neither is a search answered that cannot be written down.
    house.tamper(&without_room("access_log", "insert")).await;
    let searched = break_glass(&house, &morag, "no reference", "a key of my own").await;
    assert!(matches!(searched, Err(AppError::Inside(_))));
}

#[tokio::test]
async fn l16_sent_twice_it_is_one_opening() {
    let house = House::new().await;
    reviewers(&house).await;
    let (case, reference) = restricted(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let (one, other) = tokio::join!(
        break_glass(&house, &morag, &reference, "one and the same"),
        break_glass(&house, &morag, &reference, "one and the same"),
    );
    assert_eq!((one.unwrap(), other.unwrap()), (case, case));
    // From another form, while it lasts, it leads there again and is written down; nobody is told anew.
    house.clock.advance(SignedDuration::from_mins(30));
    let again = break_glass(&house, &morag, &reference, "another key").await;
    assert_eq!(again.unwrap(), case);
    assert_eq!(house.count(OPENINGS).await, 1);
    assert_eq!(house.messages().await.len(), 2);
    let looks = "select count(*) from access_log where what = 'case in an emergency'";
    assert_eq!(house.count(looks).await, 2);
    let (_, second) = restricted(&house).await;
    let reused = break_glass(&house, &morag, &second, "one and the same").await;
    assert!(matches!(reused, Err(AppError::KeyTaken)), "{reused:?}");
    house.clock.advance(SignedDuration::from_mins(30));
    let after = break_glass(&house, &morag, &reference, "a third key").await;
    assert_eq!(after.unwrap(), case);
    assert_eq!(house.count(OPENINGS).await, 2);
    assert_eq!(house.count(SILENT).await, 0);
}

#[tokio::test]
async fn whoever_has_not_just_proved_who_they_are_opens_nothing() {
    let house = House::new().await;
    reviewers(&house).await;
    let (_, reference) = restricted(&house).await;
    let mut morag = hired(&house, "morag", "verifier").await;
    morag.confirmed = false;
    let opened = break_glass(&house, &morag, &reference, "a key of my own").await;
    assert!(matches!(opened, Err(AppError::Forbidden(_))), "{opened:?}");
    for role in ["administrator", "referrer"] {
        let person = hired(&house, role, role).await;
        let opened = break_glass(&house, &person, &reference, "a key of my own").await;
        assert!(matches!(opened, Err(AppError::NotFound)), "{role}");
    }
    let auditor = hired(&house, "ada", "auditor").await;
    let opened = break_glass(&house, &auditor, &reference, "a key of my own").await;
    assert!(is_refused(&opened), "an auditor saves nobody: {opened:?}");
    // A machine has an account of another kind, and no address to ask at; the table would not take it either.
    let machine = clares_law::app::staff::Person {
        actor: clares_law::engine::command::Actor {
            id: house.app.chance.id().to_string(),
            ..morag.actor.clone()
        },
        ..proved(&house, &morag.actor).await
    };
    let opened = break_glass(&house, &machine, &reference, "a key of my own").await;
    assert!(opened.is_err(), "{opened:?}");
    assert_eq!(house.count(OPENINGS).await, 0);
}
