//! Opening the keys: the database they are in, and the root key that opens them, which is a file or handed in and in no database.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::AppError;
use super::key_file::write_private;
use super::keys::Keys;
use crate::store::{OpenError, file_of, open_keys};
use crate::vault::root::{NoRoot, Root};

/// Where the keys are.
#[derive(Clone)]
pub struct KeyStore {
    /// The address of their database.
    pub database: String,
    pub root: RootKey,
}

/// Where the root key is.
#[derive(Clone)]
pub enum RootKey {
    /// In this file, which is made with the first key.
    File(PathBuf),
    /// Handed in by whoever starts the service: an age identity.
    Given(Zeroizing<String>),
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Locked {
    #[error("the database of the keys: {0}")]
    Database(#[from] OpenError),
    #[error(
        "the root key is not at {0}, and without it nothing that is sealed can be read: put it back, or name its file with --root-key"
    )]
    NoFile(String),
    #[error("the root key at {0} cannot be read or written: {1}")]
    File(String, std::io::Error),
    #[error("the root key: {0}")]
    NotOne(#[from] NoRoot),
    #[error("{0}")]
    Inside(String),
}

impl From<AppError> for Locked {
    fn from(error: AppError) -> Self {
        Self::Inside(error.to_string())
    }
}

impl KeyStore {
    /// The file of the keys in the data folder.
    pub const DATABASE: &'static str = "keys.db";

    /// The file of the root key in the data folder.
    pub const ROOT: &'static str = "root.key";

    /// Both in the data folder, where nothing else is said.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self {
            database: data.join(Self::DATABASE).to_string_lossy().into_owned(),
            root: RootKey::File(data.join(Self::ROOT)),
        }
    }

    /// Opens the keys, and makes the root key where there is no key yet.
    ///
    /// # Errors
    /// When there are keys and the root key is not at hand or does not open them.
    pub async fn open(&self) -> Result<Keys, Locked> {
        let db = open_keys(&self.database).await?;
        let made = Keys::new(Some(db.clone()), None).are_made().await?;
        let root = match self.root.read()? {
            Some(root) => root,
            None if made => return Err(Locked::NoFile(self.root.path())),
            None => self.root.make()?,
        };
        let keys = Keys::new(Some(db), Some(root));
        keys.check().await?;
        Ok(keys)
    }

    /// Opens the keys as far as they are there: without them, what is sealed stays closed. Nothing is made.
    ///
    /// # Errors
    /// When their database cannot be opened, or what is said to be the root key is none.
    pub async fn open_as_found(&self) -> Result<Keys, Locked> {
        let db = match file_of(&self.database)? {
            Some(file) if !file.exists() => None,
            _ => Some(open_keys(&self.database).await?),
        };
        Ok(Keys::new(db, self.root.read()?))
    }
}

impl RootKey {
    /// The root key; none where its file is not there.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub fn read(&self) -> Result<Option<Root>, Locked> {
        let text = match self {
            Self::Given(text) => text.clone(),
            Self::File(path) => match std::fs::read_to_string(path) {
                Ok(text) => Zeroizing::new(text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(Locked::File(self.path(), error)),
            },
        };
        Ok(Some(Root::parse(&text)?))
    }

    /// The root key, made where its file is not there.
    ///
    /// # Errors
    /// When it cannot be read or written, or is none.
    pub fn read_or_made(&self) -> Result<Root, Locked> {
        match self.read()? {
            Some(root) => Ok(root),
            None => self.make(),
        }
    }

    fn make(&self) -> Result<Root, Locked> {
        if let Self::File(path) = self {
            let text = Root::made().text();
            write_private(path, text.as_bytes())
                .map_err(|error| Locked::File(self.path(), error))?;
        }
        // Another process may have made one first: that one stands.
        self.read()?.ok_or_else(|| Locked::NoFile(self.path()))
    }

    fn path(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Given(_) => "the environment".to_owned(),
        }
    }
}
