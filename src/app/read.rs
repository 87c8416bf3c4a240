//! The read door: every look at personal data is written down first (L18). If that fails, nothing is shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::App;
use super::definitions::Edition;
use super::error::AppError;
use super::history::Loaded;
use super::opened::{Opened, named};
use super::staff::actor_of;
use super::standing::{Sight, Standing, Viewer};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::Operation;
use crate::domain::refusal::Refusal;
use crate::engine::case::{Case, Proposal};
use crate::engine::command::{Actor, Command};
use crate::engine::cut::cut;
use crate::engine::decide::decide_between;
use crate::engine::definition::Definition;
use crate::engine::definition::builtin::{AMEND, CONFIRM};
use crate::engine::definition::record::{Answers, Record};
use crate::engine::definition::voice::{ENGLISH, Voice};
use crate::engine::draft::Happening;
use crate::engine::event::Recorded;
use crate::engine::evolve::replay;
use crate::engine::offers::{Offer, offers};
use crate::engine::second_person::may_confirm;
use crate::store::staff;

/// A case as somebody may see it.
pub struct CaseView {
    pub id: CaseId,
    pub edition: String,
    pub definition: Arc<Definition>,
    /// Without the answers that this person may not see.
    pub case: Case,
    /// Likewise.
    pub history: Vec<Recorded>,
    /// The classes of answers that this person may see.
    pub sight: Sight,
    /// Those that they would see once they have proved again who they are.
    provable: Sight,
    /// How they stand to it.
    pub standing: Standing,
    /// Whether they settle who else may see it.
    pub guards: bool,
    /// Whether they search other cases from it, once they have proved who they are.
    pub searches: bool,
    /// With everything, for what is worked out and not shown.
    whole: Case,
    /// Whether this person may do anything to it at all.
    acts: bool,
    pub now: Timestamp,
    /// The editions it has left, each with the version that it reached under it.
    earlier: Vec<(u64, Arc<Definition>)>,
    /// The edition that it would go by, while such a move waits for its second person.
    pub target: Option<Edition>,
}

impl CaseView {
    /// Whether this person may do anything to it at all.
    pub fn acts(&self) -> bool {
        self.acts
    }

    /// The edition under which an event happened, for what things were called then.
    pub fn definition_at(&self, seq: u64) -> &Definition {
        let mut earlier = self.earlier.iter();
        let then = earlier.find(|(reached, _)| seq <= *reached);
        then.map_or(&self.definition, |(_, definition)| definition)
    }

    /// Takes out what this person may not see, and makes the case they see of the rest.
    fn cut(&mut self) {
        if self.sight == Sight::whole() {
            return;
        }
        let sees = |class| self.sight.has(class);
        let shown = self.history.iter();
        let shown = shown.map(|recorded| cut(self.definition_at(recorded.seq), recorded, &sees));
        self.history = shown.collect();
        self.case = replay(&self.history);
    }

    /// Whether this person may mend a record: their role, and nothing of it is hidden from them.
    pub fn may_amend(&self, record: &str, actor: &Actor) -> bool {
        let form = self.definition.records.get(record);
        let whole = form.is_some_and(|form| self.provable.is_whole(form));
        self.acts && whole && self.definition.may_amend(record, &actor.role)
    }

    /// The classes of answers that are on record here and not shown to this person.
    pub fn hidden(&self) -> BTreeSet<FieldClass> {
        let all = recorded(&self.definition, &self.whole);
        all.filter(|class| !self.provable.has(*class)).collect()
    }

    /// The classes of answers that are on record here and shown to this person.
    pub fn shown(&self) -> BTreeSet<FieldClass> {
        recorded(&self.definition, &self.case).collect()
    }

    /// Those that are shown once this person has proved again who they are.
    pub fn masked(&self) -> BTreeSet<FieldClass> {
        let all = recorded(&self.definition, &self.whole);
        let may = all.filter(|class| self.provable.has(*class));
        may.filter(|class| !self.sight.has(*class)).collect()
    }

    /// Whether some of what an action mends or confirms is masked until then.
    pub fn is_masked(&self, action: &str, amended: &str) -> bool {
        let named = Answers::from_iter([("record".to_owned(), amended.into())]);
        let form = form_of(&self.definition, &self.whole, action, &named);
        let shows = [AMEND, CONFIRM].contains(&action);
        shows && form.is_some_and(|form| self.provable.is_whole(form) && !self.sight.is_whole(form))
    }

