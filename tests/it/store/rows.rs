//! Each table gives back what it was given, in the order it promises.

use clares_law::store::cases::CaseRow;
use clares_law::store::outbox::{NewMessage, Standing};
use clares_law::store::queues::{QueueOf, QueueRow};
use clares_law::store::sessions::Kind;
use clares_law::store::{
    StoreError, Tx, access_log, cases, client_failures, clients, deadlines, editions, idempotency,
    installation, outbox, parked_cases, queues, sessions, staff,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{CASE, Fresh, at, case, deadline, look, message, noon, person};

/// A queue of the authority and the scheme that [`case`] belongs to.
fn triage() -> QueueOf {
    QueueOf {
        authority: "example".into(),
        scheme: "dsdas".into(),
        queue: "triage".into(),
    }
}

#[tokio::test]
async fn a_case_row_is_written_whole_and_its_reference_is_its_own() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    cases::put(&mut tx, &case(1)).await.unwrap();
    let later = at("2026-03-03T12:00:00Z").into();
    let changed = CaseRow {
        state: "verifying".into(),
        urgent: true,
        version: 2,
        outcome: Some("held".into()),
        next_due: Some(later),
        ..case(1)
    };
    cases::put(&mut tx, &changed).await.unwrap();
    assert_eq!(
        cases::get(&mut tx, CASE).await.unwrap(),
        Some(changed.clone())
    );
    assert_eq!(
        cases::by_reference(&mut tx, "REF-1").await.unwrap(),
        Some(changed)
    );
    let closed = CaseRow {
        open: false,
        ..case(2)
    };
    cases::put(&mut tx, &closed).await.unwrap();
    assert_eq!(cases::due(&mut tx, noon().into(), 9).await.unwrap(), []);
    assert_eq!(cases::due(&mut tx, later.into(), 9).await.unwrap().len(), 1);

    let elsewhere = CaseRow {
        scheme: "other".into(),
        ..case(4)
    };
    cases::put(&mut tx, &elsewhere).await.unwrap();
    let of_others = CaseRow {
        authority: "other".into(),
        ..case(5)
    };
    cases::put(&mut tx, &of_others).await.unwrap();
    let counts = cases::open_by_state(&mut tx, "example", "dsdas")
        .await
        .unwrap();
    let counts: Vec<_> = counts
        .iter()
        .map(|count| (count.state.as_str(), count.cases))
        .collect();
    assert_eq!(
        counts,
        [("verifying", 1)],
        "nothing closed, of another scheme or of another authority"
    );

    let twin = CaseRow {
        reference: "REF-1".into(),
        ..case(3)
    };
    assert!(matches!(
        cases::put(&mut tx, &twin).await,
        Err(StoreError::Taken { .. })
    ));
}

async fn due(tx: &mut Tx, limit: i64) -> Vec<Uuid> {
    let due = deadlines::due_before(tx, noon().into(), limit).await;
    due.unwrap().into_iter().map(|row| row.case_id).collect()
}

#[tokio::test]
async fn due_cases_come_once_and_longest_due_first() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    for number in 1..=3 {
        cases::put(&mut tx, &case(number)).await.unwrap();
    }
    let (early, late) = (
        Some("2026-03-02T10:00:00Z"),
        Some("2026-03-02T12:00:00.000001Z"),
    );
    let rows = [
        deadline("overall", late),
        deadline("contact", Some("2026-03-02T11:00:00Z")),
    ];
    deadlines::replace_for_case(&mut tx, CASE, &rows)
        .await
        .unwrap();
    let other = Uuid::from_u128(2);
    let rows = [
        deadline("contact", early),
        deadline("overall", early),
        deadline("quiet", None),
    ];
    deadlines::replace_for_case(&mut tx, other, &rows)
        .await
        .unwrap();
    let rows = [deadline("overall", late)];
    deadlines::replace_for_case(&mut tx, Uuid::from_u128(3), &rows)
        .await
        .unwrap();

    assert_eq!(due(&mut tx, 9).await, [other, CASE], "each once");
    assert_eq!(due(&mut tx, 1).await, [other]);
    let later = at("2026-03-02T12:00:01Z");
    parked_cases::put(&mut tx, other, 5, later).await.unwrap();
    assert_eq!(due(&mut tx, 1).await, [CASE], "what is passed over");
    parked_cases::put(&mut tx, other, 6, noon().into())
        .await
        .unwrap();
    assert_eq!(due(&mut tx, 9).await, [other, CASE], "until then");
    parked_cases::remove(&mut tx, other).await.unwrap();
    deadlines::replace_for_case(&mut tx, other, &[])
        .await
        .unwrap();
    assert_eq!(deadlines::for_case(&mut tx, other).await.unwrap(), []);
    let kept = deadlines::for_case(&mut tx, CASE).await.unwrap();
    assert_eq!(kept[1], deadline("overall", late));

    cases::delete_all(&mut tx).await.unwrap();
    assert_eq!(deadlines::all(&mut tx).await.unwrap(), []);
}

