//! Two installations: one shows the other its heads, and cannot show it another history afterwards.

use std::fs;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use clares_law::ledger::witness::{Offer, Refusal};
use clares_law::{web, worker};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::evidence::{run, told};
use super::{house, logged, logs_written_anew};
use crate::support::database::dropping;
use crate::support::house::House;

const KEPT: &str = "select count(*) from cosignatures";

fn write(house: &House, file: &str, text: &str) {
    let folder = house.folder().join("witness");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(file), text).unwrap();
}

/// A house whose logs are witnessed by another, which it knows by this address.
async fn two(address: &str) -> (House, House) {
    let (house, _) = house().await;
    let witness = House::new().await;
    introduce(&house, &witness, address).await;
    (house, witness)
}

async fn introduce(house: &House, witness: &House, address: &str) {
    let (_, events) = house.app.newest_head("scotland").await.unwrap();
    let (_, looks) = house.app.newest_head("scotland/access").await.unwrap();
    write(witness, "logs", &format!("{events}\n\n{looks}\n"));
    let key = witness.app.witness_key().unwrap();
    write(house, "witnesses", &format!("{key} {address}\n"));
}

async fn borne(witness: &House, offer: &Offer) -> Result<String, Refusal> {
    witness.app.bear_witness(&offer.text()).await.unwrap()
}

/// The newest head, as it goes on from the one before.
async fn offer(house: &House, from: u64) -> Offer {
    house.app.offer("scotland", from).await.unwrap()
}

async fn size(house: &House) -> u64 {
    let entries = house.count("select count(*) from ledger_entries").await;
    u64::try_from(entries).unwrap()
}

async fn another_case(house: &House) {
    house.case().await;
    logged(house).await;
}

/// As if it had been written by somebody who has every key.
async fn another_history(house: &House) {
    super::rewritten(house, "{}").await;
    logs_written_anew(house).await;
}

#[tokio::test]
async fn a_witness_signs_what_goes_on_and_nothing_else() {
    let (house, witness) = two("").await;
    let first = size(&house).await;
    let line = borne(&witness, &offer(&house, 0).await).await.unwrap();
    let signed = offer(&house, 0).await.signed;
    let told = format!("{signed}{line}");
    assert_eq!(house.app.keep_cosignatures(&told, &told).await.unwrap(), 1);
    let (head, _) = house.app.newest_head("scotland").await.unwrap();
    assert_eq!(head, told, "a head is handed out with what was said of it");
    assert_eq!(super::walked(&house, &[head]).await.bad, []);

    another_case(&house).await;
    let refused = borne(&witness, &offer(&house, 0).await).await;
    assert_eq!(refused, Err(Refusal::Elsewhere(first)));
    let going_on = offer(&house, first).await;
    assert!(borne(&witness, &going_on).await.is_ok());
    assert!(
        borne(&witness, &offer(&house, size(&house).await).await)
            .await
            .is_ok()
    );
    assert_eq!(
        borne(&witness, &going_on).await,
        Err(Refusal::Elsewhere(size(&house).await)),
        "what was seen does not go back"
    );

    let stranger = Offer {
        signed: signed.replace("clares-law/scotland", "clares-law/wales"),
        ..offer(&house, 0).await
    };
    assert_eq!(borne(&witness, &stranger).await, Err(Refusal::UnknownLog));
}

#[tokio::test]
async fn a_history_that_was_written_anew_with_every_key_is_refused() {
    let (house, witness) = two("").await;
    let seen = size(&house).await;
    borne(&witness, &offer(&house, 0).await).await.unwrap();
    another_history(&house).await;
    assert_eq!(
        super::walked(&house, &[]).await.bad,
        [],
        "nothing in the house tells"
    );
    let same_size = borne(&witness, &offer(&house, seen).await).await;
    assert_eq!(
        same_size,
        Err(Refusal::Elsewhere(seen)),
        "a fork of the same size"
    );
    another_case(&house).await;
    let longer = borne(&witness, &offer(&house, seen).await).await;
    assert_eq!(longer, Err(Refusal::Unproven));
}

#[tokio::test]
async fn of_two_that_go_on_differently_at_once_one_is_signed() {
    let (house, witness) = two("").await;
    let seen = size(&house).await;
    borne(&witness, &offer(&house, 0).await).await.unwrap();
    another_case(&house).await;
    let one = offer(&house, seen).await;
    another_case(&house).await;
    let other = offer(&house, seen).await;
    let (one, other) = tokio::join!(borne(&witness, &one), borne(&witness, &other));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(witness.count("select count(*) from witnessed").await, 1);
}

