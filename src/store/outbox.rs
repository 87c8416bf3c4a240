//! Messages to send. A message is a row in the transaction that called for it. Whoever sends it claims it first, in a
//! transaction that is committed before anything leaves, and notes afterwards what came of it, while the claim is theirs.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::pii::withheld;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "outbox":
    ADD = "
        insert into outbox (id, made_at, case_id, authority, recipient_kind, recipient, message, language, status,
            attempts, due_at, next_at, dedupe, meeting_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, $9, $9, $10, $11)
        on conflict (dedupe) do nothing";
    OF_CASE = "select * from outbox where case_id = $1 order by made_at, id";
    /// Several nodes on PostgreSQL each take another row; a SQLite file has one writer.
    NEXT = {
        sqlite: "
            select * from outbox
            where status = 'waiting' and next_at <= $1
            order by next_at, due_at, id
            limit 1",
        postgres: "
            select * from outbox
            where status = 'waiting' and next_at <= $1
            order by next_at, due_at, id
            limit 1
            for update skip locked"
    };
    CLAIM = "
        update outbox set status = 'sending', claim = $2, claimed_until = $3, attempts = attempts + 1
        where id = $1 and status = 'waiting'";
    RUN_OUT = {
        sqlite: "
            select * from outbox
            where status = 'sending' and claimed_until <= $1
            order by claimed_until, id
            limit $2",
        postgres: "
            select * from outbox
            where status = 'sending' and claimed_until <= $1
            order by claimed_until, id
            limit $2
            for update skip locked"
    };
    /// Only whoever holds the claim changes anything.
    NOTE = "
        update outbox set status = $3, trouble = $4, next_at = $5, outcome_at = $6, sent_at = $7,
            claim = null, claimed_until = null
        where id = $1 and claim = $2";
    WAKE = "
        update outbox set next_at = $1
        where status = 'waiting' and trouble = 'unreachable' and next_at > $1";
    LATE = "
        select count(*) as number, min(due_at) as since from outbox
        where authority = $1 and status in ('waiting', 'sending') and due_at <= $2";
    UNDELIVERED = "
        select * from outbox
        where authority = $1 and status in ('refused', 'in_doubt')
        order by outcome_at, id";
    GET = "select * from outbox where id = $1";
    SEND_AGAIN = "
        update outbox set status = 'waiting', due_at = $2, next_at = $2, outcome_at = $2
        where id = $1 and status in ('refused', 'in_doubt')";
    SETTLE = "
        update outbox set status = 'settled', outcome_at = $2
        where id = $1 and status in ('refused', 'in_doubt')";
    DECIDED = "
        insert into outbox_decisions (id, message_id, at, actor, decision, reason)
        values ($1, $2, $3, $4, $5, $6)";
    /// What may have left before, towards those whom nothing may reach twice.
    DOUBT = "
        update outbox set status = 'in_doubt', trouble = 'in_doubt', outcome_at = $1
        where status = 'waiting' and recipient_kind = 'agency'";
    INVITED = "select distinct recipient from outbox where meeting_id = $1";
    COUNT_WAITING = "
        select count(*) as messages, min(made_at) as first, max(made_at) as last from outbox
        where status = 'waiting'";
}

/// A message about to be put in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id, which becomes its Message-ID.
    pub id: Uuid,
    /// When it was called for.
    pub made_at: At,
    /// The case it is about, if any.
    pub case_id: Option<Uuid>,
    /// Whose people are told.
    pub authority: String,
    /// `staff` or `agency`.
    pub recipient_kind: String,
    /// Which account of the staff directory.
    pub recipient: String,
    /// The neutral message, as the definition names it.
    pub message: String,
    /// The language it goes out in.
    pub language: String,
    /// When it is to go out, and not before.
    pub due_at: At,
    /// What makes it the same message as another: such a pair is sent once.
    pub dedupe: String,
    /// The meeting whose appointment it brings along, if any.
    pub meeting_id: Option<Uuid>,
}

/// A message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MessageRow {
    /// Its id.
    pub id: Uuid,
    /// When it was called for.
    pub made_at: At,
    /// The case it is about, if any.
    pub case_id: Option<Uuid>,
    /// Whose people are told, and mind it if it does not arrive.
    pub authority: String,
    /// `staff` or `agency`.
    pub recipient_kind: String,
    /// Which account of the staff directory.
    pub recipient: String,
    /// The neutral message, as the definition names it.
    pub message: String,
    /// The language it goes out in.
    pub language: String,
    /// `waiting`, `sending`, `sent`, `refused`, `in_doubt`, or `settled` by a person.
    pub status: String,
    /// What the last attempt met: `unreachable`, `deferred`, `refused`, `in_doubt`, `no_address` or `no_text`.
    pub trouble: Option<String>,
    /// How often it has been tried.
    pub attempts: i64,
    /// Since when it ought to have gone out.
    pub due_at: At,
    /// Not to be tried before this.
    pub next_at: At,
    /// Who is sending it.
    pub claim: Option<Uuid>,
    /// When that right ends.
    pub claimed_until: Option<At>,
    /// When it came to stand as it does.
    pub outcome_at: Option<At>,
    /// When it was handed over.
    pub sent_at: Option<At>,
    /// What makes it the same message as another.
    pub dedupe: String,
    /// The meeting whose appointment it brings along, if any.
    pub meeting_id: Option<Uuid>,
}

/// How a message stands after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// `waiting`, `sent`, `refused` or `in_doubt`.
    pub status: &'static str,
    /// What the attempt met, if anything.
    pub trouble: Option<&'static str>,
    /// Not to be tried again before this.
    pub next_at: At,
    /// When this is noted.
    pub at: At,
}