    /// Who of these may confirm what waits, and why the others of the role may not. Whoever is kept away from the case is told
    /// to those who guard it.
    pub fn confirmers<'a>(
        &'a self,
        people: &'a [Colleague],
    ) -> impl Iterator<Item = (&'a Colleague, Option<&'static str>)> {
        let waits = self.whole.pending.iter();
        waits.flat_map(move |proposal| {
            let asked = people.iter().filter(|one| {
                let in_role = proposal.confirm_by.contains(&one.actor.role);
                in_role && (one.opens || self.guards)
            });
            asked.map(|one| (one, self.may_not_confirm(proposal, one)))
        })
    }

    fn may_not_confirm(&self, proposal: &Proposal, one: &Colleague) -> Option<&'static str> {
        if !one.opens {
            return Some("Kept away from this case");
        }
        let refused = may_confirm(&self.definition, &self.whole, proposal, &one.actor).is_err();
        let why = if proposal.by.id == one.actor.id {
            "Proposed it"
        } else if proposal.in_room.contains(&one.actor.id) {
            "Was in the meeting that came to it"
        } else {
            "Filled in a record that it rests on"
        };
        refused.then_some(why)
    }

    /// What a command would do now; nothing is done.
    ///
    /// # Errors
    /// Why it would be refused.
    pub fn decide(&self, command: &Command) -> Result<Vec<Happening>, Refusal> {
        let target = self
            .target
            .as_ref()
            .map(|target| target.from(&self.edition));
        decide_between(&self.definition, target, &self.whole, command)
    }

    /// What this person may do to it now.
    pub fn offers(&self, actor: &Actor) -> Vec<Offer> {
        if !self.acts {
            return Vec::new();
        }
        let mut offers = offers(&self.definition, &self.whole, actor, self.now);
        let empty = Answers::new();
        for offer in &mut offers {
            let form = form_of(&self.definition, &self.whole, &offer.action, &empty);
            if form.is_some_and(|form| !self.provable.is_whole(form)) {
                offer.allowed = false;
                offer.because.push(NOT_WHOLE.to_owned());
            }
        }
        offers
    }
}

/// Somebody who works at the authority that has the case.
pub struct Colleague {
    pub actor: Actor,
    pub name: String,
    /// Whether they may open the case.
    pub opens: bool,
}