#[tokio::test]
async fn new_heads_are_offered_over_the_network() {
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/witness/", door.local_addr().unwrap());
    let (house, witness) = two(&address).await;
    let mut serving = JoinSet::new();
    let router = web::router(Arc::clone(&witness.app), false);
    serving.spawn(async { axum::serve(door, router).await });

    let offered = async |expected| {
        worker::witnesses::step(&house.app).await.unwrap();
        assert_eq!(house.count(KEPT).await, expected);
    };
    offered(2).await;
    offered(2).await;
    another_case(&house).await;
    offered(4).await;

    // Where it was forgotten what the witness saw, the witness says it.
    another_case(&house).await;
    house
        .tamper(&dropping("cosignatures_no_delete", "cosignatures"))
        .await;
    house.tamper("delete from cosignatures").await;
    offered(2).await;

    another_history(&house).await;
    another_case(&house).await;
    offered(2).await;
    assert_eq!(house.app.unseen_heads().await.unwrap().len(), 2);
    serving.abort_all();
    offered(2).await;
}

#[tokio::test]
async fn the_address_answers_as_c2sp_has_it() {
    let (house, witness) = two("").await;
    let asked = async |text: String| {
        let router = web::router(Arc::clone(&witness.app), true);
        let request = Request::post("/witness/add-checkpoint").body(Body::from(text));
        let answer = router.oneshot(request.unwrap()).await.unwrap();
        let kind = answer.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        let code = answer.status();
        let said = axum::body::to_bytes(answer.into_body(), 9999).await;
        (
            code,
            kind,
            String::from_utf8(said.unwrap().to_vec()).unwrap(),
        )
    };
    let first = offer(&house, 0).await.text();
    let own = "\n\u{2014} clares-law";
    for (text, expected) in [
        ("old".to_owned(), StatusCode::BAD_REQUEST),
        (first.replace("/scotland", "/wales"), StatusCode::NOT_FOUND),
        (
            first.replace(own, "\n\u{2014} other-law"),
            StatusCode::FORBIDDEN,
        ),
    ] {
        let (code, _, said) = asked(text).await;
        assert_eq!(code, expected, "{said}");
    }
    let (code, _, line) = asked(first).await;
    assert_eq!(code, StatusCode::OK);
    assert!(line.starts_with("\u{2014} clares-law/witness "), "{line}");
    let seen = size(&house).await;
    another_case(&house).await;
    let (code, kind, said) = asked(offer(&house, 0).await.text()).await;
    assert_eq!((code, &*kind), (StatusCode::CONFLICT, "text/x.tlog.size"));
    assert_eq!(said, format!("{seen}\n"));
    let mut unproven = offer(&house, seen).await;
    unproven.proof.pop();
    let (code, ..) = asked(unproven.text()).await;
    assert_eq!(code, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn heads_go_and_come_back_by_file() {
    let (house, witness) = two("").await;
    let file = |name: &str| house.folder().join(name).to_str().unwrap().to_owned();
    let command = |at: &House, words: &[&str]| {
        let folder = at.folder().to_str().unwrap().to_owned();
        let place = ["--data", &folder, "--database-url", at.database()];
        let words = [&["history", "witness"][..], words, &place].concat();
        run(env!("CARGO_BIN_EXE_clares-law"), &words)
    };
    let given = command(&house, &["give", "--authority", "scotland"]);
    assert!(given.status.success(), "{}", told(&given));
    fs::write(file("given"), &given.stdout).unwrap();
    let taken = command(&witness, &["take", &file("given")]);
    assert!(taken.status.success(), "{}", told(&taken));
    fs::write(file("taken"), &taken.stdout).unwrap();
    let kept = command(&house, &["keep", &file("taken")]);
    assert_eq!(told(&kept), "1 kept\n");
    let key = command(&witness, &["key"]);
    assert_eq!(told(&key).trim(), witness.app.witness_key().unwrap());

    // What a witness holds is a head like any other that was kept.
    let taken = fs::read_to_string(file("taken")).unwrap();
    another_history(&house).await;
    assert!(!super::walked(&house, &[taken]).await.bad.is_empty());
    another_case(&house).await;
    let given = command(&house, &["give", "--authority", "scotland"]);
    fs::write(file("given"), &given.stdout).unwrap();
    let refused = command(&witness, &["take", &file("given")]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        told(&refused).contains("it was last seen here"),
        "{}",
        told(&refused)
    );
}
