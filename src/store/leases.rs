//! Which node may do a task that happens by itself. Whether a lease has run out is judged by the database's clock alone, so
//! that a node whose clock is wrong can neither steal one nor hold on to one.

use std::time::Duration;

use uuid::Uuid;

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "leases":
    /// Free, run out, or this node's own: a node that lost a loop need not wait for itself.
    TAKE = {
        sqlite: "
            insert into leases (task, holder, token, until_at)
            values ($1, $2, 1, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', ($3 / 1000.0) || ' seconds'))
            on conflict (task) do update set
                holder = excluded.holder,
                token = leases.token + 1,
                until_at = excluded.until_at
            where leases.holder = excluded.holder
                or leases.until_at <= strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
            returning token",
        postgres: "
            insert into leases (task, holder, token, until_at)
            values ($1, $2, 1, clock_timestamp() + cast($3 as bigint) * interval '1 millisecond')
            on conflict (task) do update set
                holder = excluded.holder,
                token = leases.token + 1,
                until_at = excluded.until_at
            where leases.holder = excluded.holder or leases.until_at <= clock_timestamp()
            returning token"
    };
    KEEP = {
        sqlite: "
            update leases
            set until_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', ($4 / 1000.0) || ' seconds')
            where task = $1 and holder = $2 and token = $3",
        postgres: "
            update leases
            set until_at = clock_timestamp() + cast($4 as bigint) * interval '1 millisecond'
            where task = $1 and holder = $2 and token = $3"
    };
    GIVE_BACK = {
        sqlite: "
            update leases set until_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
            where task = $1 and holder = $2 and token = $3",
        postgres: "
            update leases set until_at = clock_timestamp()
            where task = $1 and holder = $2 and token = $3"
    };
    ALL = {
        sqlite: "
            select task, holder, token,
                (julianday(until_at) - julianday('now')) * 86400.0 as seconds_left
            from leases order by task",
        postgres: "
            select task, holder, token,
                cast(extract(epoch from until_at - clock_timestamp()) as double precision) as seconds_left
            from leases order by task"
    };
}

/// Leave to do a task, for as long as nobody else has taken it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The task.
    pub task: &'static str,
    /// The node that has it.
    pub holder: Uuid,
    /// Its number: larger than that of every earlier lease of this task.
    pub token: i64,
    /// How long it lasts from each time it is taken or kept, in whole milliseconds.
    pub lasts: Duration,
}

/// A lease as it stands.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct LeaseRow {
    /// The task.
    pub task: String,
    /// The node that took it last.
    pub holder: Uuid,
    /// The number of that lease.
    pub token: i64,
    /// Seconds until it runs out; negative when it has.
    pub seconds_left: f64,
}

/// Takes the lease of a task; `None` when another node has it.
///
/// # Errors
/// Those of the database.
pub async fn take(
    tx: &mut Tx,
    task: &'static str,
    holder: Uuid,
    lasts: Duration,
) -> Result<Option<Lease>, StoreError> {
    let taken = tx
        .sql(TAKE)
        .bind(task)
        .bind(holder)
        .bind(milliseconds(lasts));
    let taken: Option<(i64,)> = taken.optional().await?;
    Ok(taken.map(|(token,)| Lease {
        task,
        holder,
        token,
        lasts,
    }))
}

/// Makes a lease last anew; answers whether it is still the one in force. In a transaction that writes, this is what keeps
/// a node out that slept while another took its place: the row stays as it is until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn keep(tx: &mut Tx, lease: &Lease) -> Result<bool, StoreError> {
    let kept = tx
        .sql(KEEP)
        .bind(lease.task)
        .bind(lease.holder)
        .bind(lease.token)
        .bind(milliseconds(lease.lasts));
    Ok(kept.execute().await? == 1)
}

/// Gives a lease back, so that nobody has to wait until it runs out. One that is not in force any more is left alone.
///
/// # Errors
/// Those of the database.
pub async fn give_back(tx: &mut Tx, lease: &Lease) -> Result<(), StoreError> {
    let given = tx.sql(GIVE_BACK).bind(lease.task).bind(lease.holder);
    given.bind(lease.token).execute().await?;
    Ok(())
}

/// Every lease that was ever taken, by task.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<LeaseRow>, StoreError> {
    tx.sql(ALL).all().await
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
