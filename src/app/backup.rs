//! A backup of a SQLite database, made while the service runs: a copy that has been proved before it gets its name.

use std::path::{Path, PathBuf};

use super::epoch::{self, Cause};
use super::error::AppError;
use super::partial::{Partial, PartialError, beside, failed, sha256};
use super::proof::{self, BadEvent};
use crate::clock::Clock;
use crate::store::database::{Contents, contents, faults};
use crate::store::{Db, OpenError, copy, file_of, open};

/// What stands behind the name of the file that holds a backup's hash.
const HASH: &str = ".sha256";

/// A finished backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    pub contents: Contents,
    /// The SHA-256 of the file, which also stands in a file beside it.
    pub sha256: String,
}

/// Why there is no backup, or why one cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "the database is on a PostgreSQL server, whose own tools back it up: `pg_dump --format custom`, or a base backup with its archived log. See docs/restore.md"
    )]
    Server,
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    #[error("the history of {} is broken at event {}: {}", .0.stream, .0.seq, .0.why)]
    Broken(BadEvent),
    #[error("the file of the database is damaged: {0}")]
    Damaged(String),
    #[error(transparent)]
    File(#[from] PartialError),
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error("{0}")]
    Inside(String),
}

impl From<AppError> for BackupError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Inside(text) => Self::Inside(text),
            other => Self::Inside(format!("{other:?}")),
        }
    }
}

impl From<crate::store::StoreError> for BackupError {
    fn from(error: crate::store::StoreError) -> Self {
        AppError::from(error).into()
    }
}

/// Copies the database at this address to a new file, proves the copy, and only then gives it its name. Nobody is signed
/// in to the copy, and it sends nothing until a person releases it.
///
/// # Errors
/// Why there is no backup; nothing is left behind then.
pub async fn backup(address: &str, to: &Path, clock: &Clock) -> Result<Backup, BackupError> {
    let file = file_of(address)?.ok_or(BackupError::Server)?;
    if !file.exists() {
        return Err(BackupError::Missing(file.to_owned()));
    }
    let partial = Partial::begin(to)?;
    copy(file, partial.path()).await?;
    let contents = proved(partial.path(), clock).await?;
    let sha256 = sha256(partial.path())?;
    partial.keep()?;
    write_hash(to, &sha256)?;
    Ok(Backup { contents, sha256 })
}

/// The hash that was written beside a backup; `None` where that file is missing.
///
/// # Errors
/// When it cannot be read.
pub(super) fn hash_beside(backup: &Path) -> Result<Option<String>, PartialError> {
    let path = beside(backup, HASH);
    match std::fs::read_to_string(&path) {
        Ok(line) => Ok(Some(
            line.split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned(),
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(failed(&path, why)),
    }
}

/// As `sha256sum` writes it, so that `sha256sum --check` reads it.
fn write_hash(backup: &Path, hash: &str) -> Result<(), PartialError> {
    let path = beside(backup, HASH);
    let name = backup.file_name().unwrap_or_default().to_string_lossy();
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&path)?;
        std::io::Write::write_all(&mut file, format!("{hash}  {name}\n").as_bytes())?;
        file.sync_all()
    };
    write().map_err(|why| failed(&path, why))
}

async fn proved(copy: &Path, clock: &Clock) -> Result<Contents, BackupError> {
    let db = open(&format!("sqlite://{}", copy.display())).await?;
    epoch::begin(&db, clock, Cause::Backup).await?;
    let proved = prove(&db).await;
    db.close().await;
    proved
}

/// Looks at the pages and walks every chain.
///
/// # Errors
/// `Damaged` or `Broken` with the first thing found.
pub(super) async fn prove(db: &Db) -> Result<Contents, BackupError> {
    let mut tx = db.begin_read().await?;
    if let Some(fault) = faults(&mut tx).await?.into_iter().next() {
        return Err(BackupError::Damaged(fault));
    }
    let contents = contents(&mut tx).await?;
    drop(tx);
    match proof::verify(db).await?.bad.into_iter().next() {
        Some(bad) => Err(BackupError::Broken(bad)),
        None => Ok(contents),
    }
}
