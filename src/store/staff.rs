//! The people who may sign in.

use std::fmt;

use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "staff":
    PUT = "
        insert into staff (id, sign_in_name, name, email, role, agency, password_hash, disabled,
            made_at, authority)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (id) do update set
            sign_in_name = excluded.sign_in_name,
            name = excluded.name,
            email = excluded.email,
            role = excluded.role,
            agency = excluded.agency,
            authority = excluded.authority,
            password_hash = excluded.password_hash,
            disabled = excluded.disabled";
    GET = "select * from staff where id = $1";
    BY_SIGN_IN_NAME = "select * from staff where sign_in_name = $1";
    ALL = "select * from staff order by sign_in_name";
}

/// A person who may sign in.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StaffRow {
    /// Their id; never given to another.
    pub id: Uuid,
    /// What they sign in with.
    pub sign_in_name: String,
    /// What colleagues see.
    pub name: String,
    /// Where their messages go.
    pub email: String,
    /// Their role.
    pub role: String,
    /// Their agency.
    pub agency: String,
    /// Their password, hashed; none until they have set one.
    pub password_hash: Option<String>,
    /// Whether they are shut out.
    pub disabled: bool,
    /// When they were added.
    pub made_at: At,
    /// The police authority they belong to.
    pub authority: String,
}

/// Shows neither the person nor the password: this may end up in a log.
impl fmt::Debug for StaffRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffRow")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

/// Writes the whole row of a person, new or known; the day they were added stays.
///
/// # Errors
/// `Taken` when somebody else has the sign-in name.
pub async fn put(tx: &mut Tx, row: &StaffRow) -> Result<(), StoreError> {
    tx.sql(PUT)
        .bind(row.id)
        .bind(&row.sign_in_name)
        .bind(&row.name)
        .bind(&row.email)
        .bind(&row.role)
        .bind(&row.agency)
        .bind(&row.password_hash)
        .bind(row.disabled)
        .bind(row.made_at)
        .bind(&row.authority)
        .execute()
        .await?;
    Ok(())
}

/// A person by id.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<StaffRow>, StoreError> {
    tx.sql(GET).bind(id).optional().await
}

/// A person by the name they sign in with.
///
/// # Errors
/// Those of the database.
pub async fn by_sign_in_name(tx: &mut Tx, name: &str) -> Result<Option<StaffRow>, StoreError> {
    tx.sql(BY_SIGN_IN_NAME).bind(name).optional().await
}

/// Everybody, by sign-in name.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<StaffRow>, StoreError> {
    tx.sql(ALL).all().await
}
