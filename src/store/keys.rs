//! The keys, in a database of their own: whoever has the cases and not this has nothing. All of them are wrapped; the root is in neither.

use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;
use crate::store::register::list;

statements! {
    "keys":
    NEWEST = "select * from authority_keys where authority = $1 order by version desc limit 1";
    AUTHORITY_KEY = "select * from authority_keys where id = $1";
    AUTHORITY_KEYS = "select * from authority_keys order by authority, version";
    /// Whoever comes second uses the first one's.
    ADD_AUTHORITY = "
        insert into authority_keys (id, authority, version, wrapped, made_at)
        values ($1, $2, $3, $4, $5)
        on conflict (authority, version) do nothing";
    WRAP_AUTHORITY = "update authority_keys set wrapped = $2 where id = $1";
    /// A key that still wraps another stays.
    REMOVE_AUTHORITY = "
        delete from authority_keys
        where id = $1 and not exists (select 1 from stream_keys where wrapped_by = $1)";
    STREAM_KEYS = {
        sqlite: "
            select stream_keys.* from json_each($1)
            join stream_keys on stream_keys.stream = unhex(value, '-')",
        postgres: "
            select stream_keys.* from json_array_elements_text(cast($1 as json)) as listed (value)
            join stream_keys on stream_keys.stream = cast(value as uuid)"
    };
    /// Whoever comes second uses the first one's.
    ADD_STREAM = "
        insert into stream_keys (stream, wrapped_by, wrapped, made_at)
        values ($1, $2, $3, $4)
        on conflict (stream) do nothing";
    /// One that was destroyed meanwhile stays destroyed.
    WRAP_STREAM = "
        update stream_keys set wrapped_by = $2, wrapped = $3
        where stream = $1 and destroyed_at is null";
    WRAPPED_BY_OTHERS = "
        select stream_keys.* from stream_keys
        join authority_keys on authority_keys.id = stream_keys.wrapped_by
        where exists (
            select 1 from authority_keys as newer
            where newer.authority = authority_keys.authority and newer.version > authority_keys.version)
        order by stream_keys.stream
        limit $1";
    DESTROY = "
        update stream_keys set wrapped_by = null, wrapped = null, destroyed_at = $2
        where stream = $1 and destroyed_at is null";
    ANY = "select count(*) as found from (select 1 from stream_keys limit 1) as one";
}

/// The key of an authority.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuthorityKeyRow {
    pub id: Uuid,
    /// Whose; empty for what belongs to the installation.
    pub authority: String,
    /// The how manieth; the last one is in use.
    pub version: i64,
    /// An age file for the root, in base64.
    pub wrapped: String,
    pub made_at: At,
}

/// The key of a case or meeting.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StreamKeyRow {
    pub stream: Uuid,
    /// The authority's key that opens it; none once it is destroyed.
    pub wrapped_by: Option<Uuid>,
    /// Itself; none once it is destroyed.
    pub wrapped: Option<String>,
    pub made_at: At,
    pub destroyed_at: Option<At>,
}

/// The key that an authority uses now.
///
/// # Errors
/// Those of the database.
pub async fn newest(tx: &mut Tx, authority: &str) -> Result<Option<AuthorityKeyRow>, StoreError> {
    tx.sql(NEWEST).bind(authority).optional().await
}

/// A key of an authority.
///
/// # Errors
/// Those of the database.
pub async fn authority_key(tx: &mut Tx, id: Uuid) -> Result<Option<AuthorityKeyRow>, StoreError> {
    tx.sql(AUTHORITY_KEY).bind(id).optional().await
}

/// Every key of every authority.
///
/// # Errors
/// Those of the database.
pub async fn authority_keys(tx: &mut Tx) -> Result<Vec<AuthorityKeyRow>, StoreError> {
    tx.sql(AUTHORITY_KEYS).all().await
}

/// Adds a key of an authority, unless it has one of that number.
///
/// # Errors
/// Those of the database.
pub async fn add_authority(tx: &mut Tx, row: &AuthorityKeyRow) -> Result<(), StoreError> {
    tx.sql(ADD_AUTHORITY)
        .bind(row.id)
        .bind(&row.authority)
        .bind(row.version)
        .bind(&row.wrapped)
        .bind(row.made_at)
        .execute()
        .await?;
    Ok(())
}

/// Wraps an authority's key anew, for another root.
///
/// # Errors
/// Those of the database.
pub async fn wrap_authority(tx: &mut Tx, id: Uuid, wrapped: &str) -> Result<(), StoreError> {
    let wrap = tx.sql(WRAP_AUTHORITY).bind(id).bind(wrapped);
    wrap.execute().await?;
    Ok(())
}

/// Removes a key of an authority that wraps nothing any more; answers whether it did.
///
/// # Errors
/// Those of the database.
pub async fn remove_authority(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.sql(REMOVE_AUTHORITY).bind(id).execute().await? == 1)
}

/// The keys of these cases and meetings, as far as they ever had one.
///
/// # Errors
/// Those of the database.
pub async fn stream_keys(tx: &mut Tx, streams: &[Uuid]) -> Result<Vec<StreamKeyRow>, StoreError> {
    tx.sql(STREAM_KEYS).bind(list(streams)).all().await
}

/// Adds the key of a case or meeting, unless it has one or had one.
///
/// # Errors
/// Those of the database.
pub async fn add_stream(
    tx: &mut Tx,
    stream: Uuid,
    wrapped_by: Uuid,
    wrapped: &str,
    at: At,
) -> Result<(), StoreError> {
    let add = tx.sql(ADD_STREAM).bind(stream).bind(wrapped_by);
    add.bind(wrapped).bind(at).execute().await?;
    Ok(())
}

/// Wraps the key of a case or meeting anew, unless it was destroyed.
///
/// # Errors
/// Those of the database.
pub async fn wrap_stream(
    tx: &mut Tx,
    stream: Uuid,
    wrapped_by: Uuid,
    wrapped: &str,
) -> Result<(), StoreError> {
    let wrap = tx.sql(WRAP_STREAM).bind(stream).bind(wrapped_by);
    wrap.bind(wrapped).execute().await?;
    Ok(())
}

/// Keys of cases and meetings that an earlier key of their authority wraps.
///
/// # Errors
/// Those of the database.
pub async fn wrapped_by_others(tx: &mut Tx, most: i64) -> Result<Vec<StreamKeyRow>, StoreError> {
    tx.sql(WRAPPED_BY_OTHERS).bind(most).all().await
}

/// Destroys the key of a case or meeting; answers whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn destroy(tx: &mut Tx, stream: Uuid, at: At) -> Result<bool, StoreError> {
    Ok(tx.sql(DESTROY).bind(stream).bind(at).execute().await? == 1)
}

/// Whether any case or meeting ever had a key here.
///
/// # Errors
/// Those of the database.
pub async fn any(tx: &mut Tx) -> Result<bool, StoreError> {
    let some: i64 = tx.sql(ANY).scalar().await?;
    Ok(some > 0)
}
