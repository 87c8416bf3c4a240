//! Which ground has tied which person of the register to which case. Added to and never changed, so that a tie that was
//! lifted does not come back for the same ground.

use uuid::Uuid;

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "register_matches":
    ADD = "
        insert into register_matches (register_id, case_id, ground, tie_id)
        values ($1, $2, $3, $4)
        on conflict (case_id, register_id, ground, tie_id) do nothing";
    OF_CASE = "
        select register_matches.*, ties.staff_id
        from register_matches join ties on ties.id = register_matches.tie_id
        where register_matches.case_id = $1
        order by register_id, ground, tie_id";
}

/// A ground that has tied a person to a case.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MatchRow {
    /// The person of the register.
    pub register_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What was found alike.
    pub ground: String,
    /// The tie.
    pub tie_id: Uuid,
    /// The account that the tie is about.
    pub staff_id: Option<Uuid>,
}

/// Adds a match.
///
/// # Errors
/// Those of the database.
pub async fn add(
    tx: &mut Tx,
    register: Uuid,
    case: Uuid,
    ground: &str,
    tie: Uuid,
) -> Result<(), StoreError> {
    let matched = tx.sql(ADD).bind(register).bind(case);
    matched.bind(ground).bind(tie).execute().await?;
    Ok(())
}

/// Every match of a case, those whose ties were lifted included.
///
/// # Errors
/// Those of the database.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<MatchRow>, StoreError> {
    tx.sql(OF_CASE).bind(case).all().await
}
