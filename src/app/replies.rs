//! What was answered to a command under the key that its sender gave it: the same command sent again is answered the same, and done once.

use super::App;
use super::digest::hex;
use super::error::AppError;
use super::keys::Kept;
use crate::engine::command::Actor;
use crate::store::{At, Tx, idempotency};
use crate::vault::index::IndexKey;

/// The reply to the same command sent before. Another command under the same key is refused.
pub(super) async fn replied(
    app: &App,
    tx: &mut Tx,
    key: Option<&str>,
    actor: &Actor,
    body: &str,
) -> Result<Option<String>, AppError> {
    let Some(key) = key else { return Ok(None) };
    match idempotency::find(tx, key, &actor.id).await? {
        Some(row) if row.body_hash == hashed(app, body).await? => Ok(Some(row.reply)),
        Some(_) => Err(AppError::KeyTaken),
        None => Ok(None),
    }
}

/// Keeps what was answered, in the transaction of the command.
pub(super) async fn keep_reply(
    app: &App,
    tx: &mut Tx,
    key: Option<String>,
    actor: &Actor,
    body_hash: String,
    reply: String,
    now: jiff::Timestamp,
) -> Result<(), AppError> {
    if let Some(key) = key {
        let row = idempotency::ReplyRow {
            key,
            actor: actor.id.clone(),
            body_hash: hashed(app, &body_hash).await?,
            reply,
            at: At::from(now),
        };
        idempotency::put(tx, &row).await?;
    }
    Ok(())
}

/// The hash of a command as it is stored: with a key, so that nobody tries out short texts against it.
async fn hashed(app: &App, body: &str) -> Result<String, AppError> {
    let (chance, now) = (&app.chance, app.clock.now());
    let index = app.keys.kept(Kept::Indexes, chance, now).await?;
    Ok(hex(&IndexKey::from(&index).hash("command", body)))
}
