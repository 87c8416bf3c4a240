//! Conflict screening: whoever is found alike to somebody in a case is tied to it, in the transaction that made them alike,
//! and the case is restricted from then on. A match is a proposal, made by likeness alone: two people may lift it.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::App;
use super::blind::known_of_case;
use super::error::AppError;
use super::history::Loaded;
use super::reasons::Place;
use super::ties::standing_of;
use crate::domain::id::CaseId;
use crate::domain::likeness::{Ground, Mark};
use crate::domain::tie::TieKind;
use crate::engine::definition::Definition;
use crate::engine::parties;
use crate::mail::Kind;
use crate::store::register_keys::HitRow;
use crate::store::register_matches::MatchRow;
use crate::store::staff::StaffRow;
use crate::store::ties::{StepRow, TieRow};
use crate::store::{
    At, Tx, case_keys, cases, outbox, register_keys, register_matches, staff, ties,
};

/// Who ties, where nobody of flesh and blood does.
pub const SCREENING: &str = "screening";

/// Why a tie without an account ends when its person has got one.
const HAS_ACCOUNT: &str = "The person has an account now, and another tie";

/// A person of the register, in a case they have something in common with.
struct Alike {
    register: Uuid,
    staff: Option<Uuid>,
    grounds: BTreeSet<Ground>,
}

impl Alike {
    /// Whether an earlier match is about this person. Another account of one entry is another person.
    fn made(&self, earlier: &MatchRow) -> bool {
        let same_account = self.staff.is_some() && earlier.staff_id == self.staff;
        let open = earlier.staff_id.is_none() || self.staff.is_none();
        same_account || (open && earlier.register_id == self.register)
    }
}

