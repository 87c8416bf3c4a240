//! Which case waits in which queue, and why.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::cases::CaseRow;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "queue_entries":
    CLEAR = "delete from queue_entries where case_id = $1";
    ADD = "
        insert into queue_entries (queue, case_id, urgent, order_at, why, since)
        values ($1, $2, $3, $4, $5, $6)";
    /// `not urgent` puts the urgent ones first, as false sorts before true in both databases. PostgreSQL learns the type of
    /// `$2` from its first use, so `$2 is null` comes last.
    PAGE = "
        select cases.*, entry.queue, entry.urgent as entry_urgent, entry.order_at, entry.why,
            entry.since
        from queue_entries entry join cases on cases.id = entry.case_id
        where entry.queue = $1 and cases.authority = $6 and cases.scheme = $7
            and ((not entry.urgent, entry.order_at, entry.case_id) > (not $2, $3, $4) or $2 is null)
        order by not entry.urgent, entry.order_at, entry.case_id
        limit $5";
    OF_CASE = "
        select queue, urgent, order_at, why, since from queue_entries
        where case_id = $1
        order by queue";
    COUNTS = "
        select cases.scheme, entry.queue, count(*) as waiting,
            count(*) filter (where entry.urgent) as urgent
        from queue_entries entry join cases on cases.id = entry.case_id
        where cases.authority = $1
        group by cases.scheme, entry.queue
        order by cases.scheme, entry.queue";
}

/// A case's place in a queue.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct QueueRow {
    /// The queue, as the definition names it.
    pub queue: String,
    /// Whether it goes before all that are not.
    pub urgent: bool,
    /// What the queue is ordered by: the soonest first.
    pub order_at: At,
    /// Why it waits here, in words.
    pub why: String,
    /// Since when it waits here.
    pub since: At,
}

/// A line of a queue's page: the place and the case.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct QueuedCase {
    /// The queue.
    pub queue: String,
    /// Whether it goes before all that are not.
    pub entry_urgent: bool,
    /// What the queue is ordered by.
    pub order_at: At,
    /// Why it waits here.
    pub why: String,
    /// Since when.
    pub since: At,
    /// The case.
    #[sqlx(flatten)]
    pub case: CaseRow,
}

impl Cursor {
    /// Reads what `Display` wrote; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let urgent = match parts.next()? {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        let order_at = Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?;
        let case_id = parts.next()?.parse().ok()?;
        Some(Self {
            urgent,
            order_at: At::from(order_at),
            case_id,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.order_at.timestamp().as_microsecond();
        write!(f, "{}.{micros}.{}", u8::from(self.urgent), self.case_id)
    }
}

impl QueuedCase {
    /// The place after which the next page begins.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            urgent: self.entry_urgent,
            order_at: self.order_at,
            case_id: self.case.id,
        }
    }
}

/// A place in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Whether the place is among the urgent ones.
    pub urgent: bool,
    /// The instant it is ordered by.
    pub order_at: At,
    /// The case there.
    pub case_id: Uuid,
}

/// How full a queue is.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct QueueCount {
    /// The scheme that the queue belongs to.
    pub scheme: String,
    /// The queue.
    pub queue: String,
    /// How many cases wait.
    pub waiting: i64,
    /// How many of them are urgent.
    pub urgent: i64,
}

impl QueueCount {
    /// A queue in which nothing waits.
    #[must_use]
    pub fn empty(scheme: &str, queue: &str) -> Self {
        Self {
            scheme: scheme.to_owned(),
            queue: queue.to_owned(),
            waiting: 0,
            urgent: 0,
        }
    }
}

/// Puts these places in place of all that `case_id` had.
///
/// # Errors
/// `Taken` when a queue is given twice; `Driver` when there is no such case.
pub async fn replace_for_case(
    tx: &mut Tx,
    case_id: Uuid,
    rows: &[QueueRow],
) -> Result<(), StoreError> {
    tx.sql(CLEAR).bind(case_id).execute().await?;
    for row in rows {
        tx.sql(ADD)
            .bind(&row.queue)
            .bind(case_id)
            .bind(row.urgent)
            .bind(row.order_at)
            .bind(&row.why)
            .bind(row.since)
            .execute()
            .await?;
    }
    Ok(())
}

/// The places of a case, by queue.
///
/// # Errors
/// `Driver` or `Inconsistent`.
pub async fn for_case(tx: &mut Tx, case_id: Uuid) -> Result<Vec<QueueRow>, StoreError> {
    tx.sql(OF_CASE).bind(case_id).all().await
}

/// Whose queue it is: queues of different schemes and authorities may share a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueOf {
    pub authority: String,
    pub scheme: String,
    pub queue: String,
}

/// A page of a queue: the urgent first, then by `order_at`, then by id; from the start, or after a place.
///
/// # Errors
/// Those of the database.
pub async fn page(
    tx: &mut Tx,
    of: &QueueOf,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<QueuedCase>, StoreError> {
    tx.sql(PAGE)
        .bind(&of.queue)
        .bind(after.map(|place| place.urgent))
        .bind(after.map(|place| place.order_at))
        .bind(after.map(|place| place.case_id))
        .bind(limit)
        .bind(&of.authority)
        .bind(&of.scheme)
        .all()
        .await
}

/// How many cases of an authority wait in each queue that is not empty.
///
/// # Errors
/// Those of the database.
pub async fn counts(tx: &mut Tx, authority: &str) -> Result<Vec<QueueCount>, StoreError> {
    tx.sql(COUNTS).bind(authority).all().await
}
