//! Who is kept away from a case, and who is let in. Whoever opens a case may keep themselves away, at once; those who guard it
//! do the same for others and let people in. What keeps somebody away ends only when two others agree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::access::Right;
use super::digest::digest;
use super::error::AppError;
use super::opened::{Opened, named, person as account, standing};
use super::reason::checked;
use super::reasons::Reasons;
use super::replies::{keep_reply, replied};
use super::staff::Person;
use super::standing::{About, Standing, Viewer};
use super::{App, history};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::Operation;
use crate::domain::pii::withheld;
use crate::domain::refusal::FieldError;
use crate::domain::tie::TieKind;
use crate::engine::definition::Definition;
use crate::store::ties::{StepRow, TieRow};
use crate::store::{At, Tx, staff, ties};

/// The fields of the form.
pub const KIND: &str = "kind";
pub const WHO: &str = "who";

/// What the access log says of a change of ties.
const CHANGED: &str = "who may see it";

/// A tie with what became of it.
#[derive(Debug, Clone)]
pub struct Tie {
    pub row: TieRow,
    pub kind: TieKind,
    /// Who asked for its end and waits for a second person.
    pub asked: Option<StepRow>,
    /// Who ended it.
    pub ended: Option<StepRow>,
}

/// Who is kept away from a case and who is let in, as far as somebody may know.
pub struct Ties {
    pub case: CaseId,
    pub reference: String,
    pub definition: Arc<Definition>,
    /// Every tie for whoever guards the case; else one's own.
    pub ties: Vec<Tie>,
    pub guards: bool,
    pub restricted: bool,
    /// Who may be named, by id; nobody unless one guards the case.
    pub colleagues: BTreeMap<Uuid, String>,
    /// The names behind ids.
    pub names: BTreeMap<String, String>,
    pub now: Timestamp,
}

/// A tie to be made.
#[derive(Clone)]
pub struct NewTie {
    pub kind: TieKind,
    /// Whom it is about: whoever makes it, or somebody else; nobody where the whole case is restricted.
    pub who: Option<Uuid>,
    pub because: String,
}

withheld!(NewTie);

/// How a case stands to somebody, by its standing ties.
pub(super) fn standing_of(ties: &[TieRow], staff: Option<Uuid>) -> Standing {
    let mut standing = Standing::default();
    for tie in ties {
        let theirs = staff.is_some() && tie.staff_id == staff;
        match TieKind::parse(&tie.kind) {
            Some(TieKind::Matched) => {
                standing.restricted = true;
                standing.conflict |= theirs;
            }
            Some(TieKind::Restricted) => standing.restricted = true,
            Some(TieKind::Declared) => standing.conflict |= theirs,
            Some(TieKind::ManagesSubject) => standing.manages_subject |= theirs,
            Some(TieKind::LetIn) if theirs => standing.let_in = Some(tie.at.timestamp()),
            Some(TieKind::LetIn) | None => {}
        }
    }
    standing
}

/// The accounts of those who have a conflict with a case (L10).
pub(super) async fn kept_away(tx: &mut Tx, case: CaseId) -> Result<BTreeSet<String>, AppError> {
    let standing = ties::standing(tx, case.0).await?.into_iter();
    let keeps_away = [TieKind::Matched, TieKind::Declared];
    let conflicts = standing
        .filter(|tie| TieKind::parse(&tie.kind).is_some_and(|kind| keeps_away.contains(&kind)));
    Ok(conflicts
        .filter_map(|tie| tie.staff_id)
        .map(|staff| staff.to_string())
        .collect())
}

impl App {
    /// Who is kept away from a case and who is let in.
    ///
    /// # Errors
    /// `NotFound` for an unknown case and for one that may not be seen, alike.
    pub async fn see_ties(self: &Arc<Self>, person: &Person, id: CaseId) -> Result<Ties, AppError> {
        let opened = self.opened(Viewer::from(person), id, "ties").await?;
        let now = self.clock.now();
        let actor = &person.actor;
        let mut look = self.access_row(now, actor, Operation::Consultation, Some(id), CHANGED);
        look.classes = named([FieldClass::Process]);
        self.log_look(look).await?;
        let Opened {
            loaded,
            definition,
            guards,
            standing,
            ..
        } = opened;
        let mut tx = self.db.begin_read().await?;
        let me = account(actor);
        let mut every = told(&self.reasons().await?, &mut tx, id).await?;
        every.retain(|tie| guards || tie.row.staff_id == me);
        let mut colleagues = BTreeMap::new();
        if guards {
            let people = staff::all(&mut tx).await?;
            let here = people
                .into_iter()
                .filter(|one| one.authority == actor.authority && !one.disabled);
            colleagues.extend(here.map(|one| (one.id, one.name)));
        }
        drop(tx);
        Ok(Ties {
            case: id,
            reference: loaded.case.reference,
            definition: self.in_words_of(actor, definition),
            ties: every,
            guards,
            restricted: standing.restricted,
            colleagues,
            names: self.names().await?,
            now,
        })
    }

