//! A case that somebody may not see is answered like one that there is not: at every address that has a case in it, in status,
//! headers and body, to the byte; and the try is written down by the same path.

use axum::http::{HeaderMap, Method, header};
use clares_law::app::act::Request;
use clares_law::app::error::AppError;
use clares_law::store::access_log::AccessRow;
use uuid::Uuid;

use super::addresses::{Address, addresses};
use super::asking::{
    Asker, Between, ELSEWHERE, HERE, Reply, case_at, installation, machine, person, ways,
};
use super::matrix::relations;
use crate::looks::{log, new_since};
use crate::support::app::TestApp;
use crate::support::house::request_of;
use crate::support::world::no_answers;

/// Everything that a machine or a browser may send to an address: to look, to look at a form, and to act.
fn sent(address: &Address) -> Vec<&'static str> {
    match (&address.method, address.path.starts_with("/api/")) {
        (&Method::GET, _) => vec![""],
        (_, true) => vec!["{}", r#"{"rationale": "A note"}"#],
        (_, false) => vec![
            "",
            "form-step=check&form-reason=A+note",
            "form-step=confirm&form-reason=A+note&reason=A+note",
            "kind=declared&decision=end&reason=A+note",
        ],
    }
}

fn nothing_of_the_kind() -> String {
    Uuid::from_u128(8).to_string()
}

/// What a reply is but for the moment and the number of the request.
fn bytes(reply: &Reply) -> (u16, HeaderMap, &str) {
    let mut headers = reply.headers.clone();
    headers.remove(header::DATE);
    headers.remove("x-request-id");
    (reply.status.as_u16(), headers, &reply.body)
}

/// What the log says of a try, but for whose it was and which case was asked for.
fn kind(row: &AccessRow) -> [&str; 4] {
    [&row.operation, &row.classes, &row.purpose, &row.what]
}

/// A try and what is left of it.
async fn tried(
    test: &TestApp,
    who: &Asker,
    address: &Address,
    id: &str,
    body: &str,
) -> (Reply, AccessRow) {
    let before = log(test).await;
    let path = address
        .path
        .replace("{id}", id)
        .replace("{action}", "note")
        .replace("{tie}", &nothing_of_the_kind());
    let reply = who.ask(&address.method, &path, body).await;
    let mut rows = new_since(test, &before).await;
    assert_eq!(rows.len(), 1, "{} {path} with {body}", address.method);
    let row = rows.remove(0);
    assert_eq!(
        (&row.actor, &row.actor_role),
        (&who.actor.id, &who.actor.role)
    );
    (reply, row)
}

/// Why somebody may not see a case: what it is called, their role and authority, and what is between them and it.
const REASONS: [(&str, &str, &str, &str); 5] = [
    (
        "it is another authority's",
        "verifier",
        ELSEWHERE,
        "nothing",
    ),
    ("their role sees no case", "administrator", HERE, "nothing"),
    (
        "found alike to a party",
        "verifier",
        HERE,
        "restricted_matched",
    ),
    ("declared a conflict", "verifier", HERE, "conflict"),
    (
        "it is restricted and they are not let in",
        "verifier",
        HERE,
        "restricted",
    ),
];

/// What is no id of a case.
const MALFORMED: [&str; 6] = [
    "x",
    "12345",
    "NM-2026-000001",
    "%00",
    "00000000-0000-0000-0000-00000000000g",
    "00000000-0000-0000-0000-0000000000001",
];

#[tokio::test]
async fn l10_what_may_not_be_seen_is_answered_like_what_is_not_there() {
    let test = installation().await;
    let way = ways().into_values().max_by_key(|way| way.1).unwrap();
    let mut asked = Vec::new();
    for (why, role, authority, relation) in REASONS {
        let case = case_at(&test, way).await;
        let relation = relations()
            .into_iter()
            .find(|one| one.name == relation)
            .unwrap();
        asked.push((
            why,
            role,
            authority,
            case.to_string(),
            Some((case, relation)),
        ));
    }
    for id in MALFORMED {
        asked.push(("malformed", "verifier", HERE, id.to_owned(), None));
    }
    // Signed in at last: cases take their time.
    let unknown = (
        person(&test, "verifier", HERE).await,
        machine(&test, "verifier", HERE).await,
    );
    let nothing = Uuid::from_u128(7).to_string();
    let mut tries = 0;
    for (why, role, authority, id, between) in asked {
        let both = (
            person(&test, role, authority).await,
            machine(&test, role, authority).await,
        );
        if let Some((case, relation)) = &between {
            let people = [both.0.actor.id.parse().unwrap()];
            Between::made(&test, *case, &people, relation).await;
        }
        for address in addresses() {
            let by_machine = address.path.starts_with("/api/v1/cases/{id}");
            if !by_machine && !address.path.starts_with("/staff/cases/{id}") {
                continue;
            }
            // A machine has no ties: only what keeps everybody away keeps it away.
            if by_machine && why == "declared a conflict" {
                continue;
            }
            let (who, like) = if by_machine {
                (&both.1, &unknown.1)
            } else {
                (&both.0, &unknown.0)
            };
            for body in sent(&address) {
                let (reply, row) = tried(&test, who, &address, &id, body).await;
                let (wanted, like) = tried(&test, like, &address, &nothing, body).await;
                let place = format!("{why}: {} {} with {body:?}", address.method, address.path);
                assert_eq!(wanted.status, 404, "{place}");
                assert_eq!(bytes(&reply), bytes(&wanted), "{place}");
                assert_eq!(kind(&row), kind(&like), "{place}");
                assert!(row.what.starts_with("refused "), "{place}: {}", row.what);
                let known = between.as_ref().map(|(case, _)| case.0);
                assert_eq!(
                    row.case_id,
                    known.or(row.case_id.filter(Uuid::is_nil)),
                    "{place}"
                );
                tries += 1;
            }
        }
    }
    println!("{tries} tries");
    assert!(tries > 100, "{tries}");
}

/// An answer is kept for its key, and asked for again it is given again; but not to whoever may not see the case any more.
#[tokio::test]
async fn l10_what_was_done_under_a_key_is_not_told_after_a_conflict_was_declared() {
    let test = installation().await;
    let way = ways().into_values().min_by_key(|way| way.1).unwrap();
    let case = case_at(&test, way).await;
    let verifier = person(&test, "verifier", HERE).await;
    let noted = request_of(case, &verifier.actor, "note", no_answers());
    let noted = Request {
        key: Some("the same key each time".to_owned()),
        ..noted
    };
    let done = test.app.act(noted.clone()).await.unwrap();
    assert_eq!(test.app.act(noted.clone()).await.unwrap(), done);
    let conflict = relations()
        .into_iter()
        .find(|one| one.name == "conflict")
        .unwrap();
    let people = [verifier.actor.id.parse().unwrap()];
    Between::made(&test, case, &people, &conflict).await;
    let again = test.app.act(noted).await;
    assert!(matches!(again, Err(AppError::NotFound)), "{again:?}");
}
