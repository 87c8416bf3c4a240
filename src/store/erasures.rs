//! Cases past the day until which they had to be kept: what was proposed for them, what came of it, and which were forgotten. All three
//! tables are added to and never changed, and hold no personal data.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::pii::withheld;
use crate::store::cases::CaseRow;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "erasures":
    ADD = "
        insert into erasures (id, case_id, reference, authority, scheme, rule, kept_until, wanted, review_on, ground, words, at, done_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    ADD_STEP = "insert into erasure_steps (erasure_id, step, at, done_by, reason) values ($1, $2, $3, $4, $5)";
    /// Two nodes may have destroyed the same key.
    ADD_KEY_STEP = "
        insert into erasure_steps (erasure_id, step, at, done_by, reason) values ($1, $2, $3, $4, $5)
        on conflict (erasure_id, step) do nothing";
    /// What nobody has confirmed or sent back yet.
    WAITING = "
        select * from erasures
        where authority = $1 and not exists (
            select 1 from erasure_steps where erasure_steps.erasure_id = erasures.id)
        order by at, id
        limit $2";
    WAITING_FOR = "
        select * from erasures
        where case_id = $1 and not exists (
            select 1 from erasure_steps where erasure_steps.erasure_id = erasures.id)
        order by at, id
        limit 1";
    /// Those whose day is over, for which nothing is proposed and which are not kept on.
    PAST = "
        select * from cases
        where authority = $1 and keep_until <= $2
            and not exists (
                select 1 from erasures
                where erasures.case_id = cases.id and not exists (
                    select 1 from erasure_steps where erasure_steps.erasure_id = erasures.id))
            and not exists (
                select 1 from erasures join erasure_steps on erasure_steps.erasure_id = erasures.id
                where erasures.case_id = cases.id and erasures.wanted = 'keep' and erasures.review_on > $3
                    and erasure_steps.step = 'confirmed')
        order by keep_until, id
        limit $4";
    /// Meetings that are to talk about a case, or are doing so.
    ON_AGENDA = "
        select count(*) as meetings from agenda join meetings on meetings.id = agenda.meeting_id
        where agenda.case_id = $1 and meetings.stage in ('convened', 'sealed', 'begun')";
    MEETINGS_OF = "
        select meeting_id from agenda where case_id = $1
        union
        select meeting_id from promises where case_id = $1
        order by meeting_id";
    FORGET = "insert into forgotten (case_id, erasure_id, at) values ($1, $2, $3)";
    FORGOTTEN = "
        select erasures.reference, erasures.authority, erasures.scheme, erasures.rule, forgotten.*
        from forgotten join erasures on erasures.id = forgotten.erasure_id
        where forgotten.case_id = $1";
    FORGOTTEN_CALLED = "
        select erasures.reference, erasures.authority, erasures.scheme, erasures.rule, forgotten.*
        from forgotten join erasures on erasures.id = forgotten.erasure_id
        where erasures.reference = $1";
    /// Forgotten cases whose keys are still there, as far as is known here.
    WITH_KEYS = "
        select erasures.reference, erasures.authority, erasures.scheme, erasures.rule, forgotten.*
        from forgotten join erasures on erasures.id = forgotten.erasure_id
        where not exists (
            select 1 from erasure_steps
            where erasure_steps.erasure_id = erasures.id and erasure_steps.step = 'key_destroyed')
        order by forgotten.at, forgotten.case_id
        limit $1";
    DELETE_MATCHES = "delete from register_matches where case_id = $1";
    DELETE_TIE_STEPS = "delete from tie_steps where tie_id in (select id from ties where case_id = $1)";
    DELETE_TIES = "delete from ties where case_id = $1";
    DELETE_GLASS = "delete from broken_glass where case_id = $1";
    DELETE_KEYS = "delete from case_keys where case_id = $1";
    DELETE_PARKED = "delete from parked_cases where case_id = $1";
    DELETE_DEADLINES = "delete from deadlines where case_id = $1";
    DELETE_QUEUED = "delete from queue_entries where case_id = $1";
    DELETE_CASE = "delete from cases where id = $1";
    /// Nobody is told of it any more.
    SETTLE_MESSAGES = "
        update outbox set status = 'settled', outcome_at = $2
        where case_id = $1 and status in ('waiting', 'refused', 'in_doubt')";
}

/// What somebody proposed for a case.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ErasureRow {
    /// The proposal.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Its label.
    pub reference: String,
    /// The police authority that held it.
    pub authority: String,
    /// The scheme it ran under.
    pub scheme: String,
    /// The rule for keeping that it went by.
    pub rule: String,
    /// The first instant after its day by that rule.
    pub kept_until: At,
    /// `forget` or `keep`.
    pub wanted: String,
    /// The local day on which what is kept on is looked at again, YYYY-MM-DD.
    pub review_on: Option<String>,
    /// Why, out of a closed list.
    pub ground: String,
    /// Why, in words that say nothing of anybody.
    pub words: String,
    /// When.
    pub at: At,
    /// Who.
    pub done_by: String,
}

withheld!(ErasureRow);

/// What became of a proposal.
#[derive(Clone, PartialEq, Eq)]
pub struct StepRow {
    /// The proposal.
    pub erasure_id: Uuid,
    /// `confirmed`, `sent_back` or `key_destroyed`.
    pub step: String,
    /// When.
    pub at: At,
    /// By whom, or by which part of the service.
    pub done_by: String,
    /// Why, in words that say nothing of anybody.
    pub reason: String,
}

