//! Who looked at what: every look is in the log before anything is shown, some are reviewed, and the log can be handed on.

pub mod cost;
mod export;
mod reviews;
mod routes;
mod seen;

use clares_law::store::Sql;
use clares_law::store::access_log::AccessRow;

use crate::support::house::House;

/// Every row of the access log.
pub async fn log(house: &House) -> Vec<AccessRow> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    let all = tx.sql(Sql::one("test.LOOKS", "select * from access_log"));
    all.all().await.unwrap()
}

/// The rows that have come since.
pub async fn new_since(house: &House, before: &[AccessRow]) -> Vec<AccessRow> {
    let mut rows = log(house).await;
    rows.retain(|row| before.iter().all(|old| old.id != row.id));
    rows
}
