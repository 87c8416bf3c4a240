//! A case as evidence, for somebody who has to know afterwards who knew what and when: its history, every look, every message, and what
//! proves that nothing was altered. That it leaves the house is written down before its first byte (L18).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::history::{CASE, Loaded, load};
use super::ledger::{TASK, look};
use super::ledger_keys::{file_name, log_name};
use super::ledger_walk::steps;
use super::looks::AccessRow;
use super::reasons::{Place, Reasons};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::{Operation, Purpose};
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::ledger::entry::hex;
use crate::ledger::look::Look;
use crate::ledger::pack::{PackedEvent, PackedLog, log_of_looks};
use crate::ledger::sealed;
use crate::ledger::tree::sha256;
use crate::store::events::EventRow;
use crate::store::leases::Lease;
use crate::store::outbox::MessageRow;
use crate::store::{Tx, access_log, cases, erasures, events, ledger, look_ledger, outbox, witness};
use crate::vault::keys::StreamKey;

/// Half a second apart, so often it is tried to have all of it in signed logs: a node that runs signs within ten seconds.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(500);
/// How long this may sign before another node does.
const LEASE: Duration = Duration::from_secs(15);
const AT_ONCE: i64 = 500;

/// A case with all that is kept about it.
pub struct Evidence {
    pub case: Loaded,
    pub definition: Arc<Definition>,
    /// What colleagues call whoever acted.
    pub names: BTreeMap<String, String>,
    pub events: Vec<PackedEvent>,
    /// Who looked, oldest first.
    pub looks: Vec<Look>,
    /// Why they looked, where they said so: each with the id of its look.
    pub reasons: BTreeMap<Uuid, String>,
    /// The logs that hold both, each with what its files are called and the line by which its head is told from a forged one.
    pub logs: Vec<(String, PackedLog, String)>,
    pub messages: Vec<MessageRow>,
}

/// The reasons of looks in words.
fn told(reasons: &Reasons<'_>, looks: &[AccessRow]) -> Result<BTreeMap<Uuid, String>, AppError> {
    let given = looks
        .iter()
        .filter_map(|look| Some((look.id, look.reason.as_ref()?)));
    let told = given.map(|(id, stored)| Ok((id, reasons.opened(Place::Look(id), stored)?)));
    told.collect()
}