withheld!(StepRow);

/// A case that was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ForgottenRow {
    /// The case; its history is there, and nobody can read it.
    pub case_id: Uuid,
    /// What was confirmed.
    pub erasure_id: Uuid,
    /// When.
    pub at: At,
    /// The label it had.
    pub reference: String,
    /// The police authority that held it.
    pub authority: String,
    /// The scheme it ran under.
    pub scheme: String,
    /// The rule by which it was forgotten.
    pub rule: String,
}

/// Adds a proposal.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, row: &ErasureRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(row.id)
        .bind(row.case_id)
        .bind(&row.reference)
        .bind(&row.authority)
        .bind(&row.scheme)
        .bind(&row.rule)
        .bind(row.kept_until)
        .bind(&row.wanted)
        .bind(&row.review_on)
        .bind(&row.ground)
        .bind(&row.words)
        .bind(row.at)
        .bind(&row.done_by)
        .execute()
        .await?;
    Ok(())
}

/// Adds what became of a proposal.
///
/// # Errors
/// Those of the database, which refuses what was settled already.
pub async fn add_step(tx: &mut Tx, row: &StepRow) -> Result<(), StoreError> {
    let step = tx.sql(ADD_STEP).bind(row.erasure_id).bind(&row.step);
    let step = step.bind(row.at).bind(&row.done_by).bind(&row.reason);
    step.execute().await?;
    Ok(())
}

/// Adds that the key of a forgotten case is destroyed.
///
/// # Errors
/// Those of the database.
pub async fn add_key_step(tx: &mut Tx, row: &StepRow) -> Result<(), StoreError> {
    let step = tx.sql(ADD_KEY_STEP).bind(row.erasure_id).bind(&row.step);
    let step = step.bind(row.at).bind(&row.done_by).bind(&row.reason);
    step.execute().await?;
    Ok(())
}

/// The proposals of an authority that wait for a second person, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn waiting(
    tx: &mut Tx,
    authority: &str,
    limit: i64,
) -> Result<Vec<ErasureRow>, StoreError> {
    tx.sql(WAITING).bind(authority).bind(limit).all().await
}

/// The proposal for a case that waits for a second person.
///
/// # Errors
/// Those of the database.
pub async fn waiting_for(tx: &mut Tx, case: Uuid) -> Result<Option<ErasureRow>, StoreError> {
    tx.sql(WAITING_FOR).bind(case).optional().await
}

/// The cases of an authority whose day was over by then, for which nothing is proposed and which nobody has kept on beyond the local
/// day `today` (YYYY-MM-DD); the longest over first.
///
/// # Errors
/// Those of the database.
pub async fn past(
    tx: &mut Tx,
    authority: &str,
    now: Timestamp,
    today: &str,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let past = tx.sql(PAST).bind(authority).bind(At::from(now));
    past.bind(today).bind(limit).all().await
}

/// Whether a meeting is to talk about a case, or is doing so.
///
/// # Errors
/// Those of the database.
pub async fn is_on_agenda(tx: &mut Tx, case: Uuid) -> Result<bool, StoreError> {
    let meetings: i64 = tx.sql(ON_AGENDA).bind(case).scalar().await?;
    Ok(meetings > 0)
}

/// The meetings whose rows tell of a case.
///
/// # Errors
/// Those of the database.
pub async fn meetings_of(tx: &mut Tx, case: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let meetings: Vec<(Uuid,)> = tx.sql(MEETINGS_OF).bind(case).all().await?;
    Ok(meetings.into_iter().map(|(meeting,)| meeting).collect())
}

/// A forgotten case by its id.
///
/// # Errors
/// Those of the database.
pub async fn forgotten(tx: &mut Tx, case: Uuid) -> Result<Option<ForgottenRow>, StoreError> {
    tx.sql(FORGOTTEN).bind(case).optional().await
}

/// A forgotten case by the label it had.
///
/// # Errors
/// Those of the database.
pub async fn forgotten_called(
    tx: &mut Tx,
    reference: &str,
) -> Result<Option<ForgottenRow>, StoreError> {
    tx.sql(FORGOTTEN_CALLED).bind(reference).optional().await
}

/// Forgotten cases whose keys are still there, as far as is known here; the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn with_keys(tx: &mut Tx, limit: i64) -> Result<Vec<ForgottenRow>, StoreError> {
    tx.sql(WITH_KEYS).bind(limit).all().await
}

/// Forgets a case: everything that stands about it outside the history, and says so. Its messages that have not left never do.
///
/// # Errors
/// Those of the database, which refuses what two people have not confirmed.
pub async fn forget(
    tx: &mut Tx,
    case: Uuid,
    erasure: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    let at = At::from(now);
    tx.sql(FORGET)
        .bind(case)
        .bind(erasure)
        .bind(at)
        .execute()
        .await?;
    tx.sql(SETTLE_MESSAGES)
        .bind(case)
        .bind(at)
        .execute()
        .await?;
    for delete in [
        DELETE_MATCHES,
        DELETE_TIE_STEPS,
        DELETE_TIES,
        DELETE_GLASS,
        DELETE_KEYS,
        DELETE_PARKED,
        DELETE_DEADLINES,
        DELETE_QUEUED,
        DELETE_CASE,
    ] {
        tx.sql(delete).bind(case).execute().await?;
    }
    Ok(())
}
