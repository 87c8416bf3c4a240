//! Bodies of events, sealed on their way into history and opened on their way out.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::keys::Keys;
use crate::ledger::leaf::Header;
use crate::ledger::sealed::SEALED;
use crate::store::events::{EventRow, NewEvent};
use crate::vault::keys::StreamKey;

/// A key, and whose it is.
pub(super) struct KeyOf {
    /// The case or meeting.
    stream: Uuid,
    key: StreamKey,
}

/// The keys that opened a history. What is appended to it is sealed with them, without asking for them again.
#[derive(Default)]
pub struct Ring(HashMap<Uuid, StreamKey>);

impl App {
    /// The key for writing to a case or meeting: the one that opened it, or else the one that is kept, made where there is none.
    ///
    /// # Errors
    /// `NotFound` when it is not in the ring and was destroyed.
    pub(super) async fn key_of(
        &self,
        ring: &Ring,
        authority: &str,
        stream: Uuid,
    ) -> Result<KeyOf, AppError> {
        let key = if let Some(key) = ring.0.get(&stream) {
            key.clone()
        } else {
            let (chance, now) = (&self.chance, self.clock.now());
            let kept = self.keys.for_writing(authority, stream, chance, now);
            kept.await?
        };
        Ok(KeyOf { stream, key })
    }

    /// Seals the body of an event for its place in a stream.
    pub(super) fn sealed(
        &self,
        with: &KeyOf,
        (stream, stream_kind, seq): (Uuid, &str, i64),
        mut event: NewEvent,
    ) -> NewEvent {
        event.key_ref = Some(with.stream.to_string());
        event.sealing = SEALED;
        let header = Header {
            stream,
            stream_kind,
            seq,
            at: event.at,
            actor: &event.actor,
            actor_role: &event.actor_role,
            kind: &event.kind,
            edition: &event.edition,
            key_ref: event.key_ref.as_deref(),
            sealing: event.sealing,
        };
        let body = with.key.seal(&header, &event.body, &self.chance.bytes());
        event.body = body;
        event
    }
}

/// The bodies of events, in their order, and the keys that opened them; no body for one whose key was destroyed. A plain body is none of ours: whoever can write to the database
/// could have put it there.
///
/// # Errors
/// `Inside` with the first event that does not open.
pub(super) async fn opened(
    keys: &Keys,
    rows: &[EventRow],
) -> Result<(Vec<Option<String>>, Ring), AppError> {
    let sealed_with = rows.iter().map(key_ref).collect::<Result<Vec<_>, _>>()?;
    let streams: BTreeSet<_> = sealed_with.iter().copied().collect();
    if streams.is_empty() {
        return Ok((Vec::new(), Ring::default()));
    }
    let found = keys.of(&streams).await?;
    let ring = found
        .into_iter()
        .filter_map(|(stream, key)| Some((stream, key?)));
    let ring = Ring(ring.collect());
    let opened = rows.iter().zip(sealed_with).map(|(row, stream)| {
        let Some(key) = ring.0.get(&stream) else {
            return Ok(None);
        };
        let leaf = row.leaf();
        let body = key.open(&leaf.header, leaf.body);
        body.map(Some).map_err(|why| bad(row, &why.to_string()))
    });
    Ok((opened.collect::<Result<_, _>>()?, ring))
}

fn key_ref(row: &EventRow) -> Result<Uuid, AppError> {
    if row.sealing != SEALED {
        return Err(bad(row, "it is not sealed as this version seals"));
    }
    let named = row.key_ref.as_deref().and_then(|text| text.parse().ok());
    named.ok_or_else(|| bad(row, "it names no key"))
}

fn bad(row: &EventRow, why: &str) -> AppError {
    let (seq, stream) = (row.seq, row.stream);
    AppError::Inside(format!("event {seq} of stream {stream}: {why}"))
}
