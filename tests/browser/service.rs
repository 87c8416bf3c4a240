//! A real service on a port of its own, in a temporary folder, whose clock the test moves.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clares_law::app::App;
use clares_law::app::drafts::Drafts;
use clares_law::app::error::AppError;
use clares_law::app::installation::{MadeBy, open_installation};
use clares_law::app::key_store::KeyStore;
use clares_law::app::library;
use clares_law::app::password::hash_password;
use clares_law::app::staff::NewPerson;
use clares_law::clock::Clock;
use clares_law::engine::definition::Definition;
use clares_law::engine::scenario::Scenario;
use clares_law::web;
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

/// The scheme and the authority that the journeys run through.
const SCHEME: &str = "dsdas-scotland";
const AUTHORITY: &str = "scotland";
pub const PASSWORD: &str = "a password for tests";

/// The service; it ends with the test.
pub struct Service {
    pub app: Arc<App>,
    pub clock: Clock,
    pub address: String,
    _folder: TempDir,
}

impl Service {
    /// Starts at this local time with an account for everybody in the scenario.
    pub async fn start(scenario: &Scenario) -> Self {
        let service = Self::open(
            SCHEME,
            scenario
                .received
                .in_tz("Europe/London")
                .unwrap()
                .timestamp(),
        )
        .await;
        let password_hash = hash_password(PASSWORD.to_owned()).await.unwrap();
        for (name, role) in scenario.people.iter() {
            let person = NewPerson {
                sign_in_name: name.to_string(),
                name: name.to_string(),
                email: format!("{name}@example.org"),
                role: role.to_string(),
                agency: String::new(),
                authority: AUTHORITY.to_owned(),
                password_hash: Some(password_hash.clone()),
            };
            service.app.add_person(person).await.unwrap();
        }
        service
    }

    /// Starts with what the demonstration is made of.
    pub async fn demonstration() -> Self {
        Self::demonstration_of(SCHEME).await
    }

    /// Starts with what the demonstration of a scheme is made of.
    pub async fn demonstration_of(scheme: &str) -> Self {
        let service = Self::open(scheme, "2026-11-22T14:00:00Z".parse().unwrap()).await;
        let library = library::from_folder(Path::new("workflows")).unwrap();
        service.app.demonstrate(&library, scheme).await.unwrap();
        service.sweep(100).await.unwrap();
        service
    }

    /// Records what has become due.
    pub async fn sweep(&self, most: i64) -> Result<usize, AppError> {
        let lasts = Duration::from_secs(15);
        let lease = self.app.take_lease("deadlines", Uuid::nil(), lasts).await?;
        let lease = lease.expect("no other node has it");
        self.app.sweep(&lease, most).await
    }

    /// The edition in force.
    pub fn definition(&self) -> Arc<Definition> {
        self.app.in_force(AUTHORITY, SCHEME).unwrap().definition
    }

    async fn open(scheme: &str, now: Timestamp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::travelling(now);
        let library = library::from_folder(Path::new("workflows")).unwrap();
        let drafts = Drafts::read(&library).unwrap().of_scheme(scheme);
        let database = folder
            .path()
            .join("clares-law.db")
            .to_string_lossy()
            .into_owned();
        let opened = open_installation(
            &database,
            folder.path(),
            KeyStore::of(folder.path()),
            &drafts,
            clock.clone(),
            MadeBy::Demonstration,
        );
        let app = opened.await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = web::router(Arc::clone(&app), false);
        #[expect(
            clippy::disallowed_methods,
            reason = "the service runs beside its browser"
        )]
        tokio::spawn(axum::serve(listener, router).into_future());
        Self {
            app,
            clock,
            address,
            _folder: folder,
        }
    }
}
