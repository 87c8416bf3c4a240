//! The keys of cases and meetings as they are used: found, made, destroyed; `key_rotation` wraps them anew. They are in a database of
//! their own, and the root that opens them all is in neither database.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::chance::Chance;
use super::error::AppError;
use super::write::again;
use crate::store::keys::{self, AuthorityKeyRow, StreamKeyRow};
use crate::store::{At, Db, Tx};
use crate::vault::keys::{AuthorityKey, StreamKey};
use crate::vault::root::Root;

/// Whose the keys are that belong to no authority.
const INSTALLATION: &str = "";

/// What has a key of its own beside cases and meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Blind indexes.
    Indexes,
    /// What people of the register are known by.
    Register,
    /// What people wrote where it belongs to no history.
    Reasons,
    /// What devices make codes from.
    Devices,
}

impl Kept {
    /// What its key is kept as.
    fn id(self) -> Uuid {
        Uuid::from_u128(match self {
            Self::Indexes => 1,
            Self::Register => 2,
            Self::Reasons => 3,
            Self::Devices => 4,
        })
    }
}

/// The keys of an installation. Copies of one share what they have opened.
#[derive(Clone)]
pub struct Keys {
    /// None where their database is not at hand: nothing can be read or written then.
    db: Option<Db>,
    /// None where the root key is not at hand: what is sealed stays closed.
    root: Option<Root>,
    opened: Arc<Mutex<HashMap<Uuid, AuthorityKey>>>,
}

