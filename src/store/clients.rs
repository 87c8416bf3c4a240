//! The machines that may use the API. Only a hash of the secret is kept, so the table is of no use to a thief.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "clients":
    ADD = "
        insert into clients (id, name, role, agency, authority, scopes, secret_hash, secret_at, made_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    GET = "select * from clients where id = $1";
    BY_NAME = "select * from clients where name = $1";
    ALL = "select * from clients order by name";
    ROTATE = "
        update clients set secret_hash = $2, secret_at = $3
        where id = $1 and revoked_at is null";
    REVOKE = "update clients set revoked_at = $2 where id = $1 and revoked_at is null";
}

/// A machine that may use the API.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClientRow {
    /// Its id; never given to another.
    pub id: Uuid,
    /// What operators call it, and colleagues see in a history.
    pub name: String,
    /// Its role.
    pub role: String,
    /// Its agency.
    pub agency: String,
    /// The police authority it belongs to.
    pub authority: String,
    /// What it may ask of the API, with a space between.
    pub scopes: String,
    /// Its secret, hashed.
    pub secret_hash: String,
    /// When it was given that secret.
    pub secret_at: At,
    /// When it was added.
    pub made_at: At,
    /// When it was shut out, for good.
    pub revoked_at: Option<At>,
}

/// Leaves the secret's hash out: this may end up in a log.
impl fmt::Debug for ClientRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientRow")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("revoked_at", &self.revoked_at)
            .finish_non_exhaustive()
    }
}

/// Adds a client, which is not revoked.
///
/// # Errors
/// `Taken` when there is one of that name.
pub async fn add(tx: &mut Tx, row: &ClientRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(row.id)
        .bind(&row.name)
        .bind(&row.role)
        .bind(&row.agency)
        .bind(&row.authority)
        .bind(&row.scopes)
        .bind(&row.secret_hash)
        .bind(row.secret_at)
        .bind(row.made_at)
        .execute()
        .await?;
    Ok(())
}

/// A client by id, revoked or not.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<ClientRow>, StoreError> {
    tx.sql(GET).bind(id).optional().await
}

/// A client by name, revoked or not.
///
/// # Errors
/// Those of the database.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<ClientRow>, StoreError> {
    tx.sql(BY_NAME).bind(name).optional().await
}

/// Every client, by name.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<ClientRow>, StoreError> {
    tx.sql(ALL).all().await
}

/// Gives a client another secret; answers whether there is one that is not revoked.
///
/// # Errors
/// Those of the database.
pub async fn rotate(
    tx: &mut Tx,
    id: Uuid,
    secret_hash: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rotated = tx
        .sql(ROTATE)
        .bind(id)
        .bind(secret_hash)
        .bind(At::from(now));
    Ok(rotated.execute().await? == 1)
}

/// Shuts a client out; answers whether there is one that was not.
///
/// # Errors
/// Those of the database.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    let revoked = tx.sql(REVOKE).bind(id).bind(At::from(now));
    Ok(revoked.execute().await? == 1)
}
