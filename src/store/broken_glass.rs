//! Cases that somebody opened in an emergency. Added to, never changed; each is of no use after its end.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::pii::withheld;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "broken_glass":
    ADD = "
        insert into broken_glass (id, case_id, staff_id, at, ends_at, reason)
        values ($1, $2, $3, $4, $5, $6)";
    OPEN = "
        select * from broken_glass
        where staff_id = $1 and ends_at > $2
        order by at, id";
}

/// A case that somebody opened in an emergency.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GlassRow {
    /// The opening.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Who opened it.
    pub staff_id: Uuid,
    /// When.
    pub at: At,
    /// Of no use from then on.
    pub ends_at: At,
    /// Why, in their own words.
    pub reason: String,
}

withheld!(GlassRow);

/// Adds an opening.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, row: &GlassRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(row.id)
        .bind(row.case_id)
        .bind(row.staff_id)
        .bind(row.at)
        .bind(row.ends_at)
        .bind(&row.reason)
        .execute()
        .await?;
    Ok(())
}

/// The openings of a person that are of use now.
///
/// # Errors
/// Those of the database.
pub async fn open(tx: &mut Tx, staff: Uuid, now: Timestamp) -> Result<Vec<GlassRow>, StoreError> {
    tx.sql(OPEN).bind(staff).bind(At::from(now)).all().await
}
