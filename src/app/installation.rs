//! Putting an installation together: the database, the editions, the key. And whether a demonstration made it.

use std::path::Path;
use std::sync::Arc;

use super::App;
use super::chance::Chance;
use super::definitions::Definitions;
use super::drafts::Drafts;
use super::error::AppError;
use super::key_store::{KeyStore, Locked};
use super::ledger_keys::LedgerKeys;
use super::pulse::Pulse;
use super::tokens::TokenKey;
use super::write::again;
use crate::clock::Clock;
use crate::store::{
    Db, OpenError, Tables, cases, events, file_of, installation, may_change_history, open, prepare,
};

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
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(
        "`clares-law demo` did not make this database (`clares-law {0}` did); name another with --database-url or --data"
    )]
    MadeByOther(String),
    #[error(
        "whoever signs in to this database could change history: serve as a member of clares_law_app that does not own the tables"
    )]
    MayChangeHistory,
    #[error(
        "events of this database are not sealed: an earlier version made it, for trying out only. Begin with a new one"
    )]
    Plain,
    #[error(
        "these are not the keys of this database: name theirs with --keys-url, or put their file back"
    )]
    OtherKeys,
    #[error(transparent)]
    Locked(#[from] Locked),
    #[error(
        "no application could be taken: there is no file in `authorities`, or every edition's `effective_from` lies ahead"
    )]
    NoneInForce,
    #[error(
        "there are open cases of {scheme} at the authority {authority}, but authorities/{authority}.yaml is not there or does not name that scheme"
    )]
    NobodysCases { authority: String, scheme: String },
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
    keys: KeyStore,
    drafts: &Drafts,
    clock: Clock,
    made_by: MadeBy,
) -> Result<Arc<App>, Unopened> {
    private_folder(data)
        .map_err(|error| Unopened::Inside(format!("{}: {error}", data.display())))?;
    if made_by == MadeBy::Demonstration {
        prepare(database, Tables::Cases).await?;
        prepare(&keys.database, Tables::Keys).await?;
    }
    let mut db = open(database).await?;
    if is_plain(&db).await? {
        db = emptied(db, database, made_by).await?;
    }
    if made_by == MadeBy::Service && may_change_history(&db).await? {
        return Err(Unopened::MayChangeHistory);
    }
    let stands = maker(&db, Some(made_by)).await?;
    let foreign = stands.as_deref() != Some(made_by.word());
    if foreign && made_by == MadeBy::Demonstration {
        return Err(Unopened::MadeByOther(stands.unwrap_or_default()));
    }
    let keys = keys.open().await?;
    if !keys.any().await? && has_happened(&db).await? {
        return Err(Unopened::OtherKeys);
    }
    let definitions = Definitions::open(&db, drafts, clock.now()).await?;
    let token_key = Some(TokenKey::open(data)?);
    let app = Arc::new(App {
        db,
        clock,
        chance: Chance::system(),
        definitions,
        keys,
        token_key,
        ledger_keys: Some(LedgerKeys::of(data)),
        pulse: Pulse::default(),
    });
    app.has_all_it_needs().await?;
    app.take_place().await?;
    Ok(app)
}

/// Whether history has a body that is not sealed.
async fn is_plain(db: &Db) -> Result<bool, AppError> {
    Ok(events::any_plain(&mut db.begin_read().await?).await?)
}

/// Whether anything has happened in it.
async fn has_happened(db: &Db) -> Result<bool, AppError> {
    Ok(events::any(&mut db.begin_read().await?).await?)
}

/// A demonstration with plain bodies makes way for a new one: its people are invented. Anything else is left as it is.
async fn emptied(db: Db, database: &str, made_by: MadeBy) -> Result<Db, Unopened> {
    let file = file_of(database)?;
    let (Some(file), MadeBy::Demonstration, true) = (file, made_by, is_demonstration(&db).await?)
    else {
        return Err(Unopened::Plain);
    };
    db.close().await;
    for end in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Unopened::Inside(error.to_string()));
            }
            _ => {}
        }
    }
    Ok(open(database).await?)
}

impl App {
    /// Refuses to serve where nobody could apply, or where cases would be nobody's.
    async fn has_all_it_needs(&self) -> Result<(), Unopened> {
        let authorities = self.definitions.authorities();
        if authorities
            .keys()
            .all(|authority| self.schemes_of(authority).is_empty())
        {
            return Err(Unopened::NoneInForce);
        }
        let mut tx = self.db.begin_read().await.map_err(AppError::from)?;
        let holders = cases::holders(&mut tx).await.map_err(AppError::from)?;
        let runs = |(authority, scheme): &&(String, String)| {
            authorities
                .get(authority)
                .is_some_and(|known| known.schemes.has(scheme))
        };
        match holders.iter().find(|holder| !runs(holder)) {
            Some((authority, scheme)) => Err(Unopened::NobodysCases {
                authority: authority.clone(),
                scheme: scheme.clone(),
            }),
            None => Ok(()),
        }
    }
}

/// The data folder, which only its owner may open. One that is there already is left as it is.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
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

/// The name under which a demonstration remembers with which scheme it was filled to the end.
const FILLED: &str = "demonstration_filled";

/// Whether a demonstration has all its people and cases.
pub(super) async fn is_filled(db: &Db, scheme: &str) -> Result<bool, AppError> {
    let mut tx = db.begin_read().await?;
    match installation::get(&mut tx, FILLED).await? {
        Some(other) if other != scheme => Err(AppError::Inside(format!(
            "this is a demonstration of {other}; name another folder with --data"
        ))),
        known => Ok(known.is_some()),
    }
}

pub(super) async fn mark_filled(db: &Db, scheme: &str) -> Result<(), AppError> {
    settle(db, FILLED, scheme).await?;
    Ok(())
}

async fn settle(db: &Db, name: &str, value: &str) -> Result<String, AppError> {
    again(async || {
        let mut tx = db.begin_write().await?;
        let stands = installation::settle(&mut tx, name, value).await?;
        tx.commit().await?;
        Ok(stands)
    })
    .await
}

async fn maker(db: &Db, made_by: Option<MadeBy>) -> Result<Option<String>, AppError> {
    let Some(made_by) = made_by else {
        let mut tx = db.begin_read().await?;
        return Ok(installation::get(&mut tx, MADE_BY).await?);
    };
    let stands = settle(db, MADE_BY, made_by.word()).await?;
    Ok(Some(stands))
}
