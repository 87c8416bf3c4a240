//! An installation that exists already, for commands that must not make one.

use std::sync::Arc;

use anyhow::bail;

use super::config::{Place, Workflows};
use crate::app::App;
use crate::app::definitions::{Definitions, Drafts};
use crate::app::error::AppError;
use crate::app::tokens::TokenKey;
use crate::clock::Clock;
use crate::store::open;

/// Opens what is there.
///
/// # Errors
/// When there is no database, or it cannot be opened.
pub async fn existing(place: &Place, workflows: &Workflows) -> anyhow::Result<Arc<App>> {
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
    let token_key = place
        .data
        .join(TokenKey::FILE)
        .exists()
        .then(|| TokenKey::open(&place.data))
        .transpose();
    let db = open(&database).await?;
    let clock = Clock::system();
    let definitions = Definitions::open(&db, &drafts, clock.now()).await;
    Ok(Arc::new(App {
        db,
        clock,
        definitions: definitions.map_err(inside)?,
        token_key: token_key.map_err(inside)?,
    }))
}

/// What went wrong, for an operator.
pub fn inside(error: AppError) -> anyhow::Error {
    match error {
        AppError::Inside(text) => anyhow::anyhow!(text),
        other => anyhow::anyhow!("{other:?}"),
    }
}