impl App {
    /// Compares what was just filed in a case with the register.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn screen(
        &self,
        tx: &mut Tx,
        case: CaseId,
        marks: &BTreeSet<Mark>,
    ) -> Result<(), AppError> {
        if marks.is_empty() {
            return Ok(());
        }
        let blind = self.blind().await?;
        let mut keys = self.keys.of(&BTreeSet::from([case.0])).await?;
        let key = keys.remove(&case.0).flatten().ok_or(AppError::NotFound)?;
        let known = known_of_case(&key, &case_keys::of_case(tx, case.0).await?)?;
        let wanted: BTreeSet<_> = marks.iter().map(|mark| blind.of(mark)).collect();
        let fresh = wanted
            .difference(&known)
            .map(|whole| self.of_case(&key, whole));
        let fresh: Vec<_> = fresh.collect();
        if fresh.is_empty() {
            return Ok(());
        }
        case_keys::add(tx, case.0, &fresh).await?;
        let hits = register_keys::in_case(tx, case.0).await?;
        self.tie_hits(tx, hits).await?;
        Ok(())
    }

    /// Works out anew, from its whole history, what the parties of a case are known by, and compares it.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn screen_again(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        loaded: &Loaded,
    ) -> Result<(), AppError> {
        let filed = loaded.history.iter().map(|recorded| &recorded.event);
        case_keys::clear(tx, loaded.id.0).await?;
        self.screen(tx, loaded.id, &parties::marks(definition, filed))
            .await
    }

    /// Ties whoever of the register has this new account to the cases that they have something in common with.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn screen_account(&self, tx: &mut Tx, staff: Uuid) -> Result<(), AppError> {
        let hits = register_keys::of_account(tx, staff).await?;
        self.tie_hits(tx, hits).await?;
        Ok(())
    }

    /// Makes the ties that true hits call for, case by case, and has supervisors told. Answers how many cases became restricted.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn tie_hits(&self, tx: &mut Tx, hits: Vec<HitRow>) -> Result<i64, AppError> {
        let hits = self.alike(hits).await?;
        let mut restricted = Vec::new();
        for (case, people) in by_case(hits) {
            let before = ties::standing(tx, case).await?;
            let mut tied = false;
            for alike in people {
                tied |= self.tie_one(tx, case, &alike).await?;
            }
            let restricts = |tie: &TieRow| {
                let kind = TieKind::parse(&tie.kind);
                matches!(kind, Some(TieKind::Matched | TieKind::Restricted))
            };
            if tied && !before.iter().any(restricts) {
                restricted.push(case);
            }
        }
        self.tell_of_restricted(tx, &restricted).await?;
        i64::try_from(restricted.len()).map_err(AppError::inside)
    }

    /// Ties one person, unless a tie stands or the ground has been lifted; answers whether a tie was made.
    async fn tie_one(&self, tx: &mut Tx, case: Uuid, alike: &Alike) -> Result<bool, AppError> {
        let earlier = register_matches::of_case(tx, case).await?;
        let theirs: Vec<_> = earlier.iter().filter(|row| alike.made(row)).collect();
        let known: BTreeSet<_> = theirs
            .iter()
            .filter_map(|row| Ground::read(&row.ground))
            .collect();
        let fresh: BTreeSet<_> = alike.grounds.difference(&known).copied().collect();
        let standing = ties::standing(tx, case).await?;
        let stands = standing.iter().find(|tie| {
            let matched = tie.kind == TieKind::Matched.name();
            let own = alike.staff.is_some() && tie.staff_id == alike.staff;
            matched && (own || theirs.iter().any(|row| row.tie_id == tie.id))
        });
        let (tie, grounds) = match stands {
            Some(tie) if tie.staff_id.is_none() && alike.staff.is_some() => {
                self.end_for_account(tx, tie).await?;
                let reasons = self.reasons().await?;
                let because = reasons.opened(Place::Tie(tie.id), &tie.because)?;
                (self.new_tie(case, alike, because), &known | &fresh)
            }
            Some(tie) => {
                record(tx, alike, tie, &fresh).await?;
                return Ok(false);
            }
            None => match fresh.first() {
                Some(weightiest) => {
                    let because = weightiest.name().to_owned();
                    (self.new_tie(case, alike, because), fresh)
                }
                None => return Ok(false),
            },
        };
        self.add_tie(tx, &tie).await?;
        record(tx, alike, &tie, &grounds).await?;
        Ok(true)
    }

    fn new_tie(&self, case: Uuid, alike: &Alike, because: String) -> TieRow {
        TieRow {
            id: self.chance.id(),
            case_id: case,
            staff_id: alike.staff,
            kind: TieKind::Matched.name().to_owned(),
            at: At::from(self.clock.now()),
            done_by: SCREENING.to_owned(),
            because,
        }
    }

    async fn end_for_account(&self, tx: &mut Tx, tie: &TieRow) -> Result<(), AppError> {
        let step = StepRow {
            tie_id: tie.id,
            step: "ended".to_owned(),
            at: At::from(self.clock.now()),
            done_by: SCREENING.to_owned(),
            reason: HAS_ACCOUNT.to_owned(),
        };
        self.add_step(tx, &step).await
    }

    /// Has one message go to everybody who reviews looks at the authorities of these cases: about the first of their
    /// authority's that they may know of.
    async fn tell_of_restricted(&self, tx: &mut Tx, restricted: &[Uuid]) -> Result<(), AppError> {
        if restricted.is_empty() {
            return Ok(());
        }
        let people = staff::all(tx).await?;
        let mut told = BTreeSet::new();
        for &case in restricted {
            let Some(row) = cases::get(tx, case).await? else {
                continue;
            };
            let pinned = self
                .definitions
                .pinned(&self.db, &row.edition, &row.authority);
            let definition = pinned.await?;
            let standing = ties::standing(tx, case).await?;
            let reviews = |person: &&StaffRow| {
                let role = definition.roles.roles.get(&person.role);
                let duty = role.is_some_and(|role| role.reviews_looks);
                duty && person.authority == row.authority && !person.disabled
            };
            for person in people.iter().filter(reviews) {
                let kept_away = standing_of(&standing, Some(person.id)).conflict;
                if kept_away || !told.insert(person.id) {
                    continue;
                }
                let languages = &definition.scheme.languages;
                let now = At::from(self.clock.now());
                let message = outbox::NewMessage {
                    id: self.chance.id(),
                    made_at: now,
                    case_id: Some(case),
                    authority: row.authority.clone(),
                    recipient_kind: Kind::of(&person.agency).as_str().to_owned(),
                    recipient: person.id.to_string(),
                    message: definition.scheme.task_message.to_string(),
                    language: languages
                        .first()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    due_at: now,
                    dedupe: format!("{case}:{SCREENING}:{}:{}", now.timestamp(), person.id),
                    meeting_id: None,
                };
                outbox::add(tx, &message).await?;
            }
        }
        Ok(())
    }
}

/// Hits by case, and in each by person, as they are in order already.
fn by_case(hits: Vec<HitRow>) -> BTreeMap<Uuid, Vec<Alike>> {
    let mut cases: BTreeMap<Uuid, Vec<Alike>> = BTreeMap::new();
    for hit in hits {
        let people = cases.entry(hit.case_id).or_default();
        let ground = Ground::read(&hit.ground);
        match people.last_mut() {
            Some(alike) if alike.register == hit.register_id => alike.grounds.extend(ground),
            _ => people.push(Alike {
                register: hit.register_id,
                staff: hit.staff_id,
                grounds: ground.into_iter().collect(),
            }),
        }
    }
    cases
}

/// Keeps which grounds a tie stands for.
async fn record(
    tx: &mut Tx,
    alike: &Alike,
    tie: &TieRow,
    grounds: &BTreeSet<Ground>,
) -> Result<(), AppError> {
    for ground in grounds {
        register_matches::add(tx, alike.register, tie.case_id, ground.name(), tie.id).await?;
    }
    Ok(())
}