#[tokio::test]
async fn a_queue_is_paged_urgent_first_without_gap_or_repeat() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    // number, urgent, minute: two share an instant, so that the id decides
    for (number, urgent, minute) in [
        (1, false, 5),
        (2, true, 9),
        (3, false, 5),
        (4, true, 1),
        (5, false, 0),
    ] {
        cases::put(&mut tx, &case(number)).await.unwrap();
        let place = QueueRow {
            queue: "triage".into(),
            urgent,
            order_at: at(&format!("2026-03-02T09:0{minute}:00Z")).into(),
            why: "new application".into(),
            since: noon(),
        };
        queues::replace_for_case(&mut tx, Uuid::from_u128(number), &[place])
            .await
            .unwrap();
    }
    let (mut order, mut after) = (Vec::new(), None);
    loop {
        let page = queues::page(&mut tx, &triage(), after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        order.extend(page.iter().map(|line| line.case.id.as_u128()));
    }
    assert_eq!(order, [4, 2, 5, 1, 3]);
    let counts = queues::counts(&mut tx, "example").await.unwrap();
    assert_eq!(
        (
            counts[0].queue.as_str(),
            counts[0].waiting,
            counts[0].urgent
        ),
        ("triage", 5, 2)
    );
    let lines = queues::page(&mut tx, &triage(), None, 9).await.unwrap();
    assert_eq!((&lines[2].case, lines[2].entry_urgent), (&case(5), false));
    queues::replace_for_case(&mut tx, Uuid::from_u128(4), &[])
        .await
        .unwrap();
    assert_eq!(
        queues::page(&mut tx, &triage(), None, 9)
            .await
            .unwrap()
            .len(),
        4
    );
}

#[tokio::test]
async fn a_message_is_kept_once_and_leaves_the_outbox_once() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    assert!(outbox::add(&mut tx, &message(1, "a")).await.unwrap());
    assert!(!outbox::add(&mut tx, &message(2, "a")).await.unwrap());
    assert!(outbox::add(&mut tx, &message(3, "b")).await.unwrap());
    let (now, later) = (noon().timestamp(), at("2026-03-02T12:05:00Z"));
    let stands = |status, at: Timestamp| Standing {
        status,
        trouble: None,
        next_at: later.into(),
        at: at.into(),
    };
    let (ours, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let claimed = outbox::claim(&mut tx, ours, now, later).await.unwrap();
    let first = claimed.unwrap();
    assert_eq!((first.id, first.attempts), (Uuid::from_u128(1), 1));
    let sent = stands("sent", now);
    assert!(
        !outbox::note(&mut tx, first.id, Some(other), sent)
            .await
            .unwrap()
    );
    assert!(!outbox::note(&mut tx, first.id, None, sent).await.unwrap());
    assert!(
        outbox::note(&mut tx, first.id, Some(ours), sent)
            .await
            .unwrap()
    );
    assert!(
        !outbox::note(&mut tx, first.id, Some(ours), sent)
            .await
            .unwrap()
    );

    let claimed = outbox::claim(&mut tx, ours, now, later).await.unwrap();
    let second = claimed.unwrap();
    assert_eq!(
        outbox::claim(&mut tx, other, now, later).await.unwrap(),
        None
    );
    assert_eq!(outbox::run_out(&mut tx, now, 9).await.unwrap(), []);
    let run_out = outbox::run_out(&mut tx, later, 9).await.unwrap();
    assert_eq!((run_out.len(), run_out[0].claim), (1, Some(ours)));
    let waits = stands("waiting", now);
    assert!(
        outbox::note(&mut tx, second.id, Some(ours), waits)
            .await
            .unwrap()
    );
    assert_eq!(
        outbox::claim(&mut tx, other, now, later).await.unwrap(),
        None
    );
    let again = outbox::claim(&mut tx, other, later, later).await.unwrap();
    assert_eq!(again.map(|row| row.attempts), Some(2));

    let outsider = NewMessage {
        recipient_kind: "applicant".into(),
        ..message(4, "c")
    };
    assert!(outbox::add(&mut tx, &outsider).await.is_err());
}

