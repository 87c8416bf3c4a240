//! Looks that somebody else is asked about, and what they said. Both are added to and never changed; a look is open until
//! there is a verdict on it.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::pii::withheld;
use crate::store::access_log::AccessRow;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "look_reviews":
    ASK = "
        insert into look_reviews (look_id, kind, at, actor, authority, cases, told)
        values ($1, $2, $3, $4, $5, $6, $7)";
    ASKED_SINCE = "
        select count(*) as asked from look_reviews
        where actor = $1 and kind = $2 and at > $3";
    /// The gravest first.
    OPEN = "
        select look_reviews.kind as kind, look_reviews.cases as cases, look_reviews.told as told, access_log.*
        from look_reviews join access_log on access_log.id = look_reviews.look_id
        where look_reviews.authority = $1 and look_reviews.actor <> $2 and not exists (
            select 1 from look_verdicts
            where look_verdicts.look_id = look_reviews.look_id and look_verdicts.kind = look_reviews.kind)
        order by
            case look_reviews.kind when 'broken_glass' then 1 when 'trawl' then 2 when 'search' then 3 else 4 end,
            look_reviews.at, look_reviews.look_id
        limit $3";
    COUNT_OPEN = "
        select count(*) as number from look_reviews
        where authority = $1 and actor <> $2 and not exists (
            select 1 from look_verdicts
            where look_verdicts.look_id = look_reviews.look_id and look_verdicts.kind = look_reviews.kind)";
    COUNT_EMERGENCIES = "
        select count(*) as number from look_reviews
        where kind = 'broken_glass' and authority = $1 and not exists (
            select 1 from look_verdicts
            where look_verdicts.look_id = look_reviews.look_id and look_verdicts.kind = look_reviews.kind)";
    COUNT_UNTOLD = "
        select count(*) as number from look_reviews
        where kind = 'broken_glass' and told < $1 and not exists (
            select 1 from look_verdicts
            where look_verdicts.look_id = look_reviews.look_id and look_verdicts.kind = look_reviews.kind)";
    GET = "
        select look_reviews.kind as kind, look_reviews.cases as cases, look_reviews.told as told, access_log.*
        from look_reviews join access_log on access_log.id = look_reviews.look_id
        where look_reviews.look_id = $1 and look_reviews.kind = $2";
    DECIDE = "
        insert into look_verdicts (look_id, kind, at, actor, verdict, reason)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (look_id, kind) do nothing";
    DECIDED = "select count(*) as verdicts from look_verdicts where look_id = $1 and kind = $2";
}

/// A look with why it is asked about.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReviewRow {
    /// `sample`, `trawl`, `search` or `broken_glass`.
    pub kind: String,
    /// How many different cases the person had looked at within ten minutes, or how often they had searched without one.
    pub cases: i64,
    /// How many people were sent a message because of it.
    pub told: i64,
    /// The look itself.
    #[sqlx(flatten)]
    pub look: AccessRow,
}

/// What somebody decided about a look.
#[derive(Clone, PartialEq, Eq)]
pub struct VerdictRow {
    /// The look.
    pub look_id: Uuid,
    /// `sample`, `trawl`, `search` or `broken_glass`.
    pub kind: String,
    /// When.
    pub at: At,
    /// Who decided.
    pub actor: String,
    /// `in_order` or `not_in_order`.
    pub verdict: String,
    /// Why, in their own words.
    pub reason: String,
}

withheld!(VerdictRow);

/// Asks about a look.
///
/// # Errors
/// Those of the database.
pub async fn ask(
    tx: &mut Tx,
    look: &AccessRow,
    kind: &str,
    (cases, told): (i64, i64),
) -> Result<(), StoreError> {
    tx.sql(ASK)
        .bind(look.id)
        .bind(kind)
        .bind(look.at)
        .bind(&look.actor)
        .bind(&look.authority)
        .bind(cases)
        .bind(told)
        .execute()
        .await?;
    Ok(())
}

/// How often a person has been asked about for this reason since then.
///
/// # Errors
/// Those of the database.
pub async fn asked_since(
    tx: &mut Tx,
    actor: &str,
    kind: &str,
    since: Timestamp,
) -> Result<i64, StoreError> {
    let counted = tx.sql(ASKED_SINCE).bind(actor).bind(kind);
    counted.bind(At::from(since)).scalar().await
}

/// What is open at an authority, without the looks of this person: emergencies, trawls, searches, then what chance drew; of
/// each the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn open(
    tx: &mut Tx,
    authority: &str,
    without: &str,
    limit: i64,
) -> Result<Vec<ReviewRow>, StoreError> {
    let open = tx.sql(OPEN).bind(authority).bind(without);
    open.bind(limit).all().await
}

/// How many are open at an authority, without the looks of this person.
///
/// # Errors
/// Those of the database.
pub async fn count_open(tx: &mut Tx, authority: &str, without: &str) -> Result<i64, StoreError> {
    tx.sql(COUNT_OPEN)
        .bind(authority)
        .bind(without)
        .scalar()
        .await
}

/// How many openings in an emergency nobody at an authority has reviewed.
///
/// # Errors
/// Those of the database.
pub async fn count_emergencies(tx: &mut Tx, authority: &str) -> Result<i64, StoreError> {
    tx.sql(COUNT_EMERGENCIES).bind(authority).scalar().await
}

/// How many openings in an emergency, at all authorities, nobody has reviewed and fewer than so many people were told of.
///
/// # Errors
/// Those of the database.
pub async fn count_untold(tx: &mut Tx, fewer_than: i64) -> Result<i64, StoreError> {
    tx.sql(COUNT_UNTOLD).bind(fewer_than).scalar().await
}

/// One of them, open or not.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, look: Uuid, kind: &str) -> Result<Option<ReviewRow>, StoreError> {
    tx.sql(GET).bind(look).bind(kind).optional().await
}

/// Records a verdict; answers whether it is the first. If not, nothing has changed.
///
/// # Errors
/// Those of the database.
pub async fn decide(tx: &mut Tx, verdict: &VerdictRow) -> Result<bool, StoreError> {
    let added = tx
        .sql(DECIDE)
        .bind(verdict.look_id)
        .bind(&verdict.kind)
        .bind(verdict.at)
        .bind(&verdict.actor)
        .bind(&verdict.verdict)
        .bind(&verdict.reason)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Whether there is a verdict.
///
/// # Errors
/// Those of the database.
pub async fn is_decided(tx: &mut Tx, look: Uuid, kind: &str) -> Result<bool, StoreError> {
    let verdicts: i64 = tx.sql(DECIDED).bind(look).bind(kind).scalar().await?;
    Ok(verdicts > 0)
}
