//! Messages that are neither lost nor doubled: the claim, what becomes of each attempt, whom it may go to, and all of it
//! against a mail server that is a process of its own.

mod claims;
mod killed;
mod laws;
mod server;

use clares_law::app::notices::{Attempt, Claimed};
use clares_law::mail::Outcome;
use clares_law::store::outbox::MessageRow;
use clares_law::store::{Sql, outbox};
use clares_law::worker;
use std::time::Duration;

use crate::support::house::House;

/// A house in which a message waits for each of these colleagues; those with an agency are outside the walls.
async fn messages_for(people: &[(&str, &str)]) -> House {
    let house = House::new().await;
    for (name, agency) in people {
        house.account_for(agency, name, "supervisor", None).await;
    }
    house.case().await;
    house.wait(13);
    house.sweep(9).await.unwrap();
    assert_eq!(house.messages().await.len(), people.len());
    house
}

/// Claims for an attempt that may take ten seconds.
async fn claim(house: &House) -> Option<Claimed> {
    house
        .app
        .claim_message(Duration::from_secs(10))
        .await
        .unwrap()
}

async fn note(house: &House, claimed: &Claimed, outcome: Outcome) -> bool {
    let noted = house.app.note_attempt(claimed, Attempt::Made(outcome));
    noted.await.unwrap()
}

async fn row(house: &House, claimed: &Claimed) -> MessageRow {
    let mut tx = house.app.db.begin_read().await.unwrap();
    outbox::get(&mut tx, claimed.row.id).await.unwrap().unwrap()
}

async fn every_row(house: &House) -> Vec<MessageRow> {
    let all = Sql::one("test.ALL", "select * from outbox order by due_at, id");
    let mut tx = house.app.db.begin_read().await.unwrap();
    tx.sql(all).all().await.unwrap()
}

/// Sends what can be sent now.
async fn drain(house: &House, mailer: &clares_law::mail::Mailer) {
    while worker::outbox::step(&house.app, mailer).await.unwrap() {}
}