async fn live(tx: &mut Tx, token: &str, now: Timestamp) -> Option<sessions::SessionRow> {
    let half = sessions::live(tx, token, Kind::Half, now).await;
    assert!(
        half.unwrap().is_none(),
        "one kind is never taken for another"
    );
    sessions::live(tx, token, Kind::Whole, now).await.unwrap()
}

#[tokio::test]
async fn somebody_shut_out_has_no_live_session() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    let officer = person(1, "officer");
    staff::put(&mut tx, &officer).await.unwrap();
    let session = |token: &str| sessions::SessionRow {
        token_hash: token.into(),
        staff_id: officer.id,
        kind: Kind::Whole,
        made_at: noon(),
        seen_at: noon(),
        ends_at: at("2026-03-02T20:00:00Z").into(),
        confirmed_at: noon(),
    };
    for token in ["t1", "t2"] {
        sessions::add(&mut tx, &session(token)).await.unwrap();
    }
    let (now, evening) = (at("2026-03-02T13:00:00Z"), at("2026-03-02T20:00:00Z"));
    sessions::seen(&mut tx, "t1", now).await.unwrap();
    let found = live(&mut tx, "t1", now).await.unwrap();
    assert_eq!(
        found,
        sessions::SessionRow {
            seen_at: now.into(),
            ..session("t1")
        }
    );
    assert!(live(&mut tx, "t1", evening).await.is_none());
    sessions::end(&mut tx, "t1").await.unwrap();
    assert!(live(&mut tx, "t1", now).await.is_none());

    let out = staff::StaffRow {
        disabled: true,
        ..officer.clone()
    };
    staff::put(&mut tx, &out).await.unwrap();
    assert!(live(&mut tx, "t2", now).await.is_none());
    staff::put(&mut tx, &officer).await.unwrap();
    sessions::sweep(&mut tx, now).await.unwrap();
    assert!(live(&mut tx, "t2", now).await.is_some());
    sessions::end_all(&mut tx, officer.id).await.unwrap();
    assert!(live(&mut tx, "t2", now).await.is_none());

    assert_eq!(
        staff::by_sign_in_name(&mut tx, "officer").await.unwrap(),
        Some(officer.clone())
    );
    assert_eq!(
        staff::get(&mut tx, officer.id).await.unwrap(),
        Some(officer.clone())
    );
    assert_eq!(
        staff::all(&mut tx).await.unwrap(),
        std::slice::from_ref(&officer)
    );
    assert!(!format!("{officer:?}").contains("example.org"));

    let twin = staff::put(&mut tx, &person(2, "officer")).await;
    assert!(matches!(twin, Err(StoreError::Taken { .. })));
}

