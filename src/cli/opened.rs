//! An installation that exists already, for commands that must not make one.

use std::sync::Arc;

use anyhow::bail;

use super::config::{Place, Workflows};
use crate::app::App;
use crate::app::definitions::Definitions;
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
    let definitions = Definitions::read(&library).map_err(|_| {
        anyhow::anyhow!("the workflow files have errors; run `clares-law workflow check`")
    })?;
    let token_key = place
        .data
        .join(TokenKey::FILE)
        .exists()
        .then(|| TokenKey::open(&place.data))
        .transpose();
    Ok(Arc::new(App {
        db: open(&database).await?,
        clock: Clock::system(),
        definitions,
        token_key: token_key.map_err(|error| anyhow::anyhow!("{error:?}"))?,
        authority: "main".to_owned(),
    }))
}
