//! One sender at a time has a message; only they say what came of it, and silence is doubt.

use std::collections::BTreeSet;
use std::sync::Arc;

use clares_law::app::notices::Attempt;
use clares_law::mail::Outcome;
use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::{claim, every_row, messages_for, note, row};
use crate::support::house::House;

const LONGER_THAN_A_CLAIM: SignedDuration = SignedDuration::from_secs(41);

/// What each outcome leads to: status, trouble, and after how many minutes it is tried again.
#[tokio::test]
async fn each_outcome_has_one_consequence() {
    let cases = [
        ("", Outcome::Sent, "sent", None, None),
        (
            "",
            Outcome::Unreachable,
            "waiting",
            Some("unreachable"),
            Some(1),
        ),
        ("", Outcome::Deferred, "waiting", Some("deferred"), Some(1)),
        ("", Outcome::Refused, "refused", Some("refused"), None),
        ("", Outcome::InDoubt, "waiting", Some("in_doubt"), Some(1)),
        ("housing", Outcome::Sent, "sent", None, None),
        (
            "housing",
            Outcome::Unreachable,
            "waiting",
            Some("unreachable"),
            Some(1),
        ),
        (
            "housing",
            Outcome::Deferred,
            "waiting",
            Some("deferred"),
            Some(1),
        ),
        (
            "housing",
            Outcome::Refused,
            "refused",
            Some("refused"),
            None,
        ),
        (
            "housing",
            Outcome::InDoubt,
            "in_doubt",
            Some("in_doubt"),
            None,
        ),
    ];
    for (agency, outcome, status, trouble, minutes) in cases {
        let house = messages_for(&[("iain", agency)]).await;
        let claimed = claim(&house).await.unwrap();
        let kind = if agency.is_empty() { "staff" } else { "agency" };
        assert_eq!(claimed.row.recipient_kind, kind);
        assert!(note(&house, &claimed, outcome).await);
        let stands = row(&house, &claimed).await;
        let what = format!("{kind}: {outcome:?}");
        assert_eq!(
            (stands.status.as_str(), stands.trouble.as_deref()),
            (status, trouble),
            "{what}"
        );
        assert_eq!(
            (stands.claim, stands.claimed_until, stands.attempts),
            (None, None, 1),
            "{what}"
        );
        assert_eq!(stands.sent_at.is_some(), outcome == Outcome::Sent, "{what}");
        house.clock.advance(
            SignedDuration::from_mins(minutes.unwrap_or(0)) - SignedDuration::from_micros(1),
        );
        assert!(claim(&house).await.is_none(), "{what}: not yet");
        house.clock.advance(SignedDuration::from_micros(1));
        assert_eq!(claim(&house).await.is_some(), minutes.is_some(), "{what}");
        house.wait(24 * 365);
        assert!(
            claim(&house).await.is_none(),
            "{what}: what ran out is noted first"
        );
        house.wait(1);
        let goes_again = minutes.is_some() && agency.is_empty();
        assert_eq!(claim(&house).await.is_some(), goes_again, "{what}");
    }
}

#[tokio::test]
async fn a_message_that_may_still_go_is_tried_for_ever_at_fixed_times() {
    let waits = async |outcome| {
        let house = messages_for(&[("iain", "")]).await;
        let mut minutes = Vec::new();
        for _ in 0..8 {
            let claimed = claim(&house).await.unwrap();
            note(&house, &claimed, outcome).await;
            let now = house.clock.now();
            let wait = row(&house, &claimed)
                .await
                .next_at
                .timestamp()
                .duration_since(now);
            minutes.push(wait.as_mins());
            house.clock.advance(wait);
        }
        minutes
    };
    assert_eq!(
        waits(Outcome::Deferred).await,
        [1, 2, 5, 10, 30, 60, 60, 60]
    );
    assert_eq!(waits(Outcome::InDoubt).await, [1, 2, 5, 10, 30, 60, 60, 60]);
    assert_eq!(
        waits(Outcome::Unreachable).await,
        [1, 2, 5, 10, 10, 10, 10, 10]
    );
}

