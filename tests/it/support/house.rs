//! An installation in a folder of its own, with a clock that travels and invented staff, for tests of the write door.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use clares_law::app::App;
use clares_law::app::act::{Done, Request};
use clares_law::app::drafts::{Drafts, publish};
use clares_law::app::error::AppError;
use clares_law::app::history::{Loaded, append, load};
use clares_law::app::installation::{MadeBy, open_installation};
use clares_law::app::intake::{Door, Form};
use clares_law::app::key_store::KeyStore;
use clares_law::app::meetings;
use clares_law::app::password::hash_password;
use clares_law::app::sealing::Ring;
use clares_law::app::staff::NewPerson;
use clares_law::clock::Clock;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::case::Case;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::definition::{Definition, Library};
use clares_law::engine::draft::Happening;
use clares_law::engine::event::{Event, Recorded};
use clares_law::engine::scenario::{NOTHING, Scenario, Step, filled};
use clares_law::store::db::Scalar;
use clares_law::store::leases::Lease;
use clares_law::store::outbox::MessageRow;
use clares_law::store::{Sql, cases, events};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::database::{fresh, tamper};
use super::world::{
    AUTHORITY, actor, answers, dsdas, edition_of, own_name, person, shipped, waited,
};

pub struct House {
    folder: TempDir,
    database: String,
    pub clock: Clock,
    pub app: Arc<App>,
}

impl House {
    /// A new installation with the shipped workflow files.
    pub async fn new() -> Self {
        Self::with(&shipped()).await
    }

    /// A new installation with the authorities that run this scheme, and one person in every role at each of them.
    pub async fn of(scheme: &str) -> Self {
        let house = Self::without_staff(scheme, "2026-11-02T09:30:00Z".parse().unwrap()).await;
        for authority in house.app.definitions.authorities().keys() {
            for role in dsdas().roles.roles.names() {
                let name = format!("{role} at {authority}");
                let person = new_person(&name, role, authority, None);
                house.app.add_person(person).await.unwrap();
            }
        }
        house
    }

    /// A new installation with the authorities that run this scheme, at this moment.
    pub async fn without_staff(scheme: &str, now: Timestamp) -> Self {
        let drafts = shipped_drafts().clone().of_scheme(scheme);
        Self::built(now, &drafts).await
    }

    /// A new installation with every scheme and every authority, at this moment.
    pub async fn whole(now: Timestamp) -> Self {
        Self::built(now, shipped_drafts()).await
    }

    /// A new installation with these workflow files, on a Monday morning.
    pub async fn with(library: &Library) -> Self {
        Self::at("2026-11-02T09:30:00Z".parse().unwrap(), library).await
    }

    /// A new installation at this moment.
    pub async fn at(now: Timestamp, library: &Library) -> Self {
        Self::built(now, &scottish(library)).await
    }

