//! Machines that may use the API: each a client with a secret of its own, of which only the hash is kept.
//! The secret is 256 random bits, so a plain hash is enough: there is nothing to guess.

use std::sync::Arc;

use super::App;
use super::digest::digest;
use super::error::AppError;
use crate::domain::id::ClientId;
use crate::domain::scope::Scopes;
use crate::store::clients::{self, ClientRow};
use crate::store::{At, Tx};

/// A machine to be.
#[derive(Debug, Clone)]
pub struct NewClient {
    pub name: String,
    pub role: String,
    pub agency: String,
    pub authority: String,
    pub scopes: Scopes,
}

/// What a machine asks for tokens with. The secret is nowhere else, so it can be shown only now.
pub struct Credentials {
    pub id: ClientId,
    pub secret: String,
}

/// A client's secret as it is kept.
pub(super) fn kept(secret: &str) -> String {
    digest([secret.as_bytes()])
}

impl App {
    /// Adds a client; `None` when there is one of that name, revoked or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_client(
        self: &Arc<Self>,
        new: NewClient,
    ) -> Result<Option<Credentials>, AppError> {
        let secret = self.chance.secret();
        let now = At::from(self.clock.now());
        let row = ClientRow {
            id: self.chance.id(),
            name: new.name,
            role: new.role,
            agency: new.agency,
            authority: new.authority,
            scopes: new.scopes.to_string(),
            secret_hash: kept(&secret),
            secret_at: now,
            made_at: now,
            revoked_at: None,
        };
        let id = ClientId(row.id);
        let added = self.write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                if clients::by_name(tx, &row.name).await?.is_some() {
                    return Ok(false);
                }
                clients::add(tx, &row).await?;
                Ok(true)
            })
        });
        let credentials = Credentials { id, secret };
        Ok(added.await?.then_some(credentials))
    }

    /// Every client, by name, with those that are revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clients(&self) -> Result<Vec<ClientRow>, AppError> {
        let mut tx = self.db.begin_read().await?;
        Ok(clients::all(&mut tx).await?)
    }

    /// Gives a client another secret; the one before opens nothing any more. Tokens that are out live their minutes.
    /// `None` when no client of that name may use the API.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotate_client(
        self: &Arc<Self>,
        name: String,
    ) -> Result<Option<Credentials>, AppError> {
        let secret = self.chance.secret();
        let (secret_hash, now) = (kept(&secret), self.clock.now());
        let rotated = self.write(move |tx| {
            let (name, secret_hash) = (name.clone(), secret_hash.clone());
            Box::pin(async move {
                let Some(id) = named(tx, &name).await? else {
                    return Ok(None);
                };
                let rotated = clients::rotate(tx, id.0, &secret_hash, now).await?;
                Ok(rotated.then_some(id))
            })
        });
        let id = rotated.await?;
        Ok(id.map(|id| Credentials { id, secret }))
    }

    /// Shuts a client out for good and at once, whatever tokens are out. Answers whether there was one to shut out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_client(self: &Arc<Self>, name: String) -> Result<bool, AppError> {
        let now = self.clock.now();
        self.write(move |tx| {
            let name = name.clone();
            Box::pin(async move {
                match named(tx, &name).await? {
                    Some(id) => Ok(clients::revoke(tx, id.0, now).await?),
                    None => Ok(false),
                }
            })
        })
        .await
    }
}

async fn named(tx: &mut Tx, name: &str) -> Result<Option<ClientId>, AppError> {
    let row = clients::by_name(tx, name).await?;
    Ok(row.map(|row| ClientId(row.id)))
}
