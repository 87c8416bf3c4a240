//! An installation that exists already, for commands that must not make one.

use std::sync::Arc;

use anyhow::bail;

use super::config::{Place, Workflows};
use crate::app::App;
use crate::app::chance::Chance;
use crate::app::error::AppError;
use crate::app::keys::Keys;
use crate::app::ledger_keys::LedgerKeys;
use crate::app::pulse::Pulse;
use crate::app::tokens::TokenKey;
use crate::app::{definitions::Definitions, drafts::Drafts};
use crate::clock::Clock;
use crate::store::{Db, open};

/// Opens what is there; no edition is published on the way.
///
/// # Errors
/// When there is no database, or it cannot be opened.
pub async fn existing(place: &Place, workflows: &Workflows) -> anyhow::Result<Arc<App>> {
    let (db, drafts) = parts(place, workflows).await?;
    let definitions = Definitions::published(&db, &drafts).await;
    let keys = place.keys().open_as_found().await?;
    app(place, db, keys, definitions)
}

async fn parts(place: &Place, workflows: &Workflows) -> anyhow::Result<(Db, Drafts)> {
    let database = place.database();
    let path = database
        .trim_start_matches("sqlite:")
        .trim_start_matches("//");
    if !database.starts_with("postgres") && !std::path::Path::new(path).exists() {
        bail!("there is no database at {path}; name it with --data or --database-url");
    }
    let library = workflows.load().map_err(anyhow::Error::msg)?;
    let drafts = Drafts::read(&library).map_err(|_| {
        anyhow::anyhow!("the workflow files have errors; run `clares-law workflow check`")
    })?;
    Ok((open(&database).await?, drafts))
}

fn app(
    place: &Place,
    db: Db,
    keys: Keys,
    definitions: Result<Definitions, AppError>,
) -> anyhow::Result<Arc<App>> {
    let token_key = place
        .data
        .join(TokenKey::FILE)
        .exists()
        .then(|| TokenKey::open(&place.data))
        .transpose();
    Ok(Arc::new(App {
        db,
        clock: Clock::system(),
        chance: Chance::system(),
        definitions: definitions.map_err(inside)?,
        keys,
        token_key: token_key.map_err(inside)?,
        ledger_keys: Some(LedgerKeys::of(&place.data)),
        pulse: Pulse::default(),
    }))
}

/// What went wrong, for an operator.
pub fn inside(error: AppError) -> anyhow::Error {
    match error {
        AppError::Inside(text) => anyhow::anyhow!(text),
        other => anyhow::anyhow!("{other:?}"),
    }
}