#[tokio::test]
async fn the_first_that_gets_through_lets_the_others_go() {
    let house = messages_for(&[("iain", ""), ("shona", ""), ("una", "")]).await;
    for outcome in [
        Outcome::Unreachable,
        Outcome::Unreachable,
        Outcome::Deferred,
    ] {
        let claimed = claim(&house).await.unwrap();
        note(&house, &claimed, outcome).await;
        house.clock.advance(SignedDuration::from_secs(20));
    }
    let claimed = claim(&house).await.unwrap();
    note(&house, &claimed, Outcome::Sent).await;
    assert!(
        claim(&house).await.is_some(),
        "it waited for the server only"
    );
    assert!(
        claim(&house).await.is_none(),
        "what the server put off keeps its time"
    );
}

#[tokio::test]
async fn the_word_of_a_stale_sender_changes_nothing() {
    for agency in ["", "housing"] {
        for late in [Outcome::Sent, Outcome::Refused, Outcome::Deferred] {
            let house = messages_for(&[("iain", agency)]).await;
            let stale = claim(&house).await.unwrap();
            house.clock.advance(LONGER_THAN_A_CLAIM);
            assert!(claim(&house).await.is_none(), "silence was noted as doubt");
            let doubted = row(&house, &stale).await;
            let status = if agency.is_empty() {
                "waiting"
            } else {
                "in_doubt"
            };
            assert_eq!(
                (doubted.status.as_str(), doubted.trouble.as_deref()),
                (status, Some("in_doubt"))
            );
            assert!(!note(&house, &stale, late).await);
            assert_eq!(row(&house, &stale).await, doubted);

            house.wait(1);
            let Some(other) = claim(&house).await else {
                assert_eq!(agency, "housing", "who is outside is not written to twice");
                continue;
            };
            assert_eq!((other.row.id, other.row.attempts), (stale.row.id, 2));
            assert!(!note(&house, &stale, late).await, "another has it now");
            assert!(note(&house, &other, Outcome::Sent).await);
            assert!(
                !note(&house, &other, Outcome::Refused).await,
                "its claim has ended"
            );
            assert_eq!(row(&house, &stale).await.status, "sent");
        }
    }
}

#[tokio::test]
async fn a_claim_outlasts_the_longest_attempt() {
    let house = messages_for(&[("iain", "")]).await;
    let claimed = claim(&house).await.unwrap();
    house.clock.advance(SignedDuration::from_secs(10));
    assert!(claim(&house).await.is_none());
    assert!(note(&house, &claimed, Outcome::Sent).await);
}

#[tokio::test]
async fn what_was_called_for_first_goes_first() {
    let house = messages_for(&[("iain", "")]).await;
    house.wait(24);
    house.sweep(9).await.unwrap();
    let rows = every_row(&house).await;
    assert!(rows.len() > 1);
    for expected in rows {
        let claimed = claim(&house).await.unwrap();
        assert_eq!(claimed.row.due_at, expected.due_at);
        note(&house, &claimed, Outcome::Sent).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_senders_no_two_have_the_same_message() {
    let names: Vec<String> = (0..30)
        .map(|number| format!("supervisor {number}"))
        .collect();
    let people: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let house = Arc::new(messages_for(&people).await);
    let mut senders = JoinSet::new();
    for _ in 0..6 {
        let house: Arc<House> = Arc::clone(&house);
        senders.spawn(async move {
            let mut sent = Vec::new();
            while let Some(claimed) = claim(&house).await {
                tokio::task::yield_now().await;
                assert!(
                    house
                        .app
                        .note_attempt(&claimed, Attempt::Made(Outcome::Sent))
                        .await
                        .unwrap()
                );
                sent.push(claimed.row.id);
            }
            sent
        });
    }
    let sent = senders.join_all().await.concat();
    assert_eq!(sent.len(), 30);
    assert_eq!(BTreeSet::from_iter(sent).len(), 30);
}
