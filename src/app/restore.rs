//! Bringing an installation back: a backup is copied, proved and put in place, or a database that the server's own tools
//! brought back is proved where it is. Either way nobody is signed in and no message leaves until a person says so.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use super::App;
use super::backup::{BackupError, hash_beside, prove};
use super::epoch::{self, Cause};
use super::partial::{Partial, PartialError, failed, refuse_log, sha256};
use crate::store::database::Contents;
use crate::store::outbox::Waiting;

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub epoch: i64,
    pub contents: Contents,
    /// Messages that wait to be released.
    pub waiting: Waiting,
    /// Cases whose rows were not what their history says; they have been made anew.
    pub differed: Vec<Uuid>,
}

/// Why a backup cannot be brought to where it is to live.
#[derive(Debug, thiserror::Error)]
pub enum Unbrought {
    #[error(
        "{0} is not the file that was backed up: its SHA-256 is not the one beside it. Take another backup"
    )]
    Altered(String),
    #[error(transparent)]
    File(#[from] PartialError),
}

/// Copies a backup beside the place of a database that is not there yet, which only its owner may read. Answers whether
/// its hash could be compared.
///
/// # Errors
/// When a database is there already, or the backup is not what it was.
pub fn bring(backup: &Path, to: &Path) -> Result<(Partial, bool), Unbrought> {
    let partial = Partial::begin(to)?;
    refuse_log(backup)?;
    refuse_log(to)?; // it would be taken for this one's
    copied(backup, partial.path()).map_err(|why| failed(backup, why))?;
    let beside = hash_beside(backup)?;
    match &beside {
        Some(hash) if *hash != sha256(partial.path())? => {
            Err(Unbrought::Altered(backup.display().to_string()))
        }
        _ => Ok((partial, beside.is_some())),
    }
}

/// The bytes alone: the copy keeps its own permissions.
fn copied(from: &Path, to: &Path) -> io::Result<()> {
    let mut to = OpenOptions::new().write(true).open(to)?;
    io::copy(&mut File::open(from)?, &mut to)?;
    Ok(())
}

impl App {
    /// Takes this database for a restored one: holds the outbox first, then ends every session, proves every history and
    /// compares the rows with it.
    ///
    /// # Errors
    /// `Damaged` or `Broken` with the first thing found; the outbox is held all the same.
    pub async fn restored(self: &Arc<Self>) -> Result<Restored, BackupError> {
        let epoch = epoch::begin(&self.db, &self.clock, Cause::Restored).await?;
        let contents = prove(&self.db).await?;
        let differed = self.differing().await?;
        if !differed.is_empty() {
            self.rebuild().await?;
        }
        Ok(Restored {
            epoch,
            contents,
            waiting: self.waiting().await?,
            differed,
        })
    }
}
