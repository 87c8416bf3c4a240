//! Referrals of professionals: made on a page, and followed by a receipt that tells next to nothing.

mod feedback;
mod form;
mod receipts;
mod story;

use clares_law::app::referrals::Receipt;
use clares_law::domain::id::{CaseId, StaffId};
use clares_law::engine::command::Actor;
use clares_law::web::form::write;

use crate::support::app::TestApp;
use crate::support::browser::select;
use crate::support::house::House;
use crate::support::world::dsdas;

const LIST: &str = "/staff/referrals";
const FORM: &str = "/staff/schemes/dsdas-scotland/refer";
const SEND: &str = "Send the referral";
const CASES: &str = "select count(*) from cases";

/// A referral as the form would send it.
fn filled() -> Vec<(String, String)> {
    let record = &dsdas().records["referral"];
    let typed = write(record, &record.examples());
    let pairs = typed.pairs();
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}

/// Somebody refers.
async fn refer(house: &House, actor: &Actor) -> CaseId {
    let answers = dsdas().records["referral"].examples();
    let received = house.app.refer(actor, "dsdas-scotland", answers, None);
    received.await.unwrap().case
}

/// What somebody is told of their referrals.
async fn told(house: &House, actor: &Actor) -> Vec<Receipt> {
    let id = StaffId(actor.id.parse().unwrap());
    let person = house.app.person(id).await.unwrap();
    house.app.see_referrals(&person).await.unwrap().newest
}

async fn reference(house: &House, case: CaseId) -> String {
    house.load(case).await.case.reference
}

/// The rows of the list as somebody reads them.
async fn rows(test: &TestApp, name: &str) -> Vec<String> {
    let mut browser = test.signed_in(name).await;
    browser.get(LIST).await;
    select(&browser.html, "main tbody tr")
}
