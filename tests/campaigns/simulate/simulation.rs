//! One simulation: an installation, what was sent to it, and what has been seen of it. Every step ends with the laws.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clares_law::app::act::Request;
use clares_law::app::digest::digest;
use clares_law::app::error::AppError;
use clares_law::app::history;
use clares_law::app::intake::Door;
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Definition;
use clares_law::engine::definition::record::Answers;
use clares_law::ledger::leaf;
use clares_law::store::events::EventRow;
use clares_law::store::outbox::MessageRow;
use clares_law::store::{Sql, cases, deadlines, events, queues};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use uuid::Uuid;

use super::faults::{self, Fault, Fired};
use super::laws::{self, Broken, Held, Seen, clocks, holds, rows};
use super::operation::Left;
use super::server::Server;
use super::world::{Read, World, beginning, inside};

pub const CHAIN: &str = "L1 history is only appended to";
pub const ATOMIC: &str = "L2 wholly or not at all";
pub const KEPT: &str = "nothing acknowledged is gone";
pub const ONCE: &str = "L16 a command is done once";
const ANSWERS: &str = "L2 an answer is kept for exactly what was done";
const REBUILT: &str = "L2 the rows are those that a rebuild makes";

/// A command as it was sent.
#[derive(Debug, Clone)]
pub enum Sent {
    Application(Door, Answers, Option<String>, Actor),
    Request(Request),
}

impl Sent {
    pub fn key(&self) -> Option<&String> {
        match self {
            Self::Application(_, _, key, _) => key.as_ref(),
            Self::Request(request) => request.key.as_ref(),
        }
    }

    pub fn actor(&self) -> &Actor {
        match self {
            Self::Application(_, _, _, actor) => actor,
            Self::Request(request) => &request.actor,
        }
    }

    pub fn sender(&self) -> Option<(String, String)> {
        Some((self.key()?.clone(), self.actor().id.clone()))
    }
}

/// What came back.
#[derive(Debug)]
pub enum Answer {
    Done(Value),
    Refused(AppError),
    /// The process died on the way, or nobody waited.
    Unknown,
}

/// A case as it was last seen.
#[derive(Debug, Clone)]
pub struct Known {
    pub id: CaseId,
    chain: Vec<String>,
    told: BTreeMap<(u64, String), String>,
    /// When something happens next by itself.
    next: Option<Timestamp>,
}

pub struct Simulation {
    pub world: World,
    pub cases: Vec<Known>,
    /// The commands that were sent under a key, with the answer that was given or found.
    pub sent: Vec<(Sent, Option<Value>)>,
    pub fired: Fired,
    pub story: Vec<String>,
    /// How the process is found after it has crashed.
    pub left: Left,
    pub keys: u64,
    pub server: Server,
    /// Whether the messages wait for a person, since the database was moved.
    pub held: bool,
    versions: BTreeMap<Uuid, i64>,
}

impl Simulation {
    pub async fn new(seed: u64, read: Read) -> Result<Self, Broken> {
        faults::install();
        faults::pardon();
        Ok(Self {
            world: World::new(seed, beginning(seed), read).await?,
            cases: Vec::new(),
            sent: Vec::new(),
            fired: Fired::default(),
            story: Vec::new(),
            left: Left::Killed,
            keys: 0,
            server: Server::default(),
            held: false,
            versions: BTreeMap::new(),
        })
    }

    /// A line of the story, with the local time.
    pub fn tell(&mut self, line: &str) {
        let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        let now = self
            .world
            .now()
            .to_zoned(zone)
            .strftime("%Y-%m-%d %H:%M:%S %Z")
            .to_string();
        self.story.push(format!("{now}  {line}"));
    }

    /// The process crashed, if it did, and begins again.
    pub async fn revive(&mut self) -> Result<bool, Broken> {
        if !faults::is_dead() {
            return Ok(false);
        }
        // What else was under way dies as well, or was done.
        self.world.finished().await;
        let Some(fault) = faults::died() else {
            return Ok(false);
        };
        self.fired.note(fault);
        self.tell(&format!(
            "{}; it begins again ({:?})",
            fault.text(),
            self.left
        ));
        self.restart(self.left).await?;
        Ok(true)
    }

    pub async fn restart(&mut self, left: Left) -> Result<(), Broken> {
        self.fired.note(match left {
            Left::Killed => Fault::Killed,
            Left::Closed => Fault::Closed,
            Left::Cold => Fault::Cold,
            Left::Moved => Fault::Moved,
        });
        faults::pardon();
        self.held |= left == Left::Moved;
        self.world.restart(left).await?;
        Ok(())
    }