impl App {
    /// Everybody at the authority that has a case, for whoever sees it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn colleagues(&self, view: &CaseView) -> Result<Vec<Colleague>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut colleagues = Vec::new();
        for row in staff::all(&mut tx).await? {
            if row.disabled || row.authority != view.case.authority {
                continue;
            }
            let actor = actor_of(&row);
            let authority = &view.case.authority;
            colleagues.push(Colleague {
                opens: self.opens(&mut tx, &actor, view.id, authority).await?,
                name: row.name,
                actor,
            });
        }
        Ok(colleagues)
    }

    /// A case. `what` names the part that is looked at.
    ///
    /// # Errors
    /// `NotFound` for an unknown case and for one that may not be seen, alike.
    pub async fn see_case<'v>(
        self: &Arc<Self>,
        viewer: impl Into<Viewer<'v>>,
        id: CaseId,
        what: &str,
    ) -> Result<CaseView, AppError> {
        let viewer = viewer.into();
        let actor = viewer.actor;
        let Opened {
            loaded,
            definition,
            standing,
            sight,
            provable,
            acts,
            guards,
            searches,
        } = self.opened(viewer, id, what).await?;
        self.log_read(actor, Some(id), classes(&definition, &loaded, &sight), what)
            .await?;
        let Loaded {
            id,
            edition,
            case,
            history,
            earlier: left,
            ..
        } = loaded;
        let mut earlier = Vec::new();
        for (reached, hash) in left {
            let pinned = self.definitions.pinned(&self.db, &hash, &case.authority);
            earlier.push((reached, self.in_words_of(actor, pinned.await?)));
        }
        let target = self.target(&case, CONFIRM, &Answers::new()).await?;
        let target = target.map(|target| Edition {
            definition: self.in_words_of(actor, target.definition),
            ..target
        });
        let mut view = CaseView {
            earlier,
            target,
            id,
            edition,
            definition: self.in_words_of(actor, definition),
            searches: searches && !case.ended,
            case: case.clone(),
            history,
            sight,
            provable,
            whole: case,
            acts,
            guards,
            standing,
            now: self.clock.now(),
        };
        view.cut();
        Ok(view)
    }

    /// An edition as somebody signed in reads it: every label in the words of their agency, or else of their authority.
    /// What is decided, stored and sent is never read from it.
    pub(super) fn in_words_of(
        &self,
        actor: &Actor,
        definition: Arc<Definition>,
    ) -> Arc<Definition> {
        let voice = self
            .definitions
            .voice(ENGLISH, &actor.agency, &actor.authority);
        if voice.is_plain() {
            return definition;
        }
        Arc::new(definition.spoken_in(&voice))
    }

    /// The edition of a scheme that is in force at the actor's authority, in the actor's words.
    ///
    /// # Errors
    /// `NotFound` when their authority does not run it, or no edition of it is in force yet.
    pub fn edition_for(&self, actor: &Actor, scheme: &str) -> Result<Arc<Definition>, AppError> {
        let edition = self.in_force(&actor.authority, scheme)?;
        Ok(self.in_words_of(actor, edition.definition))
    }

    /// How somebody signed in says things.
    pub(super) fn voice_of(&self, actor: &Actor) -> Voice {
        self.definitions
            .voice(ENGLISH, &actor.agency, &actor.authority)
    }

    /// The schemes that an authority runs and for which an edition is in force, in the order of its file.
    pub fn schemes_of(&self, authority: &str) -> Vec<String> {
        let own = self.definitions.authorities().get(authority);
        let named = own.into_iter().flat_map(|own| own.schemes.names());
        let begun = named.filter(|scheme| self.in_force(authority, scheme).is_ok());
        begun.map(str::to_owned).collect()
    }

    /// The edition that new applications to an authority take.
    ///
    /// # Errors
    /// `NotFound` when this authority does not run this scheme, or no edition of it is in force yet.
    pub fn in_force(&self, authority: &str, scheme: &str) -> Result<Edition, AppError> {
        let edition = self
            .definitions
            .in_force(authority, scheme, self.clock.now())?;
        edition.ok_or(AppError::NotFound)
    }

    pub(super) async fn log_read(
        self: &Arc<Self>,
        actor: &Actor,
        case: Option<CaseId>,
        classes: String,
        what: &str,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let mut row = self.access_row(now, actor, Operation::Consultation, case, what);
        row.classes = classes;
        self.log_look(row).await
    }
}

/// What is said to whoever would fill in or confirm a form that they may not see all of.
pub(super) const NOT_WHOLE: &str = "This form holds answers that you may not see";

/// The form that an action fills in, mends or confirms.
pub(super) fn form_of<'a>(
    definition: &'a Definition,
    case: &'a Case,
    action: &str,
    answers: &'a Answers,
) -> Option<&'a Record> {
    let (action, answers) = match &case.pending {
        Some(waits) if action == CONFIRM => (waits.action.as_str(), waits.answers.as_ref()),
        _ => (action, Some(answers)),
    };
    let name = if action == AMEND {
        answers?.get("record")?.as_str()?
    } else {
        definition.scheme.actions.get(action)?.record.as_deref()?
    };
    definition.records.get(name)
}

/// The field classes that the records of a case can hold, and hold an answer of.
fn recorded<'a>(
    definition: &'a Definition,
    case: &'a Case,
) -> impl Iterator<Item = FieldClass> + 'a {
    let records = case.records.iter();
    let known =
        records.filter_map(|(name, filing)| Some((definition.records.get(name)?, &filing.answers)));
    let answered = known.flat_map(|(record, answers)| {
        let fields = record.fields.iter();
        fields.filter(|(name, _)| answers.contains_key(&***name))
    });
    answered.map(|(_, field)| field.class)
}

/// The field classes that a case holds and that are shown.
fn classes(definition: &Definition, loaded: &Loaded, sight: &Sight) -> String {
    let records = loaded.case.records.keys();
    let forms = records.filter_map(|name| definition.records.get(name));
    let fields = forms.flat_map(|form| form.fields.iter().map(|(_, field)| field.class));
    named(fields.filter(|class| sight.has(*class)))
}
