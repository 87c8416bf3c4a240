//! An installation of one authority and one scheme with its people, made through the library before the program serves it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clares_law::app::App;
use clares_law::app::chance::Chance;
use clares_law::app::clients::NewClient;
use clares_law::app::drafts::Drafts;
use clares_law::app::error::AppError;
use clares_law::app::installation::{MadeBy, open_installation};
use clares_law::app::key_store::KeyStore;
use clares_law::app::library;
use clares_law::app::staff::NewPerson;
use clares_law::app::tokens::TokenKey;
use clares_law::clock::Clock;
use clares_law::domain::id::ClientId;
use clares_law::domain::scope::Scopes;
use clares_law::engine::definition::{Definition, Library};
use tempfile::TempDir;

use super::client::Client;
use super::database::Databases;
use super::proxy::{Line, Proxy};
use super::service::Service;

/// What everybody in a campaign works with.
pub const AUTHORITY: &str = "scotland";
/// The scheme of that authority.
pub const SCHEME: &str = "dsdas-scotland";

/// Files of `workflows/` that an installation can do without: reading them costs two seconds a start, unoptimised.
const LEFT_OUT: [&str; 4] = ["schemes/", "authorities/", "agreements/", "scenarios/"];
const KEPT: [&str; 4] = [
    "schemes/dsdas-scotland.yaml",
    "schemes/own-data.yaml",
    "schemes/data-breach.yaml",
    "authorities/scotland.yaml",
];

/// Somebody who acts over the API.
#[derive(Clone, Debug)]
pub struct Person {
    /// Under which id histories and answers are kept.
    pub id: String,
    client: ClientId,
    key: TokenKey,
}

impl Person {
    /// A new token: a campaign lasts longer than one lives.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn token(&self) -> anyhow::Result<String> {
        let (now, id) = (Clock::system().now(), Chance::system().id());
        let token = self.key.token(self.client, &Scopes::all(), now, id);
        token.map_err(inside)
    }
}

/// Those who act.
#[derive(Clone, Debug)]
pub struct People {
    pub verifier: Person,
    pub supervisor: Person,
}

/// An installation that nobody serves yet.
#[derive(Debug)]
pub struct Installation {
    folder: TempDir,
    data: PathBuf,
    database: String,
    /// Where the service finds the database.
    served_from: String,
    drafts: Drafts,
    port: u16,
    pub people: People,
    /// The edition in force.
    pub definition: Arc<Definition>,
}