    async fn built(now: Timestamp, drafts: &Drafts) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = fresh(folder.path()).await;
        let clock = Clock::travelling(now);
        let app = open(&folder, &database, &clock, drafts).await;
        Self {
            folder,
            database,
            clock,
            app,
        }
    }

    /// The same installation, closed and opened again with these workflow files.
    pub async fn reopened(self, library: &Library) -> Self {
        self.app.db.close().await;
        let app = open(
            &self.folder,
            &self.database,
            &self.clock,
            &scottish(library),
        )
        .await;
        Self { app, ..self }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of its database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Publishes what is new in these workflow files.
    pub async fn publish(&self, library: &Library) {
        let drafts = Drafts::read(library).unwrap();
        for draft in &drafts.of_scheme(&dsdas().scheme.scheme).editions {
            publish(&self.app.db, draft, self.clock.now())
                .await
                .unwrap();
        }
        self.app.definitions.refresh(&self.app.db).await.unwrap();
    }

    /// A new account that nobody can sign in to, or the one of that name.
    pub async fn hire(&self, name: &str, role: &str) -> Actor {
        self.account(name, role, None).await
    }

    /// A new account, or the one of that name.
    pub async fn account(&self, name: &str, role: &str, password: Option<&str>) -> Actor {
        self.account_for("", name, role, password).await
    }

    /// A new account of somebody who answers for an agency, or the one of that name.
    pub async fn account_for(
        &self,
        agency: &str,
        name: &str,
        role: &str,
        password: Option<&str>,
    ) -> Actor {
        let password_hash = match password {
            Some(password) => Some(hash_password(password.to_owned()).await.unwrap()),
            None => None,
        };
        let new = NewPerson {
            agency: agency.to_owned(),
            ..new_person(name, role, AUTHORITY, password_hash)
        };
        let actor = person(&self.app.add_person(new).await.unwrap().to_string(), role);
        Actor {
            agency: agency.to_owned(),
            ..actor
        }
    }

    /// An application for oneself becomes a case.
    pub async fn case(&self) -> CaseId {
        let answers = filled(dsdas(), "application", &answers(json!({})));
        self.app
            .receive(door(Form::Public), answers, None, Actor::public())
            .await
            .unwrap()
            .case
    }

    /// The case that a scenario begins with.
    pub async fn case_of(&self, scenario: &Scenario) -> CaseId {
        let applicant = Actor {
            id: "applicant".to_owned(),
            ..Actor::public()
        };
        self.case_from(scenario, applicant).await
    }

    /// The same, sent in by somebody.
    pub async fn case_from(&self, scenario: &Scenario, applicant: Actor) -> CaseId {
        let definition = edition_of(scenario);
        let (form, answers) = scenario.application(definition);
        let public = definition.scheme.intake.public_form.as_deref() == Some(&*form);
        let door = Door {
            authority: scenario.authority(definition),
            scheme: scenario.scheme.to_string(),
            form: if public { Form::Public } else { Form::Referral },
        };
        let received = self.app.receive(door, answers, None, applicant).await;
        received.unwrap().case
    }

    /// Somebody does something, the form filled in with its examples but for these answers.
    pub async fn act(
        &self,
        case: CaseId,
        actor: &Actor,
        action: &str,
        over: Value,
    ) -> Result<Done, AppError> {
        self.app.act(request(case, actor, action, over)).await
    }

    /// How many events hold this text, once they are opened.
    pub async fn events_with(&self, text: &str) -> usize {
        events_with(&self.app, text).await
    }

    /// The sealed body of the first event of some case.
    pub async fn stored_body(&self) -> String {
        let mut tx = self.app.db.begin_read().await.unwrap();
        let streams = events::streams(&mut tx).await.unwrap();
        let rows = events::load(&mut tx, streams[0].stream).await.unwrap();
        rows[0].body.clone()
    }

    /// Stores a case with this history, under this id and reference.
    pub async fn store(&self, mut history: Vec<Recorded>, edition: &str, id: u128, label: &str) {
        let Event::Opened {
            reference,
            authority,
            ..
        } = &mut history[0].event
        else {
            panic!("a history begins with the application");
        };
        label.clone_into(reference);
        let pinned = self
            .app
            .definitions
            .pinned(&self.app.db, edition, authority);
        let definition = pinned.await.unwrap();
        let id = CaseId(Uuid::from_u128(id));
        let mut tx = self.app.db.begin_write().await.unwrap();
        let mut case = Case::default();
        for moment in history.chunk_by(|one, next| one.at == next.at) {
            let happened = moment.iter().map(|recorded| Happening {
                actor: recorded.actor.clone(),
                event: recorded.event.clone(),
            });
            let happened = happened.collect();
            let place = (id, case, Ring::default());
            let stored = append(
                &self.app,
                &mut tx,
                &definition,
                edition,
                place,
                happened,
                moment[0].at,
            );
            case = stored.await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The case as its history tells it, without a look being noted.
    pub async fn load(&self, case: CaseId) -> Loaded {
        let mut tx = self.app.db.begin_read().await.unwrap();
        load(&self.app.keys, &mut tx, case).await.unwrap()
    }

    /// Somebody does what a step of a scenario says; whether it is refused is what the scenario says too. Where nobody
    /// acts, the clocks are looked at.
    pub async fn step(&self, case: CaseId, scenario: &Scenario, step: &Step) {
        self.clock.advance(waited(step));
        self.does(case, scenario, step).await;
    }

    /// Does what a step does, while no time passes.
    pub async fn does(&self, case: CaseId, scenario: &Scenario, step: &Step) {
        if *step.does == *NOTHING {
            while self.sweep(7).await.unwrap() > 0 {}
            return;
        }
        let named = |role: &str, number| own_name(scenario, role, number);
        let by = actor(scenario, step, named).unwrap();
        let command = scenario.command(edition_of(scenario), step, by, self.clock.now());
        let done = self.app.act(Request {
            case,
            action: command.action,
            record: command.record,
            rationale: command.rationale,
            expected: None,
            key: None,
            actor: command.actor,
        });
        let done = done.await;
        let refused = step.then.refused.is_some();
        assert_eq!(
            done.is_err(),
            refused,
            "{}: {}: {done:?}",
            scenario.scenario,
            &*step.does
        );
    }

    /// The lease of a task, taken anew by the one node that this house has.
    pub async fn lease(&self, task: &'static str) -> Lease {
        let lasts = Duration::from_secs(15);
        let lease = self.app.take_lease(task, Uuid::nil(), lasts).await;
        lease.unwrap().expect("no other node has it")
    }

    /// Records what has become due; answers for how many cases.
    pub async fn sweep(&self, most: i64) -> Result<usize, AppError> {
        self.app.sweep(&self.lease("deadlines").await, most).await
    }

    pub fn wait(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }

    /// Runs a raw statement, as the owner of the tables could.
    pub async fn tamper(&self, text: &str) {
        self.try_to(text).await.unwrap();
    }

    pub async fn try_to(&self, text: &str) -> Result<(), sqlx::Error> {
        tamper(&self.app.db, &self.database, text).await
    }

    /// The number that a raw question answers.
    pub async fn count(&self, text: &'static str) -> i64 {
        let mut tx = self.app.db.begin_read().await.unwrap();
        tx.sql(Sql::one("test.COUNT", text)).scalar().await.unwrap()
    }

    /// What a raw question answers.
    pub async fn told<T: Scalar>(&self, text: &str) -> T {
        let mut tx = self.app.db.begin_read().await.unwrap();
        let question = Sql::one("test.TOLD", text.to_owned().leak());
        tx.sql(question).scalar().await.unwrap()
    }

    /// The reference of every case.
    pub async fn references(&self) -> Vec<String> {
        let mut tx = self.app.db.begin_read().await.unwrap();
        let all = cases::all(&mut tx).await.unwrap();
        all.into_iter().map(|case| case.reference).collect()
    }

    /// Every message that waits, however far in the future.
    pub async fn messages(&self) -> Vec<MessageRow> {
        let waiting = "select * from outbox where status = 'waiting' order by due_at, id";
        let mut tx = self.app.db.begin_read().await.unwrap();
        let waiting = tx.sql(Sql::one("test.WAITING", waiting));
        waiting.all().await.unwrap()
    }
}

fn scottish(library: &Library) -> Drafts {
    let drafts = if library.0 == shipped().0 {
        shipped_drafts().clone()
    } else {
        Drafts::read(library).unwrap()
    };
    drafts.of_scheme(&dsdas().scheme.scheme)
}

/// The shipped files, read once for all tests.
pub fn shipped_drafts() -> &'static Drafts {
    static DRAFTS: LazyLock<Drafts> = LazyLock::new(|| Drafts::read(&shipped()).unwrap());
    &DRAFTS
}

/// Somebody's account; its sign-in name is their name.
pub fn new_person(
    name: &str,
    role: &str,
    authority: &str,
    password_hash: Option<String>,
) -> NewPerson {
    NewPerson {
        sign_in_name: name.to_owned(),
        name: name.to_owned(),
        email: format!("{role}@example.org"),
        role: role.to_owned(),
        agency: String::new(),
        authority: authority.to_owned(),
        password_hash,
    }
}

async fn open(folder: &TempDir, database: &str, clock: &Clock, drafts: &Drafts) -> Arc<App> {
    open_installation(
        database,
        folder.path(),
        KeyStore::of(folder.path()),
        drafts,
        clock.clone(),
        MadeBy::Demonstration,
    )
    .await
    .unwrap()
}

/// How many events of cases and meetings hold this text, once they are opened.
pub async fn events_with(app: &App, text: &str) -> usize {
    let mut tx = app.db.begin_read().await.unwrap();
    let mut bodies: Vec<String> = Vec::new();
    for stream in events::streams(&mut tx).await.unwrap() {
        if stream.stream_kind == "case" {
            let loaded = load(&app.keys, &mut tx, CaseId(stream.stream));
            let history = loaded.await.unwrap().history;
            let events = history.iter().map(|one| serde_json::to_string(&one.event));
            bodies.extend(events.map(Result::unwrap));
        } else {
            let loaded = meetings::stream::load(&app.keys, &mut tx, MeetingId(stream.stream));
            let history = loaded.await.unwrap().history;
            let events = history.iter().map(|one| serde_json::to_string(&one.event));
            bodies.extend(events.map(Result::unwrap));
        }
    }
    bodies.iter().filter(|body| body.contains(text)).count()
}

/// The edition in force.
pub fn definition(app: &App) -> Arc<Definition> {
    let scheme = &dsdas().scheme.scheme;
    app.in_force(AUTHORITY, scheme).unwrap().definition
}

/// The way in to the Scottish scheme.
pub fn door(form: Form) -> Door {
    Door {
        authority: AUTHORITY.to_owned(),
        scheme: dsdas().scheme.scheme.to_string(),
        form,
    }
}

/// A request with a reason and these answers.
pub fn request_of(case: CaseId, actor: &Actor, action: &str, record: Answers) -> Request {
    Request {
        case,
        action: action.to_owned(),
        record,
        rationale: "The reason, in my own words".to_owned(),
        expected: None,
        key: None,
        actor: actor.clone(),
    }
}

/// A request with a reason, the form filled in with its examples but for these answers.
pub fn request(case: CaseId, actor: &Actor, action: &str, over: Value) -> Request {
    let form = dsdas()
        .scheme
        .actions
        .get(action)
        .and_then(|action| action.record.as_ref());
    let over = answers(over);
    let record = form.map_or(over.clone(), |form| filled(dsdas(), form, &over));
    request_of(case, actor, action, record)
}
