//! The keys that sign the logs, one for each, in the data folder. Whoever has one can sign another history, so what a log said
//! of itself is to be held elsewhere as well (docs/ledger.md).

use std::path::{Path, PathBuf};

use super::error::AppError;
use super::key_file;
use crate::ledger::head::Signer;

/// Where the keys are. A key is made when its log is signed for the first time.
#[derive(Debug, Clone)]
pub struct LedgerKeys {
    folder: PathBuf,
}

impl LedgerKeys {
    /// The folder of the keys in the data folder.
    pub const FOLDER: &'static str = "ledger-keys";

    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self {
            folder: data.join(Self::FOLDER),
        }
    }

    /// The data folder.
    pub(super) fn data(&self) -> &Path {
        self.folder.parent().unwrap_or(&self.folder)
    }

    /// What signs a log. One that has been signed before is signed with the same key or not at all: another would
    /// make every head that somebody keeps worthless.
    ///
    /// # Errors
    /// When its file is not there, or cannot be read or understood.
    pub fn signer(&self, log: &str) -> Result<Signer, AppError> {
        let (_, pair) = key_file::read(&self.path(log))?;
        Ok(Signer::new(&log_name(log), pair))
    }

    /// What signs a log for the first time.
    ///
    /// # Errors
    /// When the file cannot be read, written or understood.
    pub fn first(&self, log: &str) -> Result<Signer, AppError> {
        std::fs::create_dir_all(&self.folder).map_err(AppError::inside)?;
        let (_, pair) = key_file::read_or_made(&self.path(log))?;
        Ok(Signer::new(&log_name(log), pair))
    }

    fn path(&self, log: &str) -> PathBuf {
        self.folder.join(format!("{}.der", file_name(log)))
    }
}

/// Whether a log is one of looks: the authority's name and `/access`. That of what happened there has the authority's name alone.
#[must_use]
pub fn is_of_looks(log: &str) -> bool {
    log.contains('/')
}

/// What a log is called outside this installation.
#[must_use]
pub fn log_name(log: &str) -> String {
    format!("clares-law/{log}")
}

/// What files about a log are called: all in one folder.
#[must_use]
pub fn file_name(log: &str) -> String {
    log.replace('/', ".")
}