impl Installation {
    /// Makes one in a folder of its own.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn new(databases: &mut Databases) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        Self::within(databases, folder, data).await
    }

    /// Makes one whose data folder lies elsewhere.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn within(
        databases: &mut Databases,
        folder: TempDir,
        data: PathBuf,
    ) -> anyhow::Result<Self> {
        let database = databases.new_database(&data).await?;
        let library = one_scheme()?;
        let drafts = Drafts::read(&library)
            .map_err(|unsound| anyhow::anyhow!("the workflow files: {:?}", unsound.0))?;
        write(&library, &folder.path().join("workflows"))?;
        let app = open(&database, &data, &drafts, Clock::system()).await?;
        let people = People {
            verifier: hire(&app, "Mairi", "verifier").await?,
            supervisor: hire(&app, "Struan", "supervisor").await?,
        };
        let definition = app.in_force(AUTHORITY, SCHEME).map_err(inside)?.definition;
        app.db.close().await;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self {
            folder,
            data,
            served_from: database.clone(),
            database,
            drafts,
            port,
            people,
            definition,
        })
    }

    /// The folder that its nodes share, with the key of tokens and the logs.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The folder of its workflow files.
    pub fn workflows(&self) -> PathBuf {
        self.folder.path().join("workflows")
    }

    /// Where the service finds the database.
    pub fn served_from(&self) -> &str {
        &self.served_from
    }

    /// Opens it in this process, as an examiner does.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub async fn open(&self) -> anyhow::Result<Arc<App>> {
        self.open_at_time(Clock::system()).await
    }

    /// Opens it in this process by another clock.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub async fn open_at_time(&self, clock: Clock) -> anyhow::Result<Arc<App>> {
        open(&self.database, &self.data, &self.drafts, clock).await
    }

    /// Opens a copy of it in this process, whose data folder with the database file lies here.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub async fn open_at(&self, data: &Path) -> anyhow::Result<Arc<App>> {
        let file = data.join("clares-law.db");
        let clock = Clock::system();
        open(&file.to_string_lossy(), data, &self.drafts, clock).await
    }

    /// From now on the service reaches its server over this line, for as long as the line is kept. Examiners go past it.
    ///
    /// # Errors
    /// When the database is on no server.
    pub async fn behind(
        &mut self,
        line: Line,
        chance: &mut fastrand::Rng,
    ) -> anyhow::Result<Proxy> {
        let (who, place) = self
            .database
            .split_once('@')
            .context("it is on no server")?;
        let (target, name) = place.split_once('/').context("it has a name")?;
        let proxy = Proxy::start(target, line, chance).await?;
        self.served_from = format!("{who}@{}/{name}", proxy.address());
        Ok(proxy)
    }

    /// The address at which it is served.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the program on it, without waiting until it answers.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub fn spawn(&self) -> anyhow::Result<Service> {
        let workflows = self.folder.path().join("workflows");
        Service::spawn(self.port, &self.data, &workflows, &self.served_from)
    }

    /// Starts the program on it and waits until it answers.
    ///
    /// # Errors
    /// When it does not answer; the end of its log says why.
    pub async fn serve(&self) -> anyhow::Result<Service> {
        let mut service = self.spawn()?;
        let answered = service.answers(&Client::new(&self.address())?).await;
        answered.map_err(|error| {
            let log = std::fs::read_to_string(self.data.join("service.log")).unwrap_or_default();
            let last: Vec<_> = log.lines().rev().take(5).collect();
            anyhow::anyhow!("{error}; its last words: {last:?}")
        })?;
        Ok(service)
    }
}

/// What went wrong inside.
pub fn inside(error: AppError) -> anyhow::Error {
    match error {
        AppError::Inside(text) => anyhow::anyhow!(text),
        other => anyhow::anyhow!("{other:?}"),
    }
}

async fn open(
    database: &str,
    data: &Path,
    drafts: &Drafts,
    clock: Clock,
) -> anyhow::Result<Arc<App>> {
    Ok(open_installation(
        database,
        data,
        KeyStore::of(data),
        drafts,
        clock,
        MadeBy::Service,
    )
    .await?)
}

/// An account that messages go to, and a client in the same role that acts.
async fn hire(app: &Arc<App>, name: &str, role: &str) -> anyhow::Result<Person> {
    let person = NewPerson {
        sign_in_name: name.to_lowercase(),
        name: name.to_owned(),
        email: format!("{role}@example.org"),
        role: role.to_owned(),
        agency: String::new(),
        authority: AUTHORITY.to_owned(),
        password_hash: None,
    };
    app.add_person(person).await.map_err(inside)?;
    let client = NewClient {
        name: name.to_owned(),
        role: role.to_owned(),
        agency: String::new(),
        authority: AUTHORITY.to_owned(),
        scopes: Scopes::all(),
    };
    let added = app.add_client(client).await.map_err(inside)?;
    let client = added.context("a client of this name is there already")?.id;
    Ok(Person {
        id: client.to_string(),
        client,
        key: app.token_key.clone().context("there is no token key")?,
    })
}

/// The shipped workflow files, without the schemes of other nations and their authorities.
fn one_scheme() -> anyhow::Result<Library> {
    let mut library = library::from_folder(Path::new("workflows"))?;
    library.0.retain(|path, _| {
        KEPT.contains(&&**path) || !LEFT_OUT.iter().any(|folder| path.starts_with(folder))
    });
    Ok(library)
}

fn write(library: &Library, folder: &Path) -> anyhow::Result<()> {
    for (path, file) in &library.0 {
        let to = folder.join(path);
        std::fs::create_dir_all(to.parent().unwrap_or(folder))?;
        std::fs::write(to, &file.text)?;
    }
    Ok(())
}