    /// What a case looks like now.
    pub async fn load(&self, id: CaseId) -> Result<history::Loaded, Broken> {
        let mut tx = self
            .world
            .db()
            .begin_read()
            .await
            .map_err(anyhow::Error::from)?;
        Ok(history::load(self.world.keys(), &mut tx, id)
            .await
            .map_err(inside)?)
    }

    /// The edition that a case goes by.
    pub async fn edition(&self, hash: &str, authority: &str) -> Result<Arc<Definition>, Broken> {
        let app = self.world.app();
        let pinned = app.definitions.pinned(&app.db, hash, authority).await;
        Ok(pinned.map_err(inside)?)
    }

    async fn versions(&self) -> Result<BTreeMap<Uuid, i64>, Broken> {
        let mut tx = self
            .world
            .db()
            .begin_read()
            .await
            .map_err(anyhow::Error::from)?;
        let streams = events::streams(&mut tx)
            .await
            .map_err(anyhow::Error::from)?;
        Ok(streams
            .into_iter()
            .map(|stream| (stream.stream, stream.version))
            .collect())
    }

    /// Looks at everything that the step has touched. Answers which cases these are.
    pub async fn look(&mut self) -> Result<BTreeSet<Uuid>, Broken> {
        let now = self.versions().await?;
        for (stream, version) in &self.versions {
            let after = now.get(stream).copied().unwrap_or(0);
            holds!(
                KEPT,
                after >= *version,
                "{stream} was at {version} and is at {after}"
            );
        }
        let touched: BTreeSet<Uuid> = now
            .iter()
            .filter(|(stream, version)| self.versions.get(*stream) != Some(*version))
            .map(|(stream, _)| *stream)
            .collect();
        self.versions = now;
        for stream in &touched {
            self.examine(CaseId(*stream)).await?;
        }
        Ok(touched)
    }

    /// Asks the laws of one case.
    async fn examine(&mut self, id: CaseId) -> Held {
        let failed =
            |error: clares_law::store::StoreError| Broken::from(anyhow::Error::from(error));
        let mut tx = self.world.db().begin_read().await.map_err(failed)?;
        let loaded = history::load(self.world.keys(), &mut tx, id)
            .await
            .map_err(inside)?;
        let chain = events::load(&mut tx, id.0).await.map_err(failed)?;
        let row = cases::get(&mut tx, id.0).await.map_err(failed)?;
        let deadlines = deadlines::for_case(&mut tx, id.0).await.map_err(failed)?;
        let places = queues::for_case(&mut tx, id.0).await.map_err(failed)?;
        let outbox = tx
            .sql(OUTBOX)
            .bind(id.0)
            .all::<(String, String, String)>()
            .await
            .map_err(failed)?;
        drop(tx);
        let place = self.cases.iter().position(|known| known.id == id);
        let place = place.unwrap_or_else(|| {
            self.cases.push(Known {
                id,
                chain: Vec::new(),
                told: BTreeMap::new(),
                next: None,
            });
            self.cases.len() - 1
        });
        let before = chained(&self.cases[place], &chain)?;
        let mut editions = BTreeMap::new();
        for event in &chain {
            if !editions.contains_key(&event.edition) {
                let edition = self.edition(&event.edition, &loaded.case.authority).await?;
                editions.insert(event.edition.clone(), edition);
            }
        }
        let seen = Seen {
            rows: &chain,
            history: &loaded.history,
            case: &loaded.case,
            before,
            editions: &editions,
            people: &self.world.people,
            now: self.world.now(),
        };
        let runs = laws::of_case(&seen)?;
        let Some(row) = row else {
            return Err(Broken {
                law: ATOMIC,
                how: format!("{id} has events and no row"),
            });
        };
        rows::case(&seen, &row)?;
        rows::deadlines(&runs, &deadlines)?;
        rows::queues(&seen, &places)?;
        let told = rows::told(&seen);
        let mut due = self.cases[place].told.clone();
        due.extend(told);
        rows::outbox(&seen, &due, &outbox)?;
        let known = &mut self.cases[place];
        known.told = due;
        known.chain = chain.iter().map(|event| event.hash.clone()).collect();
        known.next = clocks::next(&runs);
        Ok(())
    }

    /// After everything due has been recorded: nothing is left on any case.
    pub fn swept(&self) -> Held {
        for known in &self.cases {
            clocks::all_recorded(known.next, self.world.now())?;
        }
        Ok(())
    }