impl App {
    /// The reference of a case that chance draws, for a drill.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn any_reference(&self) -> Result<String, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut cases = cases::all(&mut tx).await?;
        let drawn = self.chance.id().as_u128() % (cases.len() as u128).max(1);
        let drawn = usize::try_from(drawn).map_err(AppError::inside)?;
        if drawn >= cases.len() {
            return Err(AppError::NotFound);
        }
        Ok(cases.swap_remove(drawn).reference)
    }

    /// Everything about a case, on the word of a person. Meetings that talked about it are among it, without what they said about others.
    ///
    /// # Errors
    /// `NotFound` when there is no such case; `Unmet` without a reason, or when some of it does not come into a signed log; when it cannot
    /// be logged.
    pub async fn evidence(
        self: &Arc<Self>,
        actor: &Actor,
        reference: &str,
        reason: &str,
    ) -> Result<Evidence, AppError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(AppError::Unmet(vec!["Say why it is exported".to_owned()]));
        }
        let id = {
            let mut tx = self.db.begin_read().await?;
            let row = cases::by_reference(&mut tx, reference).await?;
            match row {
                Some(row) => row.id,
                None => return Err(forgotten(&mut tx, reference).await?),
            }
        };
        let row = self.access_row(
            self.clock.now(),
            actor,
            Operation::Disclosure,
            Some(CaseId(id)),
            "evidence",
        );
        let classes: Vec<_> = FieldClass::ALL.iter().map(|class| class.name()).collect();
        self.log_look(AccessRow {
            classes: classes.join(" "),
            purpose: Purpose::Export.name().to_owned(),
            reason: Some(reason.to_owned()),
            ..row
        })
        .await?;
        self.gathered_once_signed(id).await
    }

    /// Waits until all of it is in signed logs; where no node is about to see to it, this does.
    async fn gathered_once_signed(self: &Arc<Self>, id: Uuid) -> Result<Evidence, AppError> {
        for _ in 0..TRIES {
            if let Some(evidence) = self.gathered(id).await? {
                return Ok(evidence);
            }
            match self.take_lease(TASK, self.chance.id(), LEASE).await? {
                None => tokio::time::sleep(PAUSE).await,
                Some(lease) => {
                    let signed = self.log_all(&lease).await;
                    self.give_back(lease).await?;
                    signed?;
                }
            }
        }
        let sentence = "Some of it is not in a signed log yet; while the service runs, it is within ten seconds";
        Err(AppError::Unmet(vec![sentence.to_owned()]))
    }

    async fn log_all(self: &Arc<Self>, lease: &Lease) -> Result<(), AppError> {
        while self.log_next(lease, AT_ONCE).await? {}
        Ok(())
    }

    /// All of it, if all of it is in signed logs.
    async fn gathered(&self, id: Uuid) -> Result<Option<Evidence>, AppError> {
        let names = self.names().await?;
        let reasons = self.reasons().await?;
        let mut tx = self.db.begin_read().await?;
        let case = load(&self.keys, &mut tx, CaseId(id)).await?;
        let mut streams = vec![id];
        streams.extend(events::talked_about(&mut tx, id, CASE).await?);
        let (mut events, mut logs) = (Vec::new(), BTreeSet::new());
        for stream in &streams {
            let rows = events::load(&mut tx, *stream).await?;
            let held = ledger::logs_of(&mut tx, *stream).await?;
            if !holds_all(&held, rows.len()) {
                return Ok(None);
            }
            for (log, _) in held {
                logs.insert(log_of_looks(&log));
                logs.insert(log);
            }
            events.extend(rows);
        }
        let looks = access_log::of_case(&mut tx, id, None, i64::MAX).await?;
        let told = told(&reasons, &looks)?;
        let held = look_ledger::logs_of(&mut tx, id).await?;
        if !holds_all(&held, looks.len()) {
            return Ok(None);
        }
        logs.extend(held.into_iter().map(|(log, _)| log));
        let mut packed = Vec::new();
        for log in logs {
            packed.push(self.packed_log(&mut tx, &log).await?);
        }
        let messages = outbox::of_case(&mut tx, id).await?;
        drop(tx);
        let pinned = self
            .definitions
            .pinned(&self.db, &case.edition, &case.case.authority);
        Ok(Some(Evidence {
            definition: pinned.await?,
            case,
            names,
            events: self.in_words(&streams, events).await?,
            logs: packed,
            looks: looks.into_iter().rev().map(look).collect(),
            reasons: told,
            messages,
        }))
    }

    /// What is sealed with the keys of these streams in words, the rest as its hash.
    async fn in_words(
        &self,
        streams: &[Uuid],
        rows: Vec<EventRow>,
    ) -> Result<Vec<PackedEvent>, AppError> {
        let keys = self.keys.of(&streams.iter().copied().collect()).await?;
        let events = rows.into_iter().map(|row| {
            let key_ref = row.key_ref.as_deref().and_then(|key| key.parse().ok());
            match key_ref.and_then(|stream: Uuid| keys.get(&stream)) {
                Some(Some(key)) => opened(row, key),
                _ => Ok(closed(row)),
            }
        });
        events.collect()
    }

    async fn packed_log(
        &self,
        tx: &mut Tx,
        log: &str,
    ) -> Result<(String, PackedLog, String), AppError> {
        let keys = self.ledger_keys.as_ref().ok_or(AppError::NotFound)?;
        let head = ledger::head(tx, log).await?;
        let head =
            head.ok_or_else(|| AppError::Inside(format!("the log {log} was never signed")))?;
        let mut entries = String::new();
        let mut from = 0;
        loop {
            let steps = steps(tx, log, from).await?;
            if steps.is_empty() {
                break;
            }
            for step in steps {
                let broken =
                    |why| AppError::Inside(format!("the log {} is broken: {why}", log_name(log)));
                entries.push_str(&step.entry.map_err(broken)?.line());
                entries.push('\n');
                from += 1;
            }
        }
        let key = keys.signer(log)?.verifier().text();
        let said = witness::of_head(tx, log, head.size).await?;
        let head = head.signed + &said;
        Ok((file_name(log), PackedLog { entries, head }, key))
    }
}

/// Whether logs hold so many entries of a case.
fn holds_all(logs: &[(String, i64)], number: usize) -> bool {
    let held: i64 = logs.iter().map(|(_, entries)| entries).sum();
    usize::try_from(held) == Ok(number)
}

fn closed(row: EventRow) -> PackedEvent {
    PackedEvent {
        stream: row.stream,
        stream_kind: row.stream_kind,
        seq: row.seq,
        at: row.at.timestamp(),
        actor: row.actor,
        actor_role: row.actor_role,
        kind: row.kind,
        edition: row.edition,
        key_ref: row.key_ref,
        sealing: row.sealing,
        body_hash: Some(hex(&sha256(row.body.as_bytes()))),
        body: None,
        key: None,
        words: None,
        previous: row.previous,
        hash: row.hash,
    }
}

fn opened(row: EventRow, key: &StreamKey) -> Result<PackedEvent, AppError> {
    let body = row.body.clone();
    let event = closed(row);
    let salt = sealed::salt(&body).map_err(AppError::inside)?;
    let key = key.event(&event.header(), &salt);
    let words = key.open(&event.header(), &body).map_err(AppError::inside)?;
    Ok(PackedEvent {
        body_hash: None,
        body: Some(body),
        key: Some(key.to_hex()),
        words: Some(words),
        ..event
    })
}

/// What is said of a reference that no case has: that there was one, where it was forgotten. Whoever asks is the operator.
async fn forgotten(tx: &mut Tx, reference: &str) -> Result<AppError, AppError> {
    let Some(row) = erasures::forgotten_called(tx, reference).await? else {
        return Ok(AppError::NotFound);
    };
    let sentence = format!(
        "It was forgotten on {} by the rule ‘{}’ of {}; two people confirmed it, and nobody can read it any more",
        row.at.timestamp().strftime("%Y-%m-%d"),
        row.rule,
        row.scheme
    );
    Ok(AppError::Unmet(vec![sentence]))
}
