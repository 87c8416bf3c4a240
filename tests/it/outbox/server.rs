//! The same against a mail server that refuses, puts off, falls silent, hangs up and goes away.

use std::collections::BTreeSet;

use clares_law::mail::{Outcome, SetUpError, sender, smtp::Smtp};
use jiff::SignedDuration;
use std::time::Duration;

use super::{drain, every_row, messages_for};
use crate::support::post::{Post, SENDER, certificate, notice};

#[tokio::test]
async fn each_thing_a_server_may_do_has_its_outcome() {
    let mut post = Post::start();
    let mailer = post.mailer();
    let cases = [
        ("accept", Outcome::Sent, 1),
        ("refuse", Outcome::Refused, 0),
        ("refuse-text", Outcome::Refused, 0),
        ("refuse-sender", Outcome::Unreachable, 0), // it is about us
        ("defer", Outcome::Deferred, 0),
        ("defer-text", Outcome::Deferred, 0),
        ("silent", Outcome::Unreachable, 0),
        ("silent-text", Outcome::InDoubt, 0),
        ("cut-names", Outcome::Unreachable, 0),
        ("cut-text", Outcome::InDoubt, 0), // nobody here can see whether the last dot arrived
        ("cut-lost", Outcome::InDoubt, 0),
        ("cut-taken", Outcome::InDoubt, 1),
        ("down", Outcome::Unreachable, 0),
        ("up", Outcome::InDoubt, 1), // still as before it went
        ("accept", Outcome::Sent, 1),
    ];
    for (number, (command, expected, taken)) in (1..).zip(cases) {
        post.tell(command);
        let before = post.taken().len();
        assert_eq!(mailer.send(&notice(number)).await, expected, "{command}");
        post.tell("hang-up");
        let now: Vec<_> = post.taken()[before..].to_vec();
        assert_eq!(now.len(), taken, "{command}");
        for message in now {
            assert_eq!(message.id, format!("<{number:032x}@example.org>"));
            assert_eq!(message.recipient, "supervisor@example.org");
        }
    }
}

#[tokio::test]
async fn a_connection_that_has_gone_stale_is_no_doubt() {
    let mut post = Post::start();
    let mailer = post.mailer();
    for number in 1..=4 {
        assert_eq!(mailer.send(&notice(number)).await, Outcome::Sent);
        if number > 1 {
            post.tell("hang-up");
        }
    }
    post.tell("accept");
    assert_eq!(post.taken().len(), 4);
}

#[tokio::test]
async fn a_link_is_encrypted_and_the_server_proves_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(folder.path());
    let trusted = std::fs::read(&certificate).unwrap();
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let files = [
        "--certificate",
        certificate,
        "--key",
        key,
        "--password",
        "p@ss/word",
    ];
    let whole = [&files[..], &["--tls-from-the-start"]].concat();
    for (scheme, arguments) in [("smtp", &files[..]), ("smtps", &whole)] {
        let mut post = Post::with(arguments);
        let right = post.mailer_by(scheme, "somebody:p%40ss%2Fword@", &trusted);
        for number in 1..=2 {
            assert_eq!(right.send(&notice(number)).await, Outcome::Sent, "{scheme}");
        }
        let wrong = [
            post.mailer_by(scheme, "somebody:another@", &trusted),
            post.mailer_by(scheme, "somebody:p%40ss%2Fword@", &[]),
            post.mailer_by(scheme, "", &trusted),
            post.mailer(),
        ];
        for mailer in wrong {
            assert_eq!(
                mailer.send(&notice(9)).await,
                Outcome::Unreachable,
                "{scheme}"
            );
            let shown = format!("{mailer:?}");
            assert!(
                !shown.contains("word") && !shown.contains("another"),
                "{shown}"
            );
        }
        post.tell("accept");
        assert_eq!(post.taken().len(), 2, "{scheme}");
    }
    let mut plain = Post::start();
    let demanding = plain.mailer_by("smtp", "", &trusted);
    assert_eq!(
        demanding.send(&notice(1)).await,
        Outcome::Unreachable,
        "nothing is said without TLS"
    );
    plain.tell("accept");
    assert_eq!(plain.taken(), []);
}

