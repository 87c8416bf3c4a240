//! Who witnesses whom, in the folder `witness` of the data folder: `logs`, the keys of the logs of others that are witnessed here; `witnesses`,
//! the keys of those who witness ours, each with the address it is asked at, if it is asked over the network; and `key.der`, the
//! key that this installation signs with as a witness. The files are read each time, so nothing has to be started anew.

use std::path::{Path, PathBuf};

use super::error::AppError;
use super::key_file;
use crate::ledger::head::Verifier;
use crate::ledger::witness::{Witness, WitnessKey};

/// What a witness of this service is called; its key tells it from others.
const NAME: &str = "clares-law/witness";

/// Somebody who witnesses our logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub key: WitnessKey,
    /// Where it is asked; none if it is asked by file.
    pub address: Option<String>,
}

/// The folder.
#[derive(Debug, Clone)]
pub struct WitnessFiles {
    folder: PathBuf,
}

impl WitnessFiles {
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self {
            folder: data.join("witness"),
        }
    }

    /// The keys of the logs that are witnessed here; none where there is no file.
    ///
    /// # Errors
    /// When the file cannot be read, with the first line that is no key.
    pub fn logs(&self) -> Result<Vec<Verifier>, AppError> {
        self.lines("logs", Verifier::read)
    }

    /// Who witnesses our logs; nobody where there is no file.
    ///
    /// # Errors
    /// When the file cannot be read, with the first line that is none.
    pub fn witnesses(&self) -> Result<Vec<Known>, AppError> {
        self.lines("witnesses", |line| {
            let (key, address) = line.split_once(' ').unzip();
            let address = address.map(|address| address.trim().trim_end_matches('/'));
            Some(Known {
                key: WitnessKey::read(key.unwrap_or(line))?,
                address: address.map(str::to_owned),
            })
        })
    }

    /// What signs here; made when it is asked for the first time.
    ///
    /// # Errors
    /// When the file cannot be read, written or understood.
    pub fn own(&self) -> Result<Witness, AppError> {
        std::fs::create_dir_all(&self.folder).map_err(AppError::inside)?;
        let (_, pair) = key_file::read_or_made(&self.folder.join("key.der"))?;
        Ok(Witness::new(NAME, pair))
    }

    fn lines<T>(&self, file: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, AppError> {
        let path = self.folder.join(file);
        let told = |why: &str| AppError::Inside(format!("{}: {why}", path.display()));
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.map_err(|error| told(&error.to_string()))?,
        };
        let lines = text.lines().map(str::trim).zip(1..);
        let lines = lines.filter(|(line, _)| !line.is_empty());
        let each = |(line, number)| {
            let known = read(line);
            known.ok_or_else(|| told(&format!("line {number} is not as it has to be")))
        };
        lines.map(each).collect()
    }
}
