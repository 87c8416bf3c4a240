//! Putting an installation together: the database, the editions, the key. And whether a demonstration made it.

use std::path::Path;
use std::sync::Arc;

use super::App;
use super::definitions::{Definitions, Unsound};
use super::error::AppError;
use super::tokens::TokenKey;
use crate::clock::Clock;
use crate::engine::definition::Library;
use crate::store::{Db, OpenError, installation, open};

/// The name under which the database remembers what made it.
const MADE_BY: &str = "made_by";

/// What made a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeBy {
    Demonstration,
    Service,
}

impl MadeBy {
    fn word(self) -> &'static str {
        match self {
            Self::Demonstration => "demo",
            Self::Service => "serve",
        }
    }
}

/// Why an installation cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Unopened {
    #[error("{0}")]
    Database(#[from] OpenError),
    #[error("the workflow files have errors; run `clares-law workflow check`")]
    Workflows(Unsound),
    #[error(
        "`clares-law demo` did not make this database (`clares-law {0}` did); name another with --database-url or --data"
    )]
    MadeByOther(String),
    #[error(
        "no edition is in force today: every `effective_from` lies ahead, so no application could be taken"
    )]
    NoneInForce,
    #[error("{0}")]
    Inside(String),
}

impl From<AppError> for Unopened {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Inside(text) => Self::Inside(text),
            other => Self::Inside(format!("{other:?}")),
        }
    }
}

/// Opens an installation, or makes it where there is none. A demonstration opens only a database that one made.
///
/// # Errors
/// Why it cannot be opened; a new database may have been left behind, empty.
pub async fn open_installation(
    database: &str,
    data: &Path,
    library: &Library,
    clock: Clock,
    made_by: MadeBy,
) -> Result<Arc<App>, Unopened> {
    let definitions = Definitions::read(library).map_err(Unopened::Workflows)?;
    private_folder(data)
        .map_err(|error| Unopened::Inside(format!("{}: {error}", data.display())))?;
    let db = open(database).await?;
    let stands = maker(&db, Some(made_by)).await?;
    let foreign = stands.as_deref() != Some(made_by.word());
    if foreign && made_by == MadeBy::Demonstration {
        return Err(Unopened::MadeByOther(stands.unwrap_or_default()));
    }
    if definitions.in_force(clock.now()).is_none() {
        return Err(Unopened::NoneInForce);
    }
    definitions.keep(&db, clock.now()).await?;
    let token_key = Some(TokenKey::open(data)?);
    Ok(Arc::new(App {
        db,
        clock,
        definitions,
        token_key,
        authority: "main".to_owned(),
    }))
}

/// The data folder, which only its owner may open. One that is there already is left as it is.
fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whether a demonstration made this database.
///
/// # Errors
/// When the database fails.
pub async fn is_demonstration(db: &Db) -> Result<bool, AppError> {
    Ok(maker(db, None).await?.as_deref() == Some(MadeBy::Demonstration.word()))
}

/// The name under which a demonstration remembers that it was filled to the end.
const FILLED: &str = "demonstration_filled";

/// Whether a demonstration has all its people and cases.
pub(super) async fn is_filled(db: &Db) -> Result<bool, AppError> {
    let mut tx = db.begin_read().await?;
    Ok(installation::get(&mut tx, FILLED).await?.is_some())
}

pub(super) async fn mark_filled(db: &Db) -> Result<(), AppError> {
    let mut tx = db.begin_write().await?;
    installation::settle(&mut tx, FILLED, "yes").await?;
    tx.commit().await?;
    Ok(())
}

async fn maker(db: &Db, settle: Option<MadeBy>) -> Result<Option<String>, AppError> {
    let Some(made_by) = settle else {
        let mut tx = db.begin_read().await?;
        return Ok(installation::get(&mut tx, MADE_BY).await?);
    };
    let mut tx = db.begin_write().await?;
    let stands = installation::settle(&mut tx, MADE_BY, made_by.word()).await?;
    tx.commit().await?;
    Ok(Some(stands))
}