#[test]
fn what_cannot_be_set_up_is_refused_without_repeating_it() {
    let set_up = |address| {
        Smtp::new(
            address,
            sender(SENDER).unwrap(),
            &[],
            Duration::from_secs(1),
        )
    };
    for (address, expected) in [
        ("mail.example.org", SetUpError::Address),
        ("http://mail.example.org", SetUpError::Address),
        ("smtp://", SetUpError::Address),
        ("smtp://somebody@mail.example.org", SetUpError::Address),
        (
            "smtps://somebody:se%zzcret@mail.example.org:port",
            SetUpError::Address,
        ),
        (
            "smtp+unencrypted://somebody:secret@mail.example.org",
            SetUpError::Exposed,
        ),
    ] {
        let error = set_up(address).unwrap_err();
        assert_eq!(error, expected, "{address}");
        assert!(!error.to_string().contains("cret"), "{error}");
    }
    assert_eq!(sender("nobody").unwrap_err(), SetUpError::Sender);
    let bad = Smtp::new(
        "smtps://h",
        sender(SENDER).unwrap(),
        b"-----BEGIN",
        Duration::from_secs(1),
    );
    assert_eq!(bad.unwrap_err(), SetUpError::Certificates);
}

/// A day without a mail server, in each of the ways it can be away.
#[tokio::test]
async fn a_day_without_mail_holds_nothing_else_up_and_loses_nothing() {
    for away in ["down", "refuse-sender", "defer"] {
        let mut post = Post::start();
        let mailer = post.mailer();
        let house = messages_for(&[("iain", ""), ("shona", "housing")]).await;
        post.tell(away);
        let begun = house.clock.now();
        for minute in 1..=3 {
            drain(&house, &mailer).await;
            house.clock.advance(SignedDuration::from_mins(1));
            let late = house.app.late_messages("scotland").await.unwrap();
            let since = late.map(|late| late.since);
            assert_eq!(
                since,
                (minute > 1).then_some(begun),
                "{away}: told after two minutes"
            );
        }
        for quarter in 1..=96 {
            drain(&house, &mailer).await;
            house.clock.advance(SignedDuration::from_mins(15));
            if quarter % 24 == 0 {
                house.case().await;
            }
            house.sweep(9).await.unwrap();
        }
        let behind = house.count("select count(*) from deadlines where next_stage_at <= (select max(made_at) from outbox)");
        assert_eq!(behind.await, 0, "{away}: no deadline waited for the mail");
        let rows = every_row(&house).await;
        assert!(
            rows.len() > 4 && rows.iter().all(|row| row.status == "waiting"),
            "{away}"
        );

        post.tell(if away == "down" { "up" } else { "accept" });
        let most = if away == "defer" { 60 } else { 10 };
        for _ in 0..most {
            house.clock.advance(SignedDuration::from_mins(1));
            drain(&house, &mailer).await;
        }
        post.tell("accept");
        let taken: BTreeSet<_> = post.taken().iter().map(|taken| taken.id.clone()).collect();
        assert_eq!(
            (taken.len(), post.taken().len()),
            (rows.len(), rows.len()),
            "{away}: each once"
        );
        assert!(
            every_row(&house)
                .await
                .iter()
                .all(|row| row.status == "sent")
        );
        assert_eq!(house.app.late_messages("scotland").await.unwrap(), None);
    }
}

#[tokio::test]
async fn one_who_cannot_be_reached_does_not_hold_up_the_rest() {
    let house = messages_for(&[("iain", ""), ("shona", ""), ("una", "housing")]).await;
    house
        .tamper("update staff set email = 'x' where name = 'iain'")
        .await;
    let mut post = Post::start();
    let mailer = post.mailer();
    post.tell("cut-taken");
    drain(&house, &mailer).await;
    post.tell("accept");
    house.wait(1);
    drain(&house, &mailer).await;
    let mut stands: Vec<_> = every_row(&house)
        .await
        .into_iter()
        .map(|row| (row.recipient_kind, row.status))
        .collect();
    stands.sort();
    let stands: Vec<_> = stands
        .iter()
        .map(|(kind, status)| (kind.as_str(), status.as_str()))
        .collect();
    assert_eq!(
        stands,
        [
            ("agency", "in_doubt"),
            ("staff", "refused"),
            ("staff", "sent")
        ]
    );
    post.tell("accept");
    let ids: Vec<_> = post.taken().iter().map(|taken| &taken.id).collect();
    assert_eq!(ids.len(), 3, "our own twice, the agency once");
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        2,
        "and each under one Message-ID"
    );
}
