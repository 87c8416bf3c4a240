//! The editions in use: those of the workflow files, and every older one that a case still points to.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use jiff::civil::Date;

use super::chance::digest;
use super::error::AppError;
use super::library;
use crate::engine::definition::finding::{File, Finding};
use crate::engine::definition::{self, Definition, Library};
use crate::store::{At, Db, editions};

/// A sound edition under its content hash.
#[derive(Debug, Clone)]
pub struct Edition {
    pub hash: String,
    pub definition: Arc<Definition>,
}

#[derive(Debug)]
pub struct Definitions {
    by_hash: RwLock<HashMap<String, Arc<Definition>>>,
    /// Those of the workflow files, by scheme and then by the day they come into force.
    offered: Vec<Edition>,
}

/// Why the workflow files cannot be used.
#[derive(Debug)]
pub struct Unsound(pub Vec<Finding>);

impl Definitions {
    /// Checks every scheme of a library. Nothing is served from files that have an error.
    ///
    /// # Errors
    /// The findings.
    pub fn read(library: &Library) -> Result<Self, Unsound> {
        let mut offered = Vec::new();
        let mut findings = Vec::new();
        for read in library::schemes(library) {
            match read.definition {
                Some(definition) => offered.push(Edition {
                    hash: hash_of(&definition),
                    definition: Arc::new(definition),
                }),
                None => findings.extend(read.findings),
            }
        }
        if !findings.is_empty() || offered.is_empty() {
            return Err(Unsound(findings));
        }
        offered.sort_by_key(|edition| {
            (
                edition.definition.scheme.scheme.to_string(),
                edition.definition.scheme.effective_from,
            )
        });
        let by_hash = offered
            .iter()
            .map(|edition| (edition.hash.clone(), Arc::clone(&edition.definition)))
            .collect();
        Ok(Self {
            by_hash: RwLock::new(by_hash),
            offered,
        })
    }

    /// One edition alone.
    pub fn of(edition: Edition) -> Self {
        let by_hash = HashMap::from([(edition.hash.clone(), Arc::clone(&edition.definition))]);
        Self {
            by_hash: RwLock::new(by_hash),
            offered: vec![edition],
        }
    }

    /// Keeps each offered edition in the database under its hash, so that no later change of a file touches a case (L13).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep(&self, db: &Db, now: Timestamp) -> Result<(), AppError> {
        let mut tx = db.begin_write().await?;
        for edition in &self.offered {
            let scheme = &edition.definition.scheme;
            let texts: BTreeMap<&str, &str> = edition
                .definition
                .documents
                .0
                .iter()
                .map(|(path, file)| (path.as_str(), file.text.as_str()))
                .collect();
            let row = editions::EditionRow {
                hash: edition.hash.clone(),
                scheme: scheme.scheme.to_string(),
                edition: scheme.edition.to_string(),
                effective_from: scheme.effective_from.to_string(),
                documents: serde_json::to_string(&texts).map_err(AppError::inside)?,
                stored_at: At::from(now),
            };
            editions::put(&mut tx, &row).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The edition in force on a local day for the first scheme offered.
    pub fn in_force(&self, now: Timestamp) -> Option<Edition> {
        let first = &self.offered.first()?.definition.scheme.scheme;
        let mut of_scheme = self
            .offered
            .iter()
            .filter(|edition| *edition.definition.scheme.scheme == **first);
        let begun = |edition: &&Edition| {
            edition.definition.scheme.effective_from <= local_day(&edition.definition, now)
        };
        of_scheme.rfind(begun).cloned()
    }

    /// The edition a case points to.
    ///
    /// # Errors
    /// When it is neither in memory nor in the database, or the database fails.
    pub async fn pinned(&self, db: &Db, hash: &str) -> Result<Arc<Definition>, AppError> {
        if let Some(known) = self.known(hash) {
            return Ok(known);
        }
        let mut tx = db.begin_read().await?;
        let row = editions::get(&mut tx, hash).await?;
        let row =
            row.ok_or_else(|| AppError::Inside(format!("edition {hash} is not in the database")))?;
        let texts: BTreeMap<String, String> =
            serde_json::from_str(&row.documents).map_err(AppError::inside)?;
        let files = texts
            .into_iter()
            .map(|(path, text)| (path.clone(), File::new(path, text)));
        let library = Library(files.collect());
        let (read, _) = definition::read(&library, &format!("schemes/{}.yaml", row.scheme));
        let definition =
            Arc::new(read.ok_or_else(|| {
                AppError::Inside(format!("edition {hash} cannot be read any more"))
            })?);
        let mut by_hash = self
            .by_hash
            .write()
            .map_err(|_| AppError::Inside("the editions are poisoned".to_owned()))?;
        by_hash.insert(hash.to_owned(), Arc::clone(&definition));
        Ok(definition)
    }

    fn known(&self, hash: &str) -> Option<Arc<Definition>> {
        self.by_hash.read().ok()?.get(hash).cloned()
    }

    pub fn offered(&self) -> &[Edition] {
        &self.offered
    }
}

fn local_day(definition: &Definition, now: Timestamp) -> Date {
    now.to_zoned(definition.zone.clone()).date()
}

fn hash_of(definition: &Definition) -> String {
    let files = definition.documents.0.iter();
    digest(files.flat_map(|(path, file)| [path.as_bytes(), file.text.as_bytes()]))
}
