//! A case as evidence, for somebody who has to know afterwards who knew what and when: its history, every look, every message, and what
//! proves that nothing was altered. That it leaves the house is written down before its first byte (L18).

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::history::{Loaded, load};
use super::ledger_keys::log_name;
use super::log_export::{ExportedLook, exported};
use super::looks::AccessRow;
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::{Operation, Purpose};
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::ledger::entry::Entry;
use crate::ledger::pack::{PackedEvent, PackedLog};
use crate::store::events::EventRow;
use crate::store::outbox::MessageRow;
use crate::store::{Tx, access_log, cases, events, ledger, outbox};

/// Entries read at a time.
const BATCH: i64 = 5000;

/// A case with all that is kept about it.
pub struct Evidence {
    pub case: Loaded,
    pub definition: Arc<Definition>,
    /// What colleagues call whoever acted.
    pub names: BTreeMap<String, String>,
    pub events: Vec<PackedEvent>,
    /// The logs that hold them, each with its authority and the line by which its head is told from a forged one.
    pub logs: Vec<(String, PackedLog, String)>,
    pub reads: Vec<ExportedLook>,
    pub messages: Vec<MessageRow>,
}

impl App {
    /// Everything about a case, on the word of a person. Meetings are not among it: theirs is told of other cases too.
    ///
    /// # Errors
    /// `NotFound` when there is no such case; `Unmet` without a reason, or while some of it is not in a signed log yet; when it cannot be
    /// logged.
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
            row.ok_or(AppError::NotFound)?.id
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
        self.gathered(id).await
    }

    async fn gathered(&self, id: Uuid) -> Result<Evidence, AppError> {
        let names = self.names().await?;
        let mut tx = self.db.begin_read().await?;
        let case = load(&self.keys, &mut tx, CaseId(id)).await?;
        let rows = events::load(&mut tx, id).await?;
        let held = ledger::logs_of(&mut tx, id).await?;
        let logged: i64 = held.iter().map(|(_, entries)| entries).sum();
        if usize::try_from(logged) != Ok(rows.len()) {
            let sentence = "Some of it is not in a signed log yet; while the service runs, it is within ten seconds";
            return Err(AppError::Unmet(vec![sentence.to_owned()]));
        }
        let mut logs = Vec::new();
        for (log, _) in held {
            logs.push(self.packed_log(&mut tx, log).await?);
        }
        let reads = access_log::of_case(&mut tx, id, None, i64::MAX).await?;
        let messages = outbox::of_case(&mut tx, id).await?;
        drop(tx);
        let pinned = self
            .definitions
            .pinned(&self.db, &case.edition, &case.case.authority);
        Ok(Evidence {
            definition: pinned.await?,
            case,
            names,
            events: rows.into_iter().map(packed).collect(),
            logs,
            reads: reads.into_iter().rev().map(exported).collect(),
            messages,
        })
    }

    async fn packed_log(
        &self,
        tx: &mut Tx,
        log: String,
    ) -> Result<(String, PackedLog, String), AppError> {
        let keys = self.ledger_keys.as_ref().ok_or(AppError::NotFound)?;
        let head = ledger::head(tx, &log).await?.ok_or(AppError::NotFound)?;
        let mut entries = String::new();
        let mut from = 0;
        loop {
            let rows = ledger::entries(tx, &log, from, BATCH).await?;
            let Some(last) = rows.last() else { break };
            from = last.position + 1;
            for row in &rows {
                let entry = Entry::new(row.stream, &row.hash);
                let entry = entry.ok_or_else(|| {
                    AppError::Inside(format!("the log {} is broken", log_name(&log)))
                })?;
                entries.push_str(&entry.line());
                entries.push('\n');
            }
        }
        let key = keys.signer(&log)?.verifier().text();
        let head = head.signed;
        Ok((log, PackedLog { entries, head }, key))
    }
}

fn packed(row: EventRow) -> PackedEvent {
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
        body: row.body,
        previous: row.previous,
        hash: row.hash,
    }
}
