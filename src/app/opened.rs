//! Opening a case for somebody: what there is of it, how they stand to it, and what of it they may see. Whoever may not open it
//! is answered as if there were none, by the same way, and the try is written down either way.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::access::Right;
use super::error::AppError;
use super::history::{self, Loaded};
use super::standing::{About, Sight, Standing, Viewer};
use super::{App, ties};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::Operation;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::phase::Phase;
use crate::store::broken_glass::{self, GlassRow};
use crate::store::{self, Tx, cases, meetings};

/// A case that somebody may open. The look is not written down yet.
pub(super) struct Opened {
    pub loaded: Loaded,
    pub definition: Arc<Definition>,
    pub standing: Standing,
    pub sight: Sight,
    /// What they would see once they have proved who they are.
    pub provable: Sight,
    /// Whether they may do anything to it at all.
    pub acts: bool,
    /// Whether they settle who else may see it.
    pub guards: bool,
    /// Whether they search other cases from it, once they have proved who they are.
    pub searches: bool,
}

impl App {
    /// Opens a case for somebody who wants to see `what` of it.
    ///
    /// # Errors
    /// `NotFound` for an unknown case and for one that may not be seen, alike.
    pub(super) async fn opened(
        self: &Arc<Self>,
        viewer: Viewer<'_>,
        id: CaseId,
        what: &str,
    ) -> Result<Opened, AppError> {
        let opened = self.open_for(viewer, id).await;
        if let Err(AppError::NotFound) = opened {
            self.log_unopened(viewer.actor, id, what).await?;
        }
        opened
    }

    async fn open_for(&self, viewer: Viewer<'_>, id: CaseId) -> Result<Opened, AppError> {
        let now = self.clock.now();
        let (loaded, standing) = {
            let mut tx = self.db.begin_read().await?;
            let mut loaded = history::load(&self.keys, &mut tx, id).await?;
            self.tell_who_was_there(&mut tx, id, &mut loaded.case)
                .await?;
            (loaded, standing(&mut tx, viewer.actor, id, now).await?)
        };
        let authority = &loaded.case.authority;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, authority);
        let definition = pinned.await?;
        let access = &self.definitions.access;
        let about = About::case(&definition, id, &loaded.case, standing, now);
        let proved = Viewer {
            confirmed: true,
            ..viewer
        };
        Ok(Opened {
            sight: access.sight(viewer, about)?,
            provable: access.sight(proved, about)?,
            searches: access.may(proved, Right::Search, about)?,
            acts: access.may_act(viewer.actor, about).is_ok(),
            guards: access.may(viewer, Right::Guard, about)?,
            standing,
            definition,
            loaded,
        })
    }

    /// Writes down that somebody asked for a case that they may not open, or that there is not.
    pub(super) async fn log_unopened(
        self: &Arc<Self>,
        actor: &Actor,
        id: CaseId,
        what: &str,
    ) -> Result<(), AppError> {
        let what = format!("refused {what}");
        let now = self.clock.now();
        let look = self.access_row(now, actor, Operation::Consultation, Some(id), &what);
        self.log_look(look).await
    }
}

/// How somebody stands to a case.
pub(super) async fn standing(
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    now: Timestamp,
) -> Result<Standing, AppError> {
    let staff = person(actor);
    let ties = store::ties::standing(tx, case.0).await?;
    let mut standing = ties::standing_of(&ties, staff);
    standing.unheard = meetings::is_unheard(tx, case.0, Phase::Forum.name()).await?;
    if let Some(staff) = staff {
        let glass = broken_glass::open(tx, staff, now).await?;
        standing.glass_until = open_until(&glass, case.0);
    }
    Ok(standing)
}

/// Until when one of these openings lets somebody into a case.
fn open_until(glass: &[GlassRow], case: Uuid) -> Option<Timestamp> {
    let openings = glass.iter().filter(|glass| glass.case_id == case);
    openings.map(|glass| glass.ends_at.timestamp()).max()
}

/// The account behind an actor; none for the public and the clock.
pub(super) fn person(actor: &Actor) -> Option<Uuid> {
    actor.id.parse().ok()
}

impl App {
    /// Whether somebody may open a case of an authority.
    pub(super) async fn opens(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        case: CaseId,
        authority: &str,
    ) -> Result<bool, AppError> {
        let now = self.clock.now();
        let standing = standing(tx, actor, case, now).await?;
        let about = About::cases_of(authority, now).to(standing);
        self.definitions.access.may(actor, Right::Open, about)
    }

    /// The cases of an actor's authority that lists do not show them. Only open cases that no forum has been asked about, cases with
    /// ties and, for an agency, open ones of schemes that give agencies no part can be among them.
    pub(super) async fn hidden_from(
        &self,
        tx: &mut Tx,
        actor: &Actor,
    ) -> Result<BTreeSet<Uuid>, AppError> {
        let now = self.clock.now();
        let staff = person(actor);
        let rows = store::ties::concerning(tx, &actor.authority, staff).await?;
        let glass = match staff {
            Some(staff) => broken_glass::open(tx, staff, now).await?,
            None => Vec::new(),
        };
        let mut unheard = BTreeSet::new();
        let one_of_them = Standing {
            unheard: true,
            ..Standing::default()
        };
        let about = About::cases_of(&actor.authority, now).to(one_of_them);
        if !self.definitions.access.may(actor, Right::Open, about)? {
            let forum = Phase::Forum.name();
            let of_all = meetings::unheard(tx, &actor.authority, forum).await?;
            let kept = of_all.into_iter();
            unheard.extend(kept.filter(|case| open_until(&glass, *case).is_none()));
        }
        let mut hidden = unheard.clone();
        for of_case in rows.chunk_by(|one, next| one.case_id == next.case_id) {
            let case = of_case[0].case_id;
            let mut standing = ties::standing_of(of_case, staff);
            standing.glass_until = open_until(&glass, case);
            standing.unheard = unheard.contains(&case);
            let about = About::cases_of(&actor.authority, now).to(standing);
            if self.definitions.access.may(actor, Right::Open, about)? {
                hidden.remove(&case);
            } else {
                hidden.insert(case);
            }
        }
        if !actor.agency.is_empty() {
            hidden.extend(self.without_agencies(tx, &actor.authority).await?);
        }
        Ok(hidden)
    }

    /// The open cases of the schemes in which agencies have no part.
    async fn without_agencies(&self, tx: &mut Tx, authority: &str) -> Result<Vec<Uuid>, AppError> {
        let mut without = Vec::new();
        for scheme in self.schemes_of(authority) {
            if self
                .in_force(authority, &scheme)?
                .definition
                .scheme
                .for_agencies
            {
                continue;
            }
            let rows = cases::open_of(tx, &scheme).await?.into_iter();
            let here = rows.filter(|row| row.authority == authority);
            without.extend(here.map(|row| row.id));
        }
        Ok(without)
    }
}

/// Names of classes, as the access log keeps them.
pub(super) fn named(classes: impl IntoIterator<Item = FieldClass>) -> String {
    let classes: BTreeSet<FieldClass> = classes.into_iter().collect();
    let names: Vec<_> = classes.into_iter().map(FieldClass::name).collect();
    names.join(" ")
}