    /// Looks at everything there is.
    pub async fn look_at_all(&mut self) -> Held {
        for place in 0..self.cases.len() {
            self.examine(self.cases[place].id).await?;
        }
        let streams = self.versions().await?;
        let strange = streams
            .keys()
            .find(|stream| !self.cases.iter().any(|known| known.id.0 == **stream));
        holds!(
            ATOMIC,
            strange.is_none(),
            "a history that nothing called for: {strange:?}"
        );
        self.look_at_answers().await?;
        faults::pardon();
        let (_, differed) = self.world.app().rebuild().await.map_err(inside)?;
        holds!(
            REBUILT,
            differed.is_empty(),
            "they differed for {differed:?}"
        );
        Ok(())
    }

    async fn look_at_answers(&self) -> Held {
        let kept = self.answers().await?;
        let mut due = BTreeMap::new();
        for (sent, answer) in &self.sent {
            if let (Some(sender), Some(answer)) = (sent.sender(), answer) {
                due.insert(sender, answer.clone());
            }
        }
        let gone = due
            .iter()
            .find(|(sender, answer)| kept.get(*sender) != Some(*answer));
        holds!(
            ANSWERS,
            gone.is_none(),
            "the answer to {gone:?} is not kept as it was given"
        );
        let idle = kept.keys().find(|sender| !due.contains_key(*sender));
        holds!(
            ANSWERS,
            idle.is_none(),
            "an answer to {idle:?}, which nobody was given"
        );
        Ok(())
    }

    /// The answers that are kept, by key and sender.
    pub async fn answers(&self) -> Result<BTreeMap<(String, String), Value>, Broken> {
        let mut tx = self
            .world
            .db()
            .begin_read()
            .await
            .map_err(anyhow::Error::from)?;
        let rows = tx
            .sql(REPLIES)
            .all::<(String, String, String)>()
            .await
            .map_err(anyhow::Error::from)?;
        let read = rows.into_iter().map(|(key, actor, reply)| {
            let reply = serde_json::from_str(&reply).map_err(anyhow::Error::from)?;
            Ok(((key, actor), reply))
        });
        read.collect()
    }

    /// A fingerprint of everything that a run has left.
    pub async fn fingerprint(&self) -> Result<String, Broken> {
        let mut parts: Vec<Vec<u8>> = Vec::new();
        for known in &self.cases {
            parts.push(known.id.0.as_bytes().to_vec());
            parts.extend(known.chain.last().map(|hash| hash.clone().into_bytes()));
        }
        let mut tx = self
            .world
            .db()
            .begin_read()
            .await
            .map_err(anyhow::Error::from)?;
        for row in cases::all(&mut tx).await.map_err(anyhow::Error::from)? {
            parts.push(format!("{row:?}").into_bytes());
        }
        for row in deadlines::all(&mut tx).await.map_err(anyhow::Error::from)? {
            parts.push(format!("{row:?}").into_bytes());
        }
        let messages = tx.sql(MESSAGES).all::<MessageRow>().await;
        for row in messages.map_err(anyhow::Error::from)? {
            let arrival = self.server.of(row.id);
            parts.push(format!("{row:?} {arrival:?}").into_bytes());
        }
        let looks = tx
            .sql(LOOKS)
            .all::<(Uuid, String)>()
            .await
            .map_err(anyhow::Error::from)?;
        parts.push(format!("{looks:?}").into_bytes());
        Ok(digest(parts.iter().map(Vec::as_slice)))
    }
}

const OUTBOX: Sql = Sql::one(
    "simulation.OUTBOX",
    "select dedupe, recipient, message from outbox where case_id = $1",
);
const REPLIES: Sql = Sql::one(
    "simulation.REPLIES",
    "select key, actor, reply from idempotency",
);
const MESSAGES: Sql = Sql::one(
    "simulation.ALL_MESSAGES",
    "select * from outbox order by id",
);
const LOOKS: Sql = Sql::one(
    "simulation.LOOKS",
    "select id, what from access_log order by id",
);

/// The chain verifies and begins as it did; answers how long it was.
fn chained(known: &Known, chain: &[EventRow]) -> Result<usize, Broken> {
    let verified = leaf::verify(chain.iter().map(EventRow::leaf));
    holds!(CHAIN, verified.is_ok(), "{}: {verified:?}", known.id);
    let before = known.chain.len();
    holds!(
        CHAIN,
        chain.len() >= before,
        "{}: {before} events became {}",
        known.id,
        chain.len()
    );
    let same = chain
        .iter()
        .zip(&known.chain)
        .all(|(event, hash)| event.hash == *hash);
    holds!(
        CHAIN,
        same,
        "{}: an earlier event has another hash",
        known.id
    );
    Ok(before)
}

impl Simulation {
    /// How many events there are in all.
    pub fn events(&self) -> usize {
        self.cases.iter().map(|known| known.chain.len()).sum()
    }
}
