//! The editions in use. Once published, an edition stands in the database under the hash of its content and never
//! changes; the workflow files are drafts of the next one.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::access::Access;
use super::drafts::{Drafts, publish, row_of, rows};
pub use super::edition::Edition;
use super::error::AppError;
use crate::engine::definition::authority::Authority;
use crate::engine::definition::finding::File;
use crate::engine::definition::voice::Voice;
use crate::engine::definition::words::Words;
use crate::engine::definition::{self, Definition, Library};
use crate::store::Db;
use crate::store::editions::EditionRow;

/// The published editions, and what has been put together of them.
#[derive(Debug)]
pub struct Definitions {
    authorities: BTreeMap<String, Authority>,
    pub words: Words,
    pub access: Arc<Access>,
    published: RwLock<Vec<Arc<EditionRow>>>,
    /// By hash and authority.
    assembled: RwLock<HashMap<(String, String), Arc<Definition>>>,
}

impl Definitions {
    /// Opens the published editions. Of a scheme that has none yet, those of the files are published first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(db: &Db, drafts: &Drafts, now: Timestamp) -> Result<Self, AppError> {
        let known = rows(db).await?;
        let is_new = |draft: &&Edition| {
            let scheme = &draft.definition.scheme.scheme;
            !known.iter().any(|row| row.scheme == **scheme)
        };
        for draft in drafts.editions.iter().filter(is_new) {
            publish(db, draft, now).await?;
        }
        Self::published(db, drafts).await
    }

    /// Opens the published editions and writes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn published(db: &Db, drafts: &Drafts) -> Result<Self, AppError> {
        let definitions = Self {
            authorities: drafts.authorities.clone(),
            words: drafts.words.clone(),
            access: Arc::clone(&drafts.access),
            published: RwLock::default(),
            assembled: RwLock::default(),
        };
        definitions.refresh(db).await?;
        Ok(definitions)
    }

    /// Looks again which editions are published, since another process may have published one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh(&self, db: &Db) -> Result<(), AppError> {
        let rows = rows(db).await?.into_iter().map(Arc::new).collect();
        *self
            .published
            .write()
            .unwrap_or_else(PoisonError::into_inner) = rows;
        Ok(())
    }

    /// One edition alone, in force at all times.
    ///
    /// # Errors
    /// When it is not published.
    pub fn only(&self, hash: &str) -> Result<Self, AppError> {
        let row = self.row(hash).ok_or_else(|| unknown(hash))?;
        let always = EditionRow {
            effective_from: Date::MIN.to_string(),
            ..(*row).clone()
        };
        Ok(Self {
            authorities: self.authorities.clone(),
            words: self.words.clone(),
            access: Arc::clone(&self.access),
            published: RwLock::new(vec![Arc::new(always)]),
            assembled: RwLock::default(),
        })
    }

    pub fn authorities(&self) -> &BTreeMap<String, Authority> {
        &self.authorities
    }

    /// How people of an agency at an authority say things, in a language.
    pub fn voice(&self, language: &str, agency: &str, authority: &str) -> Voice {
        let own = self.authorities.get(authority);
        let own = own.into_iter().flat_map(|own| own.words.iter());
        let own = own.map(|(phrase, said)| (phrase.to_string(), said.clone()));
        self.words.voice(language, agency, &own.collect())
    }

    /// The edition of a scheme that an authority takes for what it receives now: by its local day.
    ///
    /// # Errors
    /// When the edition in force cannot be read.
    pub fn in_force(
        &self,
        authority: &str,
        scheme: &str,
        now: Timestamp,
    ) -> Result<Option<Edition>, AppError> {
        let runs = |authority: &Authority| authority.schemes.has(scheme);
        if !self.authorities.get(authority).is_some_and(runs) {
            return Ok(None);
        }
        let mut newest_first = self.editions_of(scheme);
        newest_first.reverse();
        for row in newest_first {
            let definition = self.assembled(&row, authority)?;
            let day = now.to_zoned(definition.zone.clone()).date();
            if row
                .effective_from
                .parse()
                .is_ok_and(|from: Date| from <= day)
            {
                let hash = row.hash.clone();
                return Ok(Some(Edition { hash, definition }));
            }
        }
        Ok(None)
    }

    /// Every published edition.
    pub fn all(&self) -> Vec<Arc<EditionRow>> {
        self.published
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Every published edition of a scheme, by the day it comes into force.
    pub fn editions_of(&self, scheme: &str) -> Vec<Arc<EditionRow>> {
        let mut rows = self.all();
        rows.retain(|row| row.scheme == scheme);
        rows.sort_by(|one, other| one.effective_from.cmp(&other.effective_from));
        rows
    }

    /// The edition that a case of this authority points to.
    ///
    /// # Errors
    /// When it is not in the database, or the database fails.
    pub async fn pinned(
        &self,
        db: &Db,
        hash: &str,
        authority: &str,
    ) -> Result<Arc<Definition>, AppError> {
        let known = self.known(db, hash, authority).await?;
        known
            .map(|edition| edition.definition)
            .ok_or_else(|| unknown(hash))
    }

    /// A published edition as an authority runs it, if there is one with this hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known(
        &self,
        db: &Db,
        hash: &str,
        authority: &str,
    ) -> Result<Option<Edition>, AppError> {
        if self.row(hash).is_none() {
            self.refresh(db).await?;
        }
        let Some(row) = self.row(hash) else {
            return Ok(None);
        };
        Ok(Some(Edition {
            hash: hash.to_owned(),
            definition: self.assembled(&row, authority)?,
        }))
    }

    /// A draft as an authority would run it.
    ///
    /// # Errors
    /// When its documents cannot be read.
    pub fn drafted(&self, draft: &Edition, authority: &str) -> Result<Arc<Definition>, AppError> {
        self.assembled(&row_of(draft, Timestamp::UNIX_EPOCH)?, authority)
    }

    /// A published edition as an authority runs it.
    ///
    /// # Errors
    /// When its documents cannot be read any more.
    pub fn assembled(
        &self,
        row: &EditionRow,
        authority: &str,
    ) -> Result<Arc<Definition>, AppError> {
        let key = (row.hash.clone(), authority.to_owned());
        let known = self
            .assembled
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let definition = Arc::new(stored(row)?.run_by(authority, &self.authorities));
        let mut assembled = self
            .assembled
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        assembled.insert(key, Arc::clone(&definition));
        Ok(definition)
    }

    fn row(&self, hash: &str) -> Option<Arc<EditionRow>> {
        let published = self
            .published
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        published.iter().find(|row| row.hash == hash).cloned()
    }

    /// The time zone that an authority's people live by: its own, or that of its first scheme.
    pub fn zone(&self, authority: &str) -> TimeZone {
        let own = self.authorities.get(authority);
        let zone = own.and_then(|own| own.zone.clone());
        let of_scheme = || {
            let (scheme, _) = own?.schemes.iter().next()?;
            let row = self.editions_of(scheme).pop()?;
            Some(self.assembled(&row, authority).ok()?.zone.clone())
        };
        zone.or_else(of_scheme).unwrap_or(TimeZone::UTC)
    }
}

/// Reads a stored edition. It was sound when it was published, and a later, stricter check takes nothing from its cases.
fn stored(row: &EditionRow) -> Result<Definition, AppError> {
    let texts: BTreeMap<String, String> =
        serde_json::from_str(&row.documents).map_err(AppError::unreadable)?;
    let files = texts
        .into_iter()
        .map(|(path, text)| (path.clone(), File::new(path, text)));
    let library = Library(files.collect());
    let read = definition::read_stored(&library, &row.path);
    read.ok_or_else(|| AppError::Inside(format!("edition {} cannot be read any more", row.hash)))
}

fn unknown(hash: &str) -> AppError {
    AppError::Inside(format!("edition {hash} is not in the database"))
}