    /// Makes a tie; it holds from the next request of anybody. What stands already is not made twice.
    ///
    /// # Errors
    /// `NotFound` for an unknown case and for one that may not be seen; `Forbidden` for what only those do who guard the case;
    /// `Fields` without a reason or a person.
    pub async fn tie(
        self: &Arc<Self>,
        person: &Person,
        case: CaseId,
        new: NewTie,
        key: Option<String>,
    ) -> Result<(), AppError> {
        let row = TieRow {
            id: self.chance.id(),
            case_id: case.0,
            staff_id: new.who.filter(|_| new.kind != TieKind::Restricted),
            kind: new.kind.name().to_owned(),
            at: At::from(self.clock.now()),
            done_by: person.actor.id.clone(),
            because: checked(&new.because, "Say why", "Say why")?,
        };
        if row.staff_id.is_none() && new.kind != TieKind::Restricted {
            let who = FieldError::new(WHO, "Choose whom this is about");
            return Err(AppError::Fields(vec![who]));
        }
        let (by, kind) = (person.clone(), new.kind);
        let tied = self.detached(move |app| {
            let (person, row, key) = (by.clone(), row.clone(), key.clone());
            async move { app.tie_now(&person, kind, row, key).await }
        });
        self.or_unopened(person, case, tied.await).await
    }

