//! History: every event of every stream, appended and never changed. Triggers refuse the rest.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::ledger::leaf::{self, Header, Leaf};
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;
use crate::store::ledger;

statements! {
    "events":
    HEAD = "
        select seq, hash from events
        where stream = $1
        order by seq desc
        limit 1";
    /// A number that somebody else took first changes no row: on PostgreSQL an error would end the transaction before
    /// the current version could be read.
    APPEND = "
        insert into events (stream, stream_kind, seq, at, actor, actor_role, kind, edition,
            key_ref, sealing, body, previous, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (stream, seq) do nothing";
    LOAD = "
        select * from events
        where stream = $1
        order by seq";
    STREAMS = "
        select stream, stream_kind, max(seq) as version from events
        group by stream, stream_kind
        order by stream";
    ANY = "select count(*) as found from (select 1 from events limit 1) as one";
    ANY_PLAIN = "select count(*) as found from (select 1 from events where sealing = 0 limit 1) as one";
    /// Meetings that talked about a case: what is about it is sealed with its key.
    TALKED = "
        select distinct stream from events
        where key_ref = $1 and stream_kind <> $2
        order by stream";
    STREAMS_AFTER = "
        select stream, stream_kind, max(seq) as version from events
        where stream > $1
        group by stream, stream_kind
        order by stream
        limit $2";
}

/// An event about to be appended; its place and its hashes are given to it then.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// The role they did it in.
    pub actor_role: String,
    /// Which kind of event this is.
    pub kind: String,
    /// Hash of the edition of the scheme it happened under.
    pub edition: String,
    /// The key that seals the body; none while it is plain.
    pub key_ref: Option<String>,
    /// How the body is sealed; 0 is plain.
    pub sealing: i64,
    /// The body as it will be stored and hashed.
    pub body: String,
}

/// An event as stored.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EventRow {
    /// The case or meeting it belongs to.
    pub stream: Uuid,
    /// `case` or `meeting`.
    pub stream_kind: String,
    /// Place in the stream, counted from 1.
    pub seq: i64,
    /// When it was recorded.
    pub at: At,
    /// Who did it.
    pub actor: String,
    /// The role they did it in.
    pub actor_role: String,
    /// Which kind of event this is.
    pub kind: String,
    /// Hash of the edition of the scheme it happened under.
    pub edition: String,
    /// The key that seals the body; none while it is plain.
    pub key_ref: Option<String>,
    /// How the body is sealed; 0 is plain.
    pub sealing: i64,
    /// The body as stored and hashed.
    pub body: String,
    /// The hash of the event before; empty for the first.
    pub previous: String,
    /// The hash of this event.
    pub hash: String,
}

/// Leaves the body out, which may hold personal data: this may end up in a log.
impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEvent")
            .field("kind", &self.kind)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

/// Leaves the body out, as for `NewEvent`.
impl fmt::Debug for EventRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventRow")
            .field("stream", &self.stream)
            .field("seq", &self.seq)
            .field("kind", &self.kind)
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

impl EventRow {
    /// The event as the ledger verifies it.
    #[must_use]
    pub fn leaf(&self) -> Leaf<'_> {
        Leaf {
            header: Header {
                stream: self.stream,
                stream_kind: &self.stream_kind,
                seq: self.seq,
                at: self.at.timestamp(),
                actor: &self.actor,
                actor_role: &self.actor_role,
                kind: &self.kind,
                edition: &self.edition,
                key_ref: self.key_ref.as_deref(),
                sealing: self.sealing,
            },
            body: &self.body,
            previous: &self.previous,
            hash: &self.hash,
        }
    }
}

/// A stream and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StreamRow {
    /// The case or meeting.
    pub stream: Uuid,
    /// `case` or `meeting`.
    pub stream_kind: String,
    /// The number of its last event.
    pub version: i64,
}

