//! What the workflow files hold: drafts, until they are published. A published edition never changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use fail::fail_point;
use jiff::Timestamp;

use super::access::Access;
use super::edition::Edition;
use super::error::AppError;
use super::library;
use super::write::again;
use crate::engine::definition::Library;
use crate::engine::definition::agreement;
use crate::engine::definition::authority::{self, Authority};
use crate::engine::definition::finding::{Finding, Severity};
use crate::engine::definition::words::{self, Words};
use crate::store::editions::EditionRow;
use crate::store::{At, Db, Tx, cases, editions};

/// What the workflow files hold: every authority, and every edition of every scheme.
#[derive(Debug, Clone)]
pub struct Drafts {
    pub authorities: BTreeMap<String, Authority>,
    pub editions: Vec<Edition>,
    /// What people of each language and agency say for the English. No part of an edition: better words change no case.
    pub words: Words,
    /// Who may see what. No part of an edition either: it holds for every case at once.
    pub access: Arc<Access>,
}

/// Why the workflow files cannot be used.
#[derive(Debug)]
pub struct Unsound(pub Vec<Finding>);

/// What became of a draft that was to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    Now,
    /// It is published already, with this content.
    Before,
    /// Another content is published under this label; an edition never changes.
    Otherwise,
    /// Another edition of the scheme begins on the same day.
    SameDay,
    /// So many cases have come in since the day it would begin, and they go by another edition.
    CasesSince(i64),
}

impl Drafts {
    /// Checks the files. Nothing is taken from files that have an error.
    ///
    /// # Errors
    /// The findings.
    pub fn read(library: &Library) -> Result<Self, Unsound> {
        let read = library::schemes(library);
        let (authorities, mut findings) = authority::read(library);
        findings.extend(library::twins(&read));
        let (words, of_words) = words::read(library);
        findings.extend(of_words);
        findings.extend(agreement::read(library).1);
        findings.extend(library::access_faults(library, &read));
        let access = Access::read(library).ok();
        let mut editions = Vec::new();
        for one in read {
            match one.definition {
                Some(definition) => editions.push(Edition::of(definition)),
                None => findings.extend(one.findings),
            }
        }
        findings.retain(|finding| finding.severity == Severity::Error);
        let Some(access) = access.filter(|_| findings.is_empty() && !editions.is_empty()) else {
            return Err(Unsound(findings));
        };
        Ok(Self {
            authorities,
            editions,
            words,
            access: Arc::new(access),
        })
    }

    /// What concerns one scheme alone: its editions, and the authorities that run it.
    #[must_use]
    pub fn of_scheme(mut self, scheme: &str) -> Self {
        self.editions
            .retain(|edition| *edition.definition.scheme.scheme == *scheme);
        self.authorities
            .retain(|_, authority| authority.schemes.has(scheme));
        self
    }

    /// The edition that a file holds, by the path at which the file was read.
    pub fn of_file(&self, path: &str) -> Option<&Edition> {
        let mut editions = self.editions.iter();
        editions.find(|edition| edition.definition.file().path == path)
    }

    /// Those that are not published as they stand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unpublished(&self, db: &Db) -> Result<Vec<(&Edition, Published)>, AppError> {
        let known = rows(db).await?;
        let standing = self
            .editions
            .iter()
            .map(|draft| (draft, standing(draft, &known)));
        Ok(standing
            .filter(|(_, standing)| *standing != Published::Before)
            .collect())
    }
}

/// Publishes a draft, unless its label has been published before.
///
/// # Errors
/// When the database fails.
pub async fn publish(db: &Db, draft: &Edition, now: Timestamp) -> Result<Published, AppError> {
    again(|| publish_now(db, draft, now)).await
}

async fn publish_now(db: &Db, draft: &Edition, now: Timestamp) -> Result<Published, AppError> {
    let mut tx = db.begin_write().await?;
    let known = editions::all(&mut tx).await?;
    let mut standing = standing(draft, &known);
    let since = cases_since(&mut tx, draft).await?;
    if standing == Published::Now && since > 0 {
        standing = Published::CasesSince(since);
    }
    if standing == Published::Now {
        editions::put(&mut tx, &row_of(draft, now)?).await?;
        fail_point!("publish.before_commit");
        tx.commit().await?;
        fail_point!("publish.after_commit");
    }
    Ok(standing)
}

/// How many cases have come in since the day on which a draft would come into force.
async fn cases_since(tx: &mut Tx, draft: &Edition) -> Result<i64, AppError> {
    let definition = &draft.definition;
    let day = definition.scheme.effective_from;
    let begins = day
        .to_zoned(definition.zone.clone())
        .map_err(AppError::inside)?;
    Ok(cases::received_since(tx, &definition.scheme.scheme, begins.timestamp()).await?)
}

fn standing(draft: &Edition, known: &[EditionRow]) -> Published {
    let scheme = &draft.definition.scheme;
    let day = scheme.effective_from.to_string();
    let of_scheme = || known.iter().filter(|row| row.scheme == *scheme.scheme);
    match of_scheme().find(|row| row.edition == *scheme.edition) {
        Some(row) if row.hash == draft.hash => Published::Before,
        Some(_) => Published::Otherwise,
        None if of_scheme().any(|row| row.effective_from == day) => Published::SameDay,
        None => Published::Now,
    }
}

pub(super) fn row_of(draft: &Edition, now: Timestamp) -> Result<EditionRow, AppError> {
    let scheme = &draft.definition.scheme;
    let files = draft.definition.documents.0.iter();
    let texts: BTreeMap<&str, &str> = files
        .map(|(path, file)| (path.as_str(), file.text.as_str()))
        .collect();
    Ok(EditionRow {
        hash: draft.hash.clone(),
        scheme: scheme.scheme.to_string(),
        edition: scheme.edition.to_string(),
        effective_from: scheme.effective_from.to_string(),
        path: draft.definition.path.clone(),
        documents: serde_json::to_string(&texts).map_err(AppError::inside)?,
        stored_at: At::from(now),
    })
}

/// Every published edition.
pub(super) async fn rows(db: &Db) -> Result<Vec<EditionRow>, AppError> {
    let mut tx = db.begin_read().await?;
    Ok(editions::all(&mut tx).await?)
}
