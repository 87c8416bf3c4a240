//! The walk over all logs: each entry is compared with its event or its look, and each head with the entries that it was signed for.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::ledger::look;
use super::ledger_keys::is_of_looks;
use crate::ledger::entry::{Entry, hex};
use crate::ledger::head::{Head, Verifier};
use crate::ledger::tree::Tree;
use crate::store::ledger::{self, EntryRow};
use crate::store::look_ledger::{self, LookEntry};
use crate::store::{Tx, access_log::AccessRow};

/// Entries read at a time.
const BATCH: i64 = 5000;

/// What an entry of a log is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// An event: its case or meeting, and its place in it.
    Event(Uuid, i64),
    /// A look.
    Look(Uuid),
}

/// The first place where a log does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEntry {
    /// The log: an authority, or an authority and `/access`. Empty for what no log knows.
    pub log: String,
    /// The event or the look, where it is about one.
    pub about: Option<About>,
    pub why: &'static str,
}

/// What a walk over all logs found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogWalk {
    pub logs: usize,
    pub entries: u64,
    pub heads: usize,
    /// The first bad place of each broken log.
    pub bad: Vec<BadEntry>,
}

/// An entry as the walk, or a pack, takes it: what it says, or what is wrong with it.
pub(super) struct Step {
    position: i64,
    about: About,
    pub(super) entry: Result<Entry, &'static str>,
}

type Found = (Option<About>, &'static str);

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(stream, seq) => write!(f, "stream {stream}: event {seq}"),
            Self::Look(id) => write!(f, "look {id}"),
        }
    }
}

impl App {
    /// Walks every log to its first bad place. `kept` are heads that somebody has elsewhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_logs(&self, kept: &[String]) -> Result<LogWalk, AppError> {
        let mut walk = LogWalk::default();
        let Some(keys) = &self.ledger_keys else {
            return Ok(walk);
        };
        let mut tx = self.db.begin_read().await?;
        let event = ledger::unlogged(&mut tx).await?;
        let look = look_ledger::unlogged(&mut tx).await?;
        let event = event.map(|(stream, seq)| About::Event(stream, seq));
        let unknown = event.into_iter().chain(look.map(About::Look));
        walk.bad.extend(unknown.map(|about| BadEntry {
            log: String::new(),
            about: Some(about),
            why: "no log knows of it",
        }));
        let mut logs = ledger::logs(&mut tx).await?;
        logs.extend(look_ledger::logs(&mut tx).await?);
        for log in logs {
            walk.logs += 1;
            let bad = match keys.signer(&log) {
                Ok(pen) => walked(&mut tx, &log, &pen.verifier(), kept, &mut walk).await?,
                Err(_) => Some((None, "its key is not in the data folder")),
            };
            walk.bad
                .extend(bad.map(|(about, why)| BadEntry { log, about, why }));
        }
        Ok(walk)
    }
}

/// Walks one log to its end or to the first bad place.
async fn walked(
    tx: &mut Tx,
    log: &str,
    verifier: &Verifier,
    kept: &[String],
    walk: &mut LogWalk,
) -> Result<Option<Found>, AppError> {
    let heads = ledger::heads(tx, log).await?;
    let mut expected: BTreeMap<u64, Vec<Head>> = BTreeMap::new();
    let own = heads.iter().map(|head| &head.signed);
    let elsewhere = kept
        .iter()
        .filter(|kept| kept.starts_with(&format!("{}\n", verifier.log())));
    for signed in own.chain(elsewhere) {
        let Ok(head) = verifier.open(signed) else {
            return Ok(Some((
                None,
                "a head is not signed with the key of this log",
            )));
        };
        expected.entry(head.size).or_default().push(head);
        walk.heads += 1;
    }
    let mut tree = Tree::default();
    loop {
        let steps = steps(tx, log, tree.size()).await?;
        if steps.is_empty() {
            break;
        }
        for step in steps {
            if let Err(why) = pushed(&step, &mut tree) {
                return Ok(Some((Some(step.about), why)));
            }
            walk.entries += 1;
            if let Some(heads) = expected.remove(&tree.size())
                && heads.iter().any(|head| head.root != tree.root())
            {
                let why = "the log up to here is not the one that was signed";
                return Ok(Some((Some(step.about), why)));
            }
        }
    }
    if !expected.is_empty() {
        return Ok(Some((None, "the end of the log is missing")));
    }
    let signed = heads.last().map(|head| head.size);
    let whole = signed.is_some_and(|size| u64::try_from(size) == Ok(tree.size()));
    Ok((!whole).then_some((None, "the end of the log is not signed")))
}

fn pushed(step: &Step, tree: &mut Tree) -> Result<(), &'static str> {
    if u64::try_from(step.position) != Ok(tree.size()) {
        return Err("the log has a gap before it");
    }
    tree.push(step.entry?.leaf());
    Ok(())
}

/// The next entries of a log from a place on; none at its end.
pub(super) async fn steps(tx: &mut Tx, log: &str, from: u64) -> Result<Vec<Step>, AppError> {
    let from = i64::try_from(from).map_err(AppError::inside)?;
    if !is_of_looks(log) {
        let rows = ledger::entries(tx, log, from, BATCH).await?;
        return Ok(rows.iter().map(of_event).collect());
    }
    let (entries, looks) = look_ledger::entries(tx, log, from, BATCH).await?;
    let mut looks: HashMap<Uuid, AccessRow> =
        looks.into_iter().map(|look| (look.id, look)).collect();
    let step = |entry: &LookEntry| of_look(entry, looks.remove(&entry.look_id));
    Ok(entries.iter().map(step).collect())
}

fn of_event(row: &EntryRow) -> Step {
    let entry = match &row.stored {
        None => Err("the event is gone"),
        Some(stored) if *stored != row.hash => Err("the event is not the one that was logged"),
        Some(_) => Entry::new(row.stream, &row.hash).ok_or("its hash is no hash"),
    };
    Step {
        position: row.position,
        about: About::Event(row.stream, row.seq),
        entry,
    }
}

fn of_look(row: &LookEntry, stored: Option<AccessRow>) -> Step {
    let entry = stored.map(|stored| look(stored).entry());
    let entry = match entry {
        None => Err("the look is gone"),
        Some(entry) if hex(&entry.hash) != row.hash => {
            Err("the look is not the one that was logged")
        }
        Some(entry) => Ok(entry),
    };
    Step {
        position: row.position,
        about: About::Look(row.look_id),
        entry,
    }
}