/// Appends events to a stream that must be at `expected_version` (0 for a new one); answers the new version.
///
/// # Errors
/// `Conflict` with the current version when the stream is not where the caller thinks; nothing is then appended once the
/// transaction is dropped.
pub async fn append(
    tx: &mut Tx,
    stream: Uuid,
    stream_kind: &str,
    expected_version: i64,
    events: Vec<NewEvent>,
) -> Result<i64, StoreError> {
    let (mut seq, mut previous) = head(tx, stream).await?;
    if seq != expected_version {
        return Err(StoreError::Conflict { current: seq });
    }
    for event in events {
        seq += 1;
        let row = chained(stream, stream_kind, seq, previous, event);
        if insert(tx, &row).await? == 0 {
            let (current, _) = head(tx, stream).await?;
            return Err(StoreError::Conflict { current });
        }
        ledger::wait(tx, stream, seq).await?;
        previous = row.hash;
    }
    Ok(seq)
}

/// The events of a stream, first to last; none if there is no such stream.
///
/// # Errors
/// Those of the database.
pub async fn load(tx: &mut Tx, stream: Uuid) -> Result<Vec<EventRow>, StoreError> {
    tx.sql(LOAD).bind(stream).all().await
}

/// Every stream there is, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub async fn streams(tx: &mut Tx) -> Result<Vec<StreamRow>, StoreError> {
    tx.sql(STREAMS).all().await
}

/// The streams of other kinds than this one in which anything is sealed with the key of a case.
///
/// # Errors
/// Those of the database.
pub async fn talked_about(tx: &mut Tx, case: Uuid, kind: &str) -> Result<Vec<Uuid>, StoreError> {
    let streams = tx.sql(TALKED).bind(case.to_string()).bind(kind);
    let streams: Vec<(Uuid,)> = streams.all().await?;
    Ok(streams.into_iter().map(|(stream,)| stream).collect())
}

/// Whether anything has happened.
///
/// # Errors
/// Those of the database.
pub async fn any(tx: &mut Tx) -> Result<bool, StoreError> {
    let some: i64 = tx.sql(ANY).scalar().await?;
    Ok(some > 0)
}

/// Whether a body is not sealed.
///
/// # Errors
/// Those of the database.
pub async fn any_plain(tx: &mut Tx) -> Result<bool, StoreError> {
    let some: i64 = tx.sql(ANY_PLAIN).scalar().await?;
    Ok(some > 0)
}

/// The next streams after one, in the order of their ids.
///
/// # Errors
/// Those of the database.
pub async fn streams_after(
    tx: &mut Tx,
    after: Uuid,
    limit: i64,
) -> Result<Vec<StreamRow>, StoreError> {
    let next = tx.sql(STREAMS_AFTER).bind(after).bind(limit);
    next.all().await
}

async fn head(tx: &mut Tx, stream: Uuid) -> Result<(i64, String), StoreError> {
    let last = tx.sql(HEAD).bind(stream).optional().await?;
    Ok(last.unwrap_or_default())
}

fn chained(
    stream: Uuid,
    stream_kind: &str,
    seq: i64,
    previous: String,
    event: NewEvent,
) -> EventRow {
    let mut row = EventRow {
        stream,
        stream_kind: stream_kind.to_owned(),
        seq,
        at: event.at.into(),
        actor: event.actor,
        actor_role: event.actor_role,
        kind: event.kind,
        edition: event.edition,
        key_ref: event.key_ref,
        sealing: event.sealing,
        body: event.body,
        previous,
        hash: String::new(),
    };
    let leaf = row.leaf();
    row.hash = leaf::hash(leaf.previous, &leaf.header, leaf.body);
    row
}

async fn insert(tx: &mut Tx, row: &EventRow) -> Result<u64, StoreError> {
    tx.sql(APPEND)
        .bind(row.stream)
        .bind(&row.stream_kind)
        .bind(row.seq)
        .bind(row.at)
        .bind(&row.actor)
        .bind(&row.actor_role)
        .bind(&row.kind)
        .bind(&row.edition)
        .bind(&row.key_ref)
        .bind(row.sealing)
        .bind(&row.body)
        .bind(&row.previous)
        .bind(&row.hash)
        .execute()
        .await
}
