//! The lives of this database, and the word of a person that lets messages leave in each. Triggers refuse any change.

use jiff::Timestamp;

use crate::domain::pii::withheld;
use crate::store::column::At;
use crate::store::database::place;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "epochs":
    LATEST = "
        select number, began_at, cause from epochs
        order by number desc
        limit 1";
    /// Several nodes may begin the same one at once.
    BEGIN = "
        insert into epochs (number, began_at, cause)
        values ($1, $2, $3)
        on conflict (number) do nothing";
    RELEASE = "
        insert into outbox_releases (epoch, at, person, reason, place)
        values ($1, $2, $3, $4, $5)
        on conflict (epoch) do nothing";
    RELEASED = "select place from outbox_releases where epoch = $1";
}

/// One life of the database.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EpochRow {
    /// Counted from 1.
    pub number: i64,
    /// When it began.
    pub began_at: At,
    /// `new`, `backup`, `restored` or `elsewhere`.
    pub cause: String,
}

/// What lets messages leave.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRelease<'a> {
    /// The epoch that it is for.
    pub epoch: i64,
    /// When it was given.
    pub at: Timestamp,
    /// Who gave it.
    pub person: &'a str,
    /// Why.
    pub reason: &'a str,
}

withheld!(NewRelease<'_>);

/// Whether messages may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Released, and the database is where it was then.
    Released,
    /// Released, but somewhere else.
    Elsewhere,
    /// Not released yet.
    Held,
}

/// The newest epoch; none before the first start.
///
/// # Errors
/// Those of the database.
pub async fn latest(tx: &mut Tx) -> Result<Option<EpochRow>, StoreError> {
    tx.sql(LATEST).optional().await
}

/// Begins an epoch, unless another node has just done so.
///
/// # Errors
/// Those of the database.
pub async fn begin(tx: &mut Tx, epoch: &EpochRow) -> Result<(), StoreError> {
    tx.sql(BEGIN)
        .bind(epoch.number)
        .bind(epoch.began_at)
        .bind(&epoch.cause)
        .execute()
        .await?;
    Ok(())
}

/// Lets messages leave from where the database is now; answers whether this word was the first in its epoch.
///
/// # Errors
/// Those of the database.
pub async fn release(tx: &mut Tx, release: &NewRelease<'_>) -> Result<bool, StoreError> {
    let place = place(tx).await?;
    let added = tx
        .sql(RELEASE)
        .bind(release.epoch)
        .bind(At::from(release.at))
        .bind(release.person)
        .bind(release.reason)
        .bind(place)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Whether messages may leave in this epoch. Ask in the transaction that takes them out of the outbox.
///
/// # Errors
/// Those of the database.
pub async fn standing(tx: &mut Tx, epoch: i64) -> Result<Standing, StoreError> {
    let released: Option<(String,)> = tx.sql(RELEASED).bind(epoch).optional().await?;
    let Some((there,)) = released else {
        return Ok(Standing::Held);
    };
    let here = place(tx).await?;
    Ok(if here == there {
        Standing::Released
    } else {
        Standing::Elsewhere
    })
}