/// Messages that ought to have gone out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Late {
    /// How many.
    pub number: i64,
    /// Since when the oldest of them; none where there is none.
    pub since: Option<At>,
}

/// What a person decided about a message that did not arrive, or may not have.
#[derive(Clone, PartialEq, Eq)]
pub struct DecisionRow {
    /// Its id.
    pub id: Uuid,
    /// The message.
    pub message_id: Uuid,
    /// When.
    pub at: At,
    /// Who.
    pub actor: String,
    /// `send_again` or `settled`.
    pub decision: String,
    /// How it was settled, in their own words.
    pub reason: Option<String>,
}

withheld!(DecisionRow);

/// The messages that wait, all together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// How many there are.
    pub messages: i64,
    /// When the first of them was called for.
    pub first: Option<At>,
    /// When the last of them was called for.
    pub last: Option<At>,
}

/// Puts a message in the outbox; answers whether it is new there.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, message: &NewMessage) -> Result<bool, StoreError> {
    let added = tx
        .sql(ADD)
        .bind(message.id)
        .bind(message.made_at)
        .bind(message.case_id)
        .bind(&message.authority)
        .bind(&message.recipient_kind)
        .bind(&message.recipient)
        .bind(&message.message)
        .bind(&message.language)
        .bind(message.due_at)
        .bind(&message.dedupe)
        .bind(message.meeting_id)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Claims the message that has waited longest and may go out now. Nothing of it may leave before this is committed.
///
/// # Errors
/// Those of the database.
pub async fn claim(
    tx: &mut Tx,
    claim: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<MessageRow>, StoreError> {
    let next: Option<MessageRow> = tx.sql(NEXT).bind(At::from(now)).optional().await?;
    let Some(mut row) = next else {
        return Ok(None);
    };
    let until = At::from(until);
    let claimed = tx.sql(CLAIM).bind(row.id).bind(claim).bind(until);
    if claimed.execute().await? == 0 {
        return Ok(None);
    }
    row.attempts += 1;
    (row.claim, row.claimed_until) = (Some(claim), Some(until));
    Ok(Some(row))
}

/// Claims that have run out without a word of what came of them.
///
/// # Errors
/// Those of the database.
pub async fn run_out(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    tx.sql(RUN_OUT).bind(At::from(now)).bind(limit).all().await
}

/// Leaves to a person every message to a partner agency that waits: another system may have sent it already. When it was
/// called for does not tell: the clock of this machine may be behind that of the other. Answers how many there are.
///
/// # Errors
/// Those of the database.
pub async fn doubt(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    tx.sql(DOUBT).bind(At::from(now)).execute().await
}

/// How many messages wait, and from when to when they were called for.
///
/// # Errors
/// Those of the database.
pub async fn count_waiting(tx: &mut Tx) -> Result<Waiting, StoreError> {
    tx.sql(COUNT_WAITING).one().await
}

/// Notes what came of a claimed message and ends the claim; answers whether the claim was still this one. If not, nothing
/// has changed.
///
/// # Errors
/// Those of the database.
pub async fn note(
    tx: &mut Tx,
    id: Uuid,
    claim: Option<Uuid>,
    standing: Standing,
) -> Result<bool, StoreError> {
    let sent_at = (standing.status == "sent").then_some(standing.at);
    let changed = tx
        .sql(NOTE)
        .bind(id)
        .bind(claim)
        .bind(standing.status)
        .bind(standing.trouble)
        .bind(standing.next_at)
        .bind(standing.at)
        .bind(sent_at)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Lets every message go out now that only waits for the server to be there again.
///
/// # Errors
/// Those of the database.
pub async fn wake(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    tx.sql(WAKE).bind(At::from(now)).execute().await
}

/// Every message about a case, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn of_case(tx: &mut Tx, case_id: Uuid) -> Result<Vec<MessageRow>, StoreError> {
    tx.sql(OF_CASE).bind(case_id).all().await
}

/// An authority's messages that were due at `before` and have not gone out.
///
/// # Errors
/// Those of the database.
pub async fn late(tx: &mut Tx, authority: &str, before: Timestamp) -> Result<Late, StoreError> {
    let before = At::from(before);
    tx.sql(LATE).bind(authority).bind(before).one().await
}

/// An authority's messages that a person must look at, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn undelivered(tx: &mut Tx, authority: &str) -> Result<Vec<MessageRow>, StoreError> {
    tx.sql(UNDELIVERED).bind(authority).all().await
}

/// A message.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<MessageRow>, StoreError> {
    tx.sql(GET).bind(id).optional().await
}

/// Carries out what a person decided about an undelivered message, and records it; answers whether it was undelivered
/// still. If not, nothing has changed.
///
/// # Errors
/// Those of the database.
pub async fn decide(tx: &mut Tx, decision: &DecisionRow) -> Result<bool, StoreError> {
    let statement = match decision.decision.as_str() {
        "send_again" => SEND_AGAIN,
        _ => SETTLE,
    };
    let changed = tx.sql(statement).bind(decision.message_id);
    if changed.bind(decision.at).execute().await? == 0 {
        return Ok(false);
    }
    tx.sql(DECIDED)
        .bind(decision.id)
        .bind(decision.message_id)
        .bind(decision.at)
        .bind(&decision.actor)
        .bind(&decision.decision)
        .bind(&decision.reason)
        .execute()
        .await?;
    Ok(true)
}

/// The accounts to which an appointment for a meeting was written.
///
/// # Errors
/// Those of the database.
pub async fn invited(tx: &mut Tx, meeting: Uuid) -> Result<BTreeSet<String>, StoreError> {
    let found: Vec<(String,)> = tx.sql(INVITED).bind(meeting).all().await?;
    Ok(found.into_iter().map(|(recipient,)| recipient).collect())
}
