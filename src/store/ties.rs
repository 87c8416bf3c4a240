//! What is between a person and a case, beside their role. Both tables are added to and never changed; a tie stands until a
//! step has ended it.

use uuid::Uuid;

use crate::domain::pii::withheld;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "ties":
    ADD = "
        insert into ties (id, case_id, staff_id, kind, at, done_by, because)
        values ($1, $2, $3, $4, $5, $6, $7)";
    GET = "select * from ties where id = $1";
    OF_CASE = "select * from ties where case_id = $1 order by at, id";
    STANDING = "
        select * from ties
        where case_id = $1 and not exists (
            select 1 from tie_steps where tie_steps.tie_id = ties.id and tie_steps.step = 'ended')
        order by at, id";
    /// What decides whether a person may open which cases: their own ties, and whatever makes a case restricted.
    CONCERNING = "
        select ties.* from ties join cases on cases.id = ties.case_id
        where cases.authority = $1 and (ties.staff_id = $2 or ties.kind in ('matched', 'restricted')) and not exists (
            select 1 from tie_steps where tie_steps.tie_id = ties.id and tie_steps.step = 'ended')
        order by ties.case_id, ties.at, ties.id";
    OF_PERSON = "
        select ties.* from ties
        where ties.staff_id = $1 and not exists (
            select 1 from tie_steps where tie_steps.tie_id = ties.id and tie_steps.step = 'ended')
        order by ties.case_id, ties.at, ties.id";
    ADD_STEP = "
        insert into tie_steps (tie_id, seq, step, at, done_by, reason)
        values ($1, (select count(*) + 1 from tie_steps before where before.tie_id = $1), $2, $3, $4, $5)";
    STEPS = "
        select tie_steps.tie_id, tie_steps.step, tie_steps.at, tie_steps.done_by, tie_steps.reason
        from tie_steps join ties on ties.id = tie_steps.tie_id
        where ties.case_id = $1
        order by tie_steps.tie_id, tie_steps.seq";
}

/// A tie.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TieRow {
    /// The tie.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// The person; none for one of the register who has no account, and for `restricted`.
    pub staff_id: Option<Uuid>,
    /// `matched`, `declared`, `manages_subject`, `let_in` or `restricted`.
    pub kind: String,
    /// Since when.
    pub at: At,
    /// By whom, or by which part of the service.
    pub done_by: String,
    /// Why: in words, or what was found alike.
    pub because: String,
}

withheld!(TieRow);

/// What became of a tie.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StepRow {
    /// The tie.
    pub tie_id: Uuid,
    /// `asked`, `kept` or `ended`.
    pub step: String,
    /// When.
    pub at: At,
    /// By whom.
    pub done_by: String,
    /// Why, in their own words.
    pub reason: String,
}

withheld!(StepRow);

/// Adds a tie. It holds from the end of the transaction.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, row: &TieRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(row.id)
        .bind(row.case_id)
        .bind(row.staff_id)
        .bind(&row.kind)
        .bind(row.at)
        .bind(&row.done_by)
        .bind(&row.because)
        .execute()
        .await?;
    Ok(())
}

/// A tie by its id.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<TieRow>, StoreError> {
    tx.sql(GET).bind(id).optional().await
}

/// Every tie that a case has or had, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<TieRow>, StoreError> {
    tx.sql(OF_CASE).bind(case).all().await
}

/// The ties of a case that stand, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn standing(tx: &mut Tx, case: Uuid) -> Result<Vec<TieRow>, StoreError> {
    tx.sql(STANDING).bind(case).all().await
}

/// The ties that decide which cases of an authority a person may open, case by case.
///
/// # Errors
/// Those of the database.
pub async fn concerning(
    tx: &mut Tx,
    authority: &str,
    staff: Option<Uuid>,
) -> Result<Vec<TieRow>, StoreError> {
    tx.sql(CONCERNING).bind(authority).bind(staff).all().await
}

/// The ties of a person that stand, case by case, at whatever authority the cases are.
///
/// # Errors
/// Those of the database.
pub async fn of_person(tx: &mut Tx, staff: Uuid) -> Result<Vec<TieRow>, StoreError> {
    tx.sql(OF_PERSON).bind(staff).all().await
}

/// Adds what became of a tie.
///
/// # Errors
/// `Taken` when somebody else added a step first.
pub async fn add_step(tx: &mut Tx, row: &StepRow) -> Result<(), StoreError> {
    tx.sql(ADD_STEP)
        .bind(row.tie_id)
        .bind(&row.step)
        .bind(row.at)
        .bind(&row.done_by)
        .bind(&row.reason)
        .execute()
        .await?;
    Ok(())
}

/// What became of the ties of a case, tie by tie.
///
/// # Errors
/// Those of the database.
pub async fn steps(tx: &mut Tx, case: Uuid) -> Result<Vec<StepRow>, StoreError> {
    tx.sql(STEPS).bind(case).all().await
}
