//! What parties and people of the register are compared by: keyed hashes, of which the beginning stands in the open, so that the database
//! finds who may be alike, and the whole is sealed, so that nobody but the service can tell who is.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::keys::Kept;
use crate::domain::likeness::{Ground, Mark};
use crate::ledger::entry::hex;
use crate::store::register_keys::HitRow;
use crate::store::{Tx, case_keys, register_keys};
use crate::vault::index::IndexKey;
use crate::vault::keys::StreamKey;

/// How much of a hash is kept, in hexadecimal: 128 bits, too many for two marks to share one by chance.
const WHOLE: usize = 32;

/// How much of it stands in the open: 16 bits, so few that among 100,000 people several begin alike.
const OPEN: usize = 4;

/// Where sealed hashes stand.
const OF_PERSON: &str = "register_keys.sealed";
const OF_CASE: &str = "case_keys.sealed";

/// What makes keyed hashes.
pub(super) struct Blind {
    index: IndexKey,
    register: StreamKey,
}

impl App {
    /// What makes keyed hashes here.
    ///
    /// # Errors
    /// When a key cannot be opened.
    pub(super) async fn blind(&self) -> Result<Blind, AppError> {
        let (chance, now) = (&self.chance, self.clock.now());
        let index = self.keys.kept(Kept::Indexes, chance, now).await?;
        Ok(Blind {
            index: IndexKey::from(&index),
            register: self.keys.kept(Kept::Register, chance, now).await?,
        })
    }

    /// A hash of a person of the register as it is stored.
    pub(super) fn of_person(
        &self,
        blind: &Blind,
        register_id: Uuid,
        whole: &str,
        ground: &str,
    ) -> register_keys::KeyRow {
        register_keys::KeyRow {
            register_id,
            key: whole[..OPEN].to_owned(),
            sealed: blind
                .register
                .seal_text(OF_PERSON, whole, self.chance.bytes()),
            ground: ground.to_owned(),
        }
    }

    /// A hash of a party of a case as it is stored.
    pub(super) fn of_case(&self, key: &StreamKey, whole: &str) -> case_keys::KeyRow {
        case_keys::KeyRow {
            key: whole[..OPEN].to_owned(),
            sealed: key.seal_text(OF_CASE, whole, self.chance.bytes()),
        }
    }

    /// Those of the hits whose hashes are alike to their ends. A case that is forgotten is like nobody.
    ///
    /// # Errors
    /// When something sealed does not open.
    pub(super) async fn alike(&self, hits: Vec<HitRow>) -> Result<Vec<HitRow>, AppError> {
        if hits.is_empty() {
            return Ok(hits);
        }
        let blind = self.blind().await?;
        let cases: BTreeSet<_> = hits.iter().map(|hit| hit.case_id).collect();
        let keys = self.keys.of(&cases).await?;
        let mut alike = Vec::new();
        for hit in hits {
            if let Some(Some(key)) = keys.get(&hit.case_id) {
                let of_case = key.open_text(OF_CASE, &hit.of_case);
                if of_case.map_err(AppError::inside)? == blind.known(&hit.of_person)? {
                    alike.push(hit);
                }
            }
        }
        Ok(alike)
    }
}

impl App {
    /// The cases that one of these marks stands in, each with what they have in common. A case that is forgotten is like nobody.
    ///
    /// # Errors
    /// When something sealed does not open.
    pub(super) async fn cases_like(
        &self,
        tx: &mut Tx,
        authority: &str,
        marks: &BTreeSet<Mark>,
    ) -> Result<BTreeMap<Uuid, BTreeSet<Ground>>, AppError> {
        let blind = self.blind().await?;
        let wanted = marks.iter().map(|mark| (blind.of(mark), mark.ground));
        let wanted: BTreeMap<_, _> = wanted.collect();
        let beginnings: Vec<_> = wanted.keys().map(|whole| &whole[..OPEN]).collect();
        let rows = case_keys::beginning(tx, authority, &beginnings).await?;
        let cases: BTreeSet<_> = rows.iter().map(|row| row.case_id).collect();
        let keys = self.keys.of(&cases).await?;
        let mut alike: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for row in rows {
            if let Some(Some(key)) = keys.get(&row.case_id) {
                let whole = key.open_text(OF_CASE, &row.sealed);
                if let Some(ground) = wanted.get(&whole.map_err(AppError::inside)?) {
                    alike.entry(row.case_id).or_default().insert(*ground);
                }
            }
        }
        Ok(alike)
    }
}

impl Blind {
    /// The whole hash of a mark, in hexadecimal.
    pub(super) fn of(&self, mark: &Mark) -> String {
        self.hashed(mark.ground.name(), &mark.value)
    }

    /// The whole hash of any text.
    pub(super) fn hashed(&self, field: &str, text: &str) -> String {
        let mut whole = hex(&self.index.hash(field, text));
        whole.truncate(WHOLE);
        whole
    }

    /// The whole hash of a person of the register, from what is stored.
    ///
    /// # Errors
    /// When it does not open.
    pub(super) fn known(&self, sealed: &str) -> Result<String, AppError> {
        let opened = self.register.open_text(OF_PERSON, sealed);
        opened.map_err(AppError::inside)
    }
}

/// The whole hashes of a case's parties, from what is stored.
///
/// # Errors
/// When one does not open.
pub(super) fn known_of_case(
    key: &StreamKey,
    rows: &[case_keys::KeyRow],
) -> Result<BTreeSet<String>, AppError> {
    let opened = rows.iter().map(|row| key.open_text(OF_CASE, &row.sealed));
    opened.collect::<Result<_, _>>().map_err(AppError::inside)
}