/// Keys are never shown.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    #[must_use]
    pub fn new(db: Option<Db>, root: Option<Root>) -> Self {
        Self {
            db,
            root,
            opened: Arc::default(),
        }
    }

    /// The database of the keys.
    pub(super) fn db(&self) -> Result<&Db, AppError> {
        let missing = "the keys are not here: name their database with --keys-url, or put keys.db back into the data folder";
        self.db
            .as_ref()
            .ok_or_else(|| AppError::Inside(missing.to_owned()))
    }

    /// Whether every authority's key opens with this root.
    ///
    /// # Errors
    /// `Inside` with the first that does not.
    pub async fn check(&self) -> Result<(), AppError> {
        let mut tx = self.db()?.begin_read().await?;
        for row in keys::authority_keys(&mut tx).await? {
            self.unwrapped(&row)?;
        }
        Ok(())
    }

    /// Whether there ever was a key of a case or meeting here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn any(&self) -> Result<bool, AppError> {
        Ok(keys::any(&mut self.db()?.begin_read().await?).await?)
    }

    /// Whether there is any key here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn are_made(&self) -> Result<bool, AppError> {
        let made = keys::authority_keys(&mut self.db()?.begin_read().await?).await?;
        Ok(!made.is_empty())
    }

    /// The keys of these cases and meetings; none for one whose key was destroyed.
    ///
    /// # Errors
    /// `Inside` for one that never had a key here, or whose key does not open.
    pub(super) async fn of(
        &self,
        streams: &BTreeSet<Uuid>,
    ) -> Result<HashMap<Uuid, Option<StreamKey>>, AppError> {
        let streams: Vec<_> = streams.iter().copied().collect();
        let mut tx = self.db()?.begin_read().await?;
        let mut found = HashMap::new();
        for row in keys::stream_keys(&mut tx, &streams).await? {
            let key = self.stream_key(&mut tx, &row).await?;
            found.insert(row.stream, key);
        }
        match streams.iter().find(|stream| !found.contains_key(stream)) {
            Some(stream) => Err(AppError::Inside(format!(
                "the key of {stream} is not in the database of the keys"
            ))),
            None => Ok(found),
        }
    }

    /// The key of a case or meeting that is about to be written to; made, with its authority's, where there is none.
    ///
    /// # Errors
    /// `NotFound` when it was destroyed.
    pub(super) async fn for_writing(
        &self,
        authority: &str,
        stream: Uuid,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<StreamKey, AppError> {
        let mut found = self.find(stream).await?;
        if found.is_none() {
            again(|| self.make(authority, stream, chance, now)).await?;
            found = self.find(stream).await?;
        }
        found.flatten().ok_or(AppError::NotFound)
    }

    /// The key of a case or meeting; of one that was destroyed, none in it.
    async fn find(&self, stream: Uuid) -> Result<Option<Option<StreamKey>>, AppError> {
        let mut tx = self.db()?.begin_read().await?;
        let rows = keys::stream_keys(&mut tx, &[stream]).await?;
        match rows.first() {
            Some(row) => Ok(Some(self.stream_key(&mut tx, row).await?)),
            None => Ok(None),
        }
    }

    /// The key of something that is neither case nor meeting.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) async fn kept(
        &self,
        what: Kept,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<StreamKey, AppError> {
        self.for_writing(INSTALLATION, what.id(), chance, now).await
    }

    /// Destroys the key of a case or meeting: what was sealed with it stays closed for ever. Answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn destroy(&self, stream: Uuid, now: Timestamp) -> Result<bool, AppError> {
        let destroyed = again(async || {
            let mut tx = self.db()?.begin_write().await?;
            let destroyed = keys::destroy(&mut tx, stream, At::from(now)).await?;
            tx.commit().await?;
            Ok(destroyed)
        });
        let destroyed = destroyed.await?;
        self.db()?.forget().await?;
        Ok(destroyed)
    }

    async fn make(
        &self,
        authority: &str,
        stream: Uuid,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let mut tx = self.db()?.begin_write().await?;
        let newest = match keys::newest(&mut tx, authority).await? {
            Some(newest) => newest,
            None => self.next(&mut tx, authority, 1, chance, now).await?,
        };
        let key = StreamKey::new(Zeroizing::new(chance.bytes()));
        let wrapped = self.unwrapped(&newest)?.wrap(stream, &key, chance.bytes());
        keys::add_stream(&mut tx, stream, newest.id, &wrapped, At::from(now)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A new key of an authority, under this number; that of whoever was quicker counts.
    pub(super) async fn next(
        &self,
        tx: &mut Tx,
        authority: &str,
        version: i64,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<AuthorityKeyRow, AppError> {
        let key = AuthorityKey::new(Zeroizing::new(chance.bytes()));
        let row = AuthorityKeyRow {
            id: chance.id(),
            authority: authority.to_owned(),
            version,
            wrapped: self.root()?.wrap(&key),
            made_at: At::from(now),
        };
        keys::add_authority(tx, &row).await?;
        let newest = keys::newest(tx, authority).await?;
        newest.ok_or_else(|| AppError::Inside("a key that was just made is gone".to_owned()))
    }

    /// A key of a case or meeting, opened; none of one that was destroyed.
    pub(super) async fn stream_key(
        &self,
        tx: &mut Tx,
        row: &StreamKeyRow,
    ) -> Result<Option<StreamKey>, AppError> {
        let (Some(by), Some(wrapped)) = (row.wrapped_by, &row.wrapped) else {
            return Ok(None);
        };
        let known = self.cache().get(&by).cloned();
        let opener = if let Some(key) = known {
            key
        } else {
            let kept = keys::authority_key(tx, by).await?;
            let kept = kept.ok_or_else(|| does_not_open("a key of an authority"))?;
            self.unwrapped(&kept)?
        };
        let key = opener.unwrap(row.stream, wrapped);
        let key = key.map_err(|_| does_not_open(&format!("the key of {}", row.stream)))?;
        Ok(Some(key))
    }

    /// A key of an authority, opened.
    pub(super) fn unwrapped(&self, row: &AuthorityKeyRow) -> Result<AuthorityKey, AppError> {
        if let Some(known) = self.cache().get(&row.id) {
            return Ok(known.clone());
        }
        let key = self.root()?.unwrap(&row.wrapped).map_err(|_| {
            does_not_open(&format!(
                "the key of {}, with this root key",
                if row.authority.is_empty() {
                    "the installation"
                } else {
                    &row.authority
                }
            ))
        })?;
        self.cache().insert(row.id, key.clone());
        Ok(key)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, AuthorityKey>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn root(&self) -> Result<&Root, AppError> {
        let missing = "the root key is not here: name its file with --root-key";
        self.root
            .as_ref()
            .ok_or_else(|| AppError::Inside(missing.to_owned()))
    }
}

fn does_not_open(what: &str) -> AppError {
    AppError::Inside(format!("this does not open: {what}"))
}
