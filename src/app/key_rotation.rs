//! Keys wrapped anew: those of authorities with every rotation, all of them for another root. Nothing is sealed anew, and others go on
//! working meanwhile.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::chance::Chance;
use super::error::AppError;
use super::keys::Keys;
use super::write::again;
use crate::store::keys;
use crate::vault::root::Root;

/// How many keys are wrapped anew in one transaction.
const BATCH: i64 = 500;

/// What was done to the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// Authorities that have a new key.
    pub authorities: usize,
    /// Keys of cases and meetings that were wrapped anew.
    pub streams: usize,
}

impl Keys {
    /// Gives every authority a new key and wraps the keys of its cases and meetings with it; nothing is sealed anew. Others may go on
    /// working meanwhile. One that was interrupted is done again.
    ///
    /// # Errors
    /// When the database fails or a key does not open.
    pub async fn rotate(&self, chance: &Chance, now: Timestamp) -> Result<Rotated, AppError> {
        let before = keys::authority_keys(&mut self.db()?.begin_read().await?).await?;
        let authorities: BTreeSet<_> = before.iter().map(|row| row.authority.as_str()).collect();
        for authority in &authorities {
            again(|| self.make_next(authority, chance, now)).await?;
        }
        let mut streams = 0;
        loop {
            let wrapped = again(|| self.wrap_next(chance)).await?;
            streams += wrapped;
            if wrapped == 0 {
                break;
            }
        }
        for row in &before {
            again(async || {
                let mut tx = self.db()?.begin_write().await?;
                keys::remove_authority(&mut tx, row.id).await?;
                tx.commit().await?;
                Ok(())
            })
            .await?;
        }
        self.db()?.forget().await?;
        Ok(Rotated {
            authorities: authorities.len(),
            streams,
        })
    }

    /// Wraps the authorities' keys for another root. The old one opens nothing of this database any more.
    ///
    /// # Errors
    /// When the database fails or a key does not open.
    pub async fn take_root(&self, root: &Root) -> Result<(), AppError> {
        again(async || {
            let mut tx = self.db()?.begin_write().await?;
            for row in keys::authority_keys(&mut tx).await? {
                let key = self.unwrapped(&row)?;
                keys::wrap_authority(&mut tx, row.id, &root.wrap(&key)).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await?;
        Ok(self.db()?.forget().await?)
    }

    async fn make_next(
        &self,
        authority: &str,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let mut tx = self.db()?.begin_write().await?;
        let newest = keys::newest(&mut tx, authority).await?;
        let version = newest.map_or(1, |row| row.version + 1);
        self.next(&mut tx, authority, version, chance, now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn wrap_next(&self, chance: &Chance) -> Result<usize, AppError> {
        let mut tx = self.db()?.begin_write().await?;
        let rows = keys::wrapped_by_others(&mut tx, BATCH).await?;
        for row in &rows {
            let Some(key) = self.stream_key(&mut tx, row).await? else {
                continue;
            };
            let by = row.wrapped_by.unwrap_or_default();
            let old = keys::authority_key(&mut tx, by).await?;
            let authority = old.map(|row| row.authority).unwrap_or_default();
            let Some(newest) = keys::newest(&mut tx, &authority).await? else {
                continue;
            };
            let wrapped = self
                .unwrapped(&newest)?
                .wrap(row.stream, &key, chance.bytes());
            keys::wrap_stream(&mut tx, row.stream, newest.id, &wrapped).await?;
        }
        tx.commit().await?;
        Ok(rows.len())
    }
}
