//! The read door: every look at personal data is written down first (L18). If that fails, nothing is shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::App;
use super::definitions::Edition;
use super::error::AppError;
use super::history::Loaded;
use super::opened::{Opened, named};
use super::standing::{About, Sight, Standing, Viewer};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::Operation;
use crate::domain::refusal::Refusal;
use crate::engine::case::Case;
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
pub use crate::store::queues::{Cursor, QueueCount, QueueOf, QueuedCase};
use crate::store::{Tx, cases, queues};

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
        let whole = form.is_some_and(|form| self.sight.is_whole(form));
        self.acts && whole && self.definition.may_amend(record, &actor.role)
    }

    /// The classes of answers that are on record here and not shown to this person.
    pub fn hidden(&self) -> BTreeSet<FieldClass> {
        let all = recorded(&self.definition, &self.whole);
        all.filter(|class| !self.provable.has(*class)).collect()
    }

    /// Those that are shown once this person has proved again who they are.
    pub fn masked(&self) -> BTreeSet<FieldClass> {
        let all = recorded(&self.definition, &self.whole);
        let may = all.filter(|class| self.provable.has(*class));
        may.filter(|class| !self.sight.has(*class)).collect()
    }

    /// Whether some of a form is masked until then.
    pub fn is_masked(&self, form: &Record) -> bool {
        self.provable.is_whole(form) && !self.sight.is_whole(form)
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

/// A page of a queue.
pub struct QueueView {
    pub definition: Arc<Definition>,
    pub of: QueueOf,
    pub rows: Vec<QueuedCase>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    pub now: Timestamp,
}

/// A queue that somebody's role works, with the number of cases in it.
#[derive(Debug, Clone)]
pub struct DeskQueue {
    /// What the scheme is called.
    pub scheme: String,
    pub label: String,
    pub why: String,
    pub count: QueueCount,
}

impl App {
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
        } = self.opened(viewer, id, what).await?;
        self.log_read(actor, Some(id), classes(&definition, &loaded, &sight), what)
            .await?;
        let Loaded {
            id,
            edition,
            case,
            history,
            earlier: left,
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

    /// A page of a queue that the actor's role works, in the actor's authority.
    ///
    /// # Errors
    /// `NotFound` for an unknown queue and for one of other roles, alike.
    pub async fn see_queue(
        self: &Arc<Self>,
        actor: &Actor,
        scheme: &str,
        queue: &str,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<QueueView, AppError> {
        let definition = self.queue_worked(actor, scheme, queue)?;
        self.definitions
            .access
            .sight(actor, About::cases_of(&actor.authority, self.clock.now()))?;
        let classes = named([FieldClass::Process]);
        self.log_read(actor, None, classes, &format!("queue {queue}"))
            .await?;
        let of = QueueOf {
            authority: actor.authority.clone(),
            scheme: scheme.to_owned(),
            queue: queue.to_owned(),
        };
        let mut tx = self.db.begin_read().await?;
        let hidden = self.hidden_from(&mut tx, actor).await?;
        let more = i64::try_from(hidden.len()).map_err(AppError::inside)?;
        let mut rows = queues::page(&mut tx, &of, after, limit + 1 + more).await?;
        rows.retain(|row| !hidden.contains(&row.case.id));
        let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(QueuedCase::cursor);
        let definition = self.in_words_of(actor, definition);
        for row in &mut rows {
            row.why = definition.voice.say(&row.why).to_string();
        }
        Ok(QueueView {
            definition,
            of,
            rows,
            next,
            now: self.clock.now(),
        })
    }

    /// The newest edition of a scheme in which the actor's role works this queue.
    fn queue_worked(
        &self,
        actor: &Actor,
        scheme: &str,
        queue: &str,
    ) -> Result<Arc<Definition>, AppError> {
        let works = |definition: &Arc<Definition>| {
            let declared = definition.scheme.queues.get(queue);
            declared.is_some_and(|queue| queue.role.has(&actor.role))
        };
        let editions = self.editions_run(&actor.authority, scheme)?;
        editions.into_iter().find(works).ok_or(AppError::NotFound)
    }

    /// The editions of a scheme that cases of an authority can have: the one in force, then the others, newest first.
    fn editions_run(
        &self,
        authority: &str,
        scheme: &str,
    ) -> Result<Vec<Arc<Definition>>, AppError> {
        let in_force = self.in_force(authority, scheme)?;
        let others = self.definitions.editions_of(scheme).into_iter().rev();
        let others = others.filter(|row| row.hash != in_force.hash);
        let others = others.map(|row| self.definitions.assembled(&row, authority));
        let first = Ok(Arc::clone(&in_force.definition));
        std::iter::once(first).chain(others).collect()
    }

    /// The queues this role works in its authority, scheme by scheme in the order of the files. A queue that only an older
    /// edition knows is there as long as cases wait in it. Counts hold no personal data.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn see_desk(&self, actor: &Actor) -> Result<Vec<DeskQueue>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut counts = queues::counts(&mut tx, &actor.authority).await?;
        for case in self.hidden_from(&mut tx, actor).await? {
            uncount(&mut tx, &mut counts, case).await?;
        }
        drop(tx);
        let mut desk: Vec<DeskQueue> = Vec::new();
        for scheme in self.schemes_of(&actor.authority) {
            let editions = self.editions_run(&actor.authority, &scheme)?;
            let spoken = editions.into_iter().map(|one| self.in_words_of(actor, one));
            for (age, definition) in spoken.enumerate() {
                let mine = definition
                    .scheme
                    .queues
                    .iter()
                    .filter(|(_, queue)| queue.role.has(&actor.role));
                for (name, queue) in mine {
                    let this = |count: &QueueCount| count.scheme == scheme && count.queue == **name;
                    let count = counts.iter().find(|count| this(count)).cloned();
                    let shown = desk.iter().any(|queue| this(&queue.count));
                    if shown || (age > 0 && count.is_none()) {
                        continue;
                    }
                    desk.push(DeskQueue {
                        scheme: definition.scheme.name.clone(),
                        label: queue.label.to_string(),
                        why: queue.why.to_string(),
                        count: count.unwrap_or_else(|| QueueCount::empty(&scheme, name)),
                    });
                }
            }
        }
        Ok(desk)
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

/// Takes a case out of the counts of the queues that it waits in.
async fn uncount(tx: &mut Tx, counts: &mut [QueueCount], case: Uuid) -> Result<(), AppError> {
    let Some(row) = cases::get(tx, case).await? else {
        return Ok(());
    };
    for entry in queues::for_case(tx, case).await? {
        let same =
            |count: &&mut QueueCount| count.scheme == row.scheme && count.queue == entry.queue;
        if let Some(count) = counts.iter_mut().find(same) {
            count.waiting -= 1;
            count.urgent -= i64::from(entry.urgent);
        }
    }
    Ok(())
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
