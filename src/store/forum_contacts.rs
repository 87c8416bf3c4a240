//! Whom a forum turns to at each agency: every change as a row of its own. Triggers refuse any other.

use serde::Serialize;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "forum_contacts":
    ADD = "
        insert into forum_contacts (authority, scheme, seq, at, agency, staff_id, place, senior, done_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    OF_FORUM = "
        select * from forum_contacts
        where authority = $1 and scheme = $2
        order by seq";
}

/// What somebody is for a forum from a change on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Place {
    /// The one who is asked first.
    Contact,
    /// Asked where the contact cannot be.
    Deputy,
    /// Neither any more.
    Out,
}

/// A change of who is named.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ContactRow {
    /// The authority whose forum it is.
    pub authority: String,
    /// The scheme it meets for.
    pub scheme: String,
    /// The place among the changes of this forum, from 1.
    pub seq: i64,
    /// When.
    pub at: At,
    /// The agency.
    pub agency: String,
    /// Who is named, or no more.
    pub staff_id: Uuid,
    /// What they are from then on.
    pub place: Place,
    /// Whether they can commit their agency.
    pub senior: bool,
    /// The account that did it.
    pub done_by: String,
}

/// Writes down a change.
///
/// # Errors
/// `Taken` when somebody else wrote the next one first.
pub async fn add(tx: &mut Tx, row: &ContactRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(&row.authority)
        .bind(&row.scheme)
        .bind(row.seq)
        .bind(row.at)
        .bind(&row.agency)
        .bind(row.staff_id)
        .bind(row.place)
        .bind(row.senior)
        .bind(&row.done_by)
        .execute()
        .await?;
    Ok(())
}

/// Every change of who is named for a forum, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn of_forum(
    tx: &mut Tx,
    authority: &str,
    scheme: &str,
) -> Result<Vec<ContactRow>, StoreError> {
    tx.sql(OF_FORUM).bind(authority).bind(scheme).all().await
}