    async fn tie_now(
        &self,
        person: &Person,
        kind: TieKind,
        row: TieRow,
        key: Option<String>,
    ) -> Result<(), AppError> {
        let body = digest([
            row.case_id.as_bytes().as_slice(),
            row.kind.as_bytes(),
            row.staff_id.unwrap_or_default().as_bytes(),
            row.because.as_bytes(),
        ]);
        let mut tx = self.db.begin_write().await?;
        let actor = &person.actor;
        if replied(self, &mut tx, key.as_deref(), actor, &body)
            .await?
            .is_some()
        {
            return Ok(());
        }
        let case = CaseId(row.case_id);
        let guards = self.guards(&mut tx, person, case).await?;
        let own = row.staff_id.is_some() && row.staff_id == account(actor);
        let keeps_away = matches!(kind, TieKind::Declared | TieKind::ManagesSubject);
        if kind == TieKind::Matched || !(guards || own && keeps_away) {
            return Err(AppError::Forbidden(GUARDS_ONLY.to_owned()));
        }
        if own && !keeps_away {
            return Err(AppError::Forbidden(OTHERS_ONLY.to_owned()));
        }
        if let Some(staff) = row.staff_id {
            let known = staff::get(&mut tx, staff).await?;
            let colleague = known.filter(|known| known.authority == actor.authority);
            colleague.ok_or(AppError::NotFound)?;
        }
        let standing = ties::standing(&mut tx, case.0).await?;
        let alike = |tie: &TieRow| tie.kind == row.kind && tie.staff_id == row.staff_id;
        if !standing.iter().any(alike) {
            self.add_tie(&mut tx, &row).await?;
            self.open_views_of(&mut tx, case).await?;
        }
        let now = row.at.timestamp();
        keep_reply(self, &mut tx, key, actor, body, String::new(), now).await?;
        self.log_change(&mut tx, person, case, &row.because, now)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Settles a tie: asks for its end, ends it after somebody else has asked, or keeps it. Whoever was let in is let out by one.
    ///
    /// # Errors
    /// `NotFound` for what is unknown or may not be seen; `Forbidden` for whoever does not guard the case, and for whoever asked
    /// and would agree to it; `Fields` without a reason.
    pub async fn settle_tie(
        self: &Arc<Self>,
        person: &Person,
        (case, tie): (CaseId, Uuid),
        keep: bool,
        reason: &str,
        key: Option<String>,
    ) -> Result<(), AppError> {
        let step = StepRow {
            tie_id: tie,
            step: if keep { "kept" } else { "ended" }.to_owned(),
            at: At::from(self.clock.now()),
            done_by: person.actor.id.clone(),
            reason: checked(reason, "Say why", "Say why")?,
        };
        let by = person.clone();
        let settled = self.detached(move |app| {
            let (person, step, key) = (by.clone(), step.clone(), key.clone());
            async move { app.settle_tie_now(&person, case, step, key).await }
        });
        self.or_unopened(person, case, settled.await).await
    }

    /// Writes it down where the case may not be opened, as for whoever only looks.
    async fn or_unopened(
        self: &Arc<Self>,
        person: &Person,
        case: CaseId,
        done: Result<(), AppError>,
    ) -> Result<(), AppError> {
        if let Err(AppError::NotFound) = done {
            self.log_unopened(&person.actor, case, "ties").await?;
        }
        done
    }

    async fn settle_tie_now(
        &self,
        person: &Person,
        case: CaseId,
        mut step: StepRow,
        key: Option<String>,
    ) -> Result<(), AppError> {
        let body = digest([
            step.tie_id.as_bytes().as_slice(),
            step.step.as_bytes(),
            step.reason.as_bytes(),
        ]);
        let mut tx = self.db.begin_write().await?;
        let actor = &person.actor;
        if replied(self, &mut tx, key.as_deref(), actor, &body)
            .await?
            .is_some()
        {
            return Ok(());
        }
        if !self.guards(&mut tx, person, case).await? {
            return Err(AppError::Forbidden(GUARDS_ONLY.to_owned()));
        }
        let every = told(&self.reasons().await?, &mut tx, case).await?;
        let tie = every.into_iter().find(|tie| tie.row.id == step.tie_id);
        let tie = tie.ok_or(AppError::NotFound)?;
        if tie.kind.ends_with_two() && tie.row.staff_id == account(actor) {
            return Err(AppError::Forbidden(NOT_THEIRS.to_owned()));
        }
        if tie.ended.is_none() {
            next_step(&tie, &mut step)?;
            self.add_step(&mut tx, &step).await?;
        }
        let now = step.at.timestamp();
        keep_reply(self, &mut tx, key, actor, body, String::new(), now).await?;
        self.log_change(&mut tx, person, case, &step.reason, now)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Whether somebody guards a case.
    ///
    /// # Errors
    /// `NotFound` when they may not open it.
    async fn guards(&self, tx: &mut Tx, person: &Person, id: CaseId) -> Result<bool, AppError> {
        let now = self.clock.now();
        let loaded = history::load(&self.keys, tx, id).await?;
        let standing = standing(tx, &person.actor, id, now).await?;
        let about = About::cases_of(&loaded.case.authority, now).to(standing);
        let access = &self.definitions.access;
        if !access.may(person, Right::Open, about)? {
            return Err(AppError::NotFound);
        }
        access.may(person, Right::Guard, about)
    }

    async fn log_change(
        &self,
        tx: &mut Tx,
        person: &Person,
        case: CaseId,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let actor = &person.actor;
        let mut look = self.access_row(now, actor, Operation::Alteration, Some(case), CHANGED);
        look.classes = named([FieldClass::Process]);
        look.reason = Some(reason.to_owned());
        self.write_look(tx, &look).await
    }
}

/// What is said to whoever does not guard a case.
const GUARDS_ONLY: &str = "Only a supervisor settles who else may see a case";
/// What is said to whoever would let themselves in.
const OTHERS_ONLY: &str = "Another person lets you in";
/// What is said to whoever would end what keeps themselves away.
const NOT_THEIRS: &str = "This keeps you away, so two others settle it";
/// What is said to whoever asked for the end of a tie and would agree to it.
const SECOND: &str = "You asked for this, so another person must agree";

/// Turns what somebody wants into the step that it comes to.
fn next_step(tie: &Tie, step: &mut StepRow) -> Result<(), AppError> {
    match &tie.asked {
        _ if !tie.kind.ends_with_two() => {}
        None => "asked".clone_into(&mut step.step),
        Some(asked) if asked.done_by == step.done_by && step.step == "ended" => {
            return Err(AppError::Forbidden(SECOND.to_owned()));
        }
        Some(_) => {}
    }
    Ok(())
}

/// The ties of a case with what became of them, oldest first.
async fn told(reasons: &Reasons<'_>, tx: &mut Tx, case: CaseId) -> Result<Vec<Tie>, AppError> {
    let steps = reasons.opened_steps(ties::steps(tx, case.0).await?)?;
    let rows = reasons.opened_ties(ties::of_case(tx, case.0).await?)?;
    let with_steps = |row: TieRow| {
        let kind = TieKind::parse(&row.kind)?;
        let last = steps.iter().rev().find(|step| step.tie_id == row.id);
        let is = |name: &str| last.filter(|step| step.step == name).cloned();
        Some(Tie {
            asked: is("asked"),
            ended: is("ended"),
            kind,
            row,
        })
    };
    Ok(rows.into_iter().filter_map(with_steps).collect())
}
