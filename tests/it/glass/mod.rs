//! Opening a case in an emergency: for an hour, told to two people and reviewed; where nothing opens, nothing is learned; and
//! whoever searches without a case is noticed.

mod alike;
mod opening;
mod page;
mod searches;

use clares_law::app::break_glass::Emergency;
use clares_law::app::error::AppError;
use clares_law::app::staff::Person;
use clares_law::domain::id::{CaseId, StaffId};
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::store::ties::TieRow;
use clares_law::store::{At, cases};

use crate::support::house::House;

/// A reason that says something.
const REASON: &str = "He has found her new address and is on his way there";

const OPENINGS: &str = "select count(*) from broken_glass";
/// Openings without a review that two people were told of.
const SILENT: &str = "select count(*) from broken_glass where not exists (
    select 1 from look_reviews join access_log on access_log.id = look_reviews.look_id
    where kind = 'broken_glass' and access_log.case_id = broken_glass.case_id and access_log.at = broken_glass.at
        and access_log.purpose = 'emergency' and told >= 2)";

/// Somebody who has just proved who they are.
async fn proved(house: &House, actor: &Actor) -> Person {
    let id = StaffId(actor.id.parse().unwrap());
    let person = house.app.person(id).await.unwrap();
    Person {
        confirmed: true,
        ..person
    }
}

pub async fn hired(house: &House, name: &str, role: &str) -> Person {
    proved(house, &house.hire(name, role).await).await
}

/// Two supervisors, as every authority should have them.
async fn reviewers(house: &House) {
    house.hire("iain", "supervisor").await;
    house.hire("una", "supervisor").await;
}

async fn reference(house: &House, case: CaseId) -> String {
    let mut tx = house.app.db.begin_read().await.unwrap();
    let row = cases::get(&mut tx, case.0).await.unwrap();
    row.unwrap().reference
}

pub async fn tie(house: &House, case: CaseId, who: Option<&Actor>, kind: TieKind) {
    let row = TieRow {
        id: house.app.chance.id(),
        case_id: case.0,
        staff_id: who.map(|actor| actor.id.parse().unwrap()),
        kind: kind.name().to_owned(),
        at: At::from(house.clock.now()),
        done_by: "test".to_owned(),
        because: "as a test wants it".to_owned(),
    };
    let mut tx = house.app.db.begin_write().await.unwrap();
    house.app.add_tie(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
}

/// A case that only few may open, and what people call it.
async fn restricted(house: &House) -> (CaseId, String) {
    let case = house.case().await;
    tie(house, case, None, TieKind::Restricted).await;
    (case, reference(house, case).await)
}

async fn break_glass(
    house: &House,
    person: &Person,
    reference: &str,
    key: &str,
) -> Result<CaseId, AppError> {
    let asked = Emergency {
        reference: reference.to_owned(),
        reason: REASON.to_owned(),
        key: Some(key.to_owned()),
    };
    house.app.break_glass(person, asked).await
}

/// What is said where nothing opens.
fn is_refused(answer: &Result<CaseId, AppError>) -> bool {
    let Err(AppError::Fields(errors)) = answer else {
        return false;
    };
    let said: Vec<_> = errors
        .iter()
        .map(|error| (&*error.field, &*error.message))
        .collect();
    said == [("reference", "No case can be opened with this")]
}