#[tokio::test]
async fn a_client_has_a_name_of_its_own_and_is_revoked_once() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    let client = |number: u128, name: &str| clients::ClientRow {
        id: Uuid::from_u128(number),
        name: name.into(),
        role: "verifier".into(),
        agency: String::new(),
        authority: "example".into(),
        scopes: "cases:read".into(),
        secret_hash: "hash".into(),
        secret_at: noon(),
        made_at: noon(),
        revoked_at: None,
    };
    let (b, a) = (client(1, "b"), client(2, "a"));
    clients::add(&mut tx, &b).await.unwrap();
    clients::add(&mut tx, &a).await.unwrap();
    assert_eq!(clients::all(&mut tx).await.unwrap(), [a.clone(), b.clone()]);
    assert_eq!(clients::get(&mut tx, a.id).await.unwrap(), Some(a.clone()));
    let (found, later) = (
        clients::by_name(&mut tx, "b").await,
        at("2026-03-03T12:00:00Z"),
    );
    assert_eq!(found.unwrap(), Some(b.clone()));
    assert!(!format!("{b:?}").contains("hash"));

    assert!(
        clients::rotate(&mut tx, b.id, "other", later)
            .await
            .unwrap()
    );
    assert!(clients::revoke(&mut tx, b.id, later).await.unwrap());
    assert!(!clients::revoke(&mut tx, b.id, later).await.unwrap());
    assert!(
        !clients::rotate(&mut tx, b.id, "third", later)
            .await
            .unwrap()
    );
    let revoked = clients::ClientRow {
        secret_hash: "other".into(),
        secret_at: later.into(),
        revoked_at: Some(later.into()),
        ..b.clone()
    };
    assert_eq!(clients::get(&mut tx, b.id).await.unwrap(), Some(revoked));
    let twin = clients::add(&mut tx, &client(3, "b")).await;
    assert!(matches!(twin, Err(StoreError::Taken { .. })));
}

#[tokio::test]
async fn failures_are_counted_by_name_until_they_are_old_or_forgotten() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    let (first, then) = (at("2026-03-02T12:00:00Z"), at("2026-03-02T12:00:30Z"));
    assert_eq!(
        client_failures::since(&mut tx, "one", first).await.unwrap(),
        0
    );
    client_failures::count(&mut tx, "one", first).await.unwrap();
    client_failures::count(&mut tx, "one", then).await.unwrap();
    client_failures::count(&mut tx, "two", first).await.unwrap();
    assert_eq!(
        client_failures::since(&mut tx, "one", first).await.unwrap(),
        2
    );
    assert_eq!(
        client_failures::since(&mut tx, "two", first).await.unwrap(),
        0
    );
    client_failures::sweep(&mut tx, first).await.unwrap();
    client_failures::count(&mut tx, "two", then).await.unwrap();
    assert_eq!(
        client_failures::since(&mut tx, "two", first).await.unwrap(),
        1
    );
    client_failures::forget(&mut tx, "one").await.unwrap();
    assert_eq!(
        client_failures::since(&mut tx, "one", first).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn small_tables_give_back_what_they_were_given() {
    let fresh = Fresh::new().await;
    let mut tx = fresh.db.begin_write().await.unwrap();
    assert_eq!(installation::get(&mut tx, "made_by").await.unwrap(), None);
    assert_eq!(
        installation::settle(&mut tx, "made_by", "demo")
            .await
            .unwrap(),
        "demo"
    );
    assert_eq!(
        installation::settle(&mut tx, "made_by", "serve")
            .await
            .unwrap(),
        "demo"
    );
    assert_eq!(
        installation::get(&mut tx, "made_by").await.unwrap(),
        Some("demo".into())
    );

    let edition = editions::EditionRow {
        path: "schemes/dsdas.yaml".into(),
        hash: "h".into(),
        scheme: "dsdas".into(),
        edition: "2026-1".into(),
        effective_from: "2026-01-01".into(),
        documents: "scheme: dsdas".into(),
        stored_at: noon(),
    };
    assert!(editions::put(&mut tx, &edition).await.unwrap());
    assert!(!editions::put(&mut tx, &edition).await.unwrap());
    assert_eq!(
        editions::get(&mut tx, "h").await.unwrap(),
        Some(edition.clone())
    );
    assert_eq!(editions::all(&mut tx).await.unwrap(), [edition]);

    let reply = idempotency::ReplyRow {
        key: "k".into(),
        actor: "officer-1".into(),
        body_hash: "b".into(),
        reply: "done".into(),
        at: noon(),
    };
    idempotency::put(&mut tx, &reply).await.unwrap();
    assert_eq!(
        idempotency::find(&mut tx, "k", "officer-2").await.unwrap(),
        None
    );
    assert_eq!(
        idempotency::find(&mut tx, "k", "officer-1").await.unwrap(),
        Some(reply.clone())
    );

    access_log::write(&mut tx, &look()).await.unwrap();
    assert_eq!(
        access_log::of_case(&mut tx, CASE, None, 9).await.unwrap(),
        [look()]
    );

    assert!(matches!(
        idempotency::put(&mut tx, &reply).await,
        Err(StoreError::Taken { .. })
    ));
}
