//! An installation on a SQLite file with a travelling clock and seeded chance, that can be killed and opened again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anyhow::Context as _;
use clares_law::app::App;
use clares_law::app::chance::Chance;
use clares_law::app::definitions::{Definitions, Edition};
use clares_law::app::drafts::Drafts;
use clares_law::app::error::AppError;
use clares_law::app::key_store::KeyStore;
use clares_law::app::keys::Keys;
use clares_law::app::library;
use clares_law::app::pulse::Pulse;
use clares_law::app::staff::NewPerson;
use clares_law::clock::Clock;
use clares_law::domain::class::FieldClass;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Library;
use clares_law::engine::definition::finding::File;
use clares_law::store::{Db, open, staff};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::commands::apart;
use super::operation::Left;

/// The shipped workflow files and, of each scheme, an edition to come.
static DRAFTS: LazyLock<Drafts> = LazyLock::new(|| {
    Drafts::read(&with_editions_to_come()).unwrap_or_else(|found| panic!("{found:?}"))
});

/// How the name of every edition to come begins.
const TO_COME: &str = "to-come";

/// A scheme, the day from which its edition to come holds, and its overall limit by it.
const CHANGES: [(&str, &str, &str); 6] = [
    ("dsdas-scotland", "2027-03-01", "40 calendar days"),
    ("dvds-england-wales", "2026-11-01", "30 calendar days"),
    ("dvads-northern-ireland", "2027-10-01", "50 calendar days"),
    ("dsdas-scotland", "2028-10-01", "42 calendar days"),
    ("dvds-england-wales", "2028-10-01", "25 calendar days"),
    ("dvads-northern-ireland", "2028-10-01", "20 calendar days"),
];

fn with_editions_to_come() -> Library {
    let folder = Path::new("workflows");
    let mut library = library::from_folder(folder).expect("the workflow files can be read");
    for (scheme, day, limit) in CHANGES {
        let text = format!(
            "extends: {scheme}\nedition: {TO_COME}-{day}\neffective_from: {day}\nunconfirmed: invented\n\
             clocks:\n  overall:\n    limit: {limit}\n    unconfirmed: invented\n"
        );
        let path = format!("schemes/{scheme}@{day}.yaml");
        library.0.insert(path.clone(), File::new(path, text));
    }
    agree(&mut library);
    library
}

/// At every authority the partner agency is shown what its people's roles see, at all times.
fn agree(library: &mut Library) {
    library.0.retain(|path, _| !path.starts_with("agreements/"));
    let authorities = library.under("authorities").map(|(_, file)| file.stem());
    let authorities: Vec<_> = authorities.map(str::to_owned).collect();
    let classes = FieldClass::ALL.map(|class| format!("  - {}\n", class.name()));
    for authority in authorities {
        let text = format!(
            "agreement: {authority}\nname: Invented\nauthority: {authority}\nagencies: {PARTNER}\n\
             parties:\n  - Invented\npurposes:\n  - Invented\nfields:\n{}\
             basis:\n  is: Invented\n  source: Invented\n\
             signed: 2000-01-01\nfrom: 2000-01-01\nuntil: 2099-12-31\nreview: coordinator\n",
            classes.concat()
        );
        let path = format!("agreements/{authority}.yaml");
        library.0.insert(path.clone(), File::new(path, text));
    }
}

fn is_to_come(edition: &Edition) -> bool {
    edition.definition.scheme.edition.starts_with(TO_COME)
}

/// The editions that stand in the files, and are published at the first start.
pub fn shipped() -> Drafts {
    let editions = DRAFTS.editions.iter();
    Drafts {
        authorities: DRAFTS.authorities.clone(),
        editions: editions
            .filter(|edition| !is_to_come(edition))
            .cloned()
            .collect(),
        words: DRAFTS.words.clone(),
        access: Arc::clone(&DRAFTS.access),
    }
}

/// The editions that may be published meanwhile.
pub fn to_come() -> Vec<&'static Edition> {
    let editions = DRAFTS.editions.iter();
    editions.filter(|edition| is_to_come(edition)).collect()
}

/// What a process that dies leaves of its database.
const FILES: [&str; 2] = ["clares-law.db", "clares-law.db-wal"];

/// What is kept from one simulation to the next: definitions that have been read, by the hash of their content.
pub type Read = Option<Definitions>;

/// Whose people are outside the walls.
pub const PARTNER: &str = "housing";

/// The installation.
pub struct World {
    folder: TempDir,
    /// How often it has been moved: each time into a folder of its own.
    lives: u32,
    seed: u64,
    /// How many processes there have been. Each draws its own chance: how much a dying one still drew is another matter
    /// in each run.
    processes: u64,
    pub clock: Clock,
    /// They outlive every process: their database is another.
    keys: Keys,
    app: Option<Arc<App>>,
    pub people: Vec<Actor>,
    /// The accounts of those who have left.
    pub shut_out: BTreeSet<String>,
}

impl World {
    /// A new one, with two people in every role at every authority, one of them of a partner agency.
    pub async fn new(seed: u64, begins: Timestamp, read: Read) -> anyhow::Result<Self> {
        let memory = Path::new("/dev/shm");
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix("clares-law-simulation-");
        let folder = if memory.is_dir() {
            builder.tempdir_in(memory)?
        } else {
            builder.tempdir()?
        };
        let keys = KeyStore::of(folder.path()).open().await?;
        let mut world = Self {
            folder,
            lives: 0,
            seed,
            processes: 0,
            clock: Clock::travelling(begins),
            keys,
            app: None,
            people: Vec::new(),
            shut_out: BTreeSet::new(),
        };
        let app = world.open(read).await?;
        world.app = Some(app);
        let authorities: Vec<String> = world
            .app()
            .definitions
            .authorities()
            .keys()
            .cloned()
            .collect();
        for authority in &authorities {
            for role in roles() {
                world.hire(authority, &role, "").await?;
                world.hire(authority, &role, PARTNER).await?;
            }
        }
        Ok(world)
    }

    pub fn app(&self) -> &Arc<App> {
        self.app.as_ref().expect("it is open but while it restarts")
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn life(&self) -> PathBuf {
        self.folder.path().join(self.lives.to_string())
    }

    async fn open(&mut self, read: Read) -> anyhow::Result<Arc<App>> {
        std::fs::create_dir_all(self.life())?;
        let db = open(&self.life().join("clares-law.db").to_string_lossy()).await?;
        let opened = Definitions::open(&db, &shipped(), self.clock.now())
            .await
            .map_err(inside)?;
        let definitions = match read {
            Some(read) => {
                read.refresh(&db).await.map_err(inside)?;
                read
            }
            None => opened,
        };
        self.processes += 1;
        let app = Arc::new(App {
            db,
            clock: self.clock.clone(),
            chance: Chance::seeded(self.seed ^ self.processes << 32),
            definitions,
            keys: self.keys.clone(),
            token_key: None,
            ledger_keys: None,
            pulse: Pulse::default(),
        });
        app.take_place().await.map_err(inside)?;
        Ok(app)
    }

    /// Waits until work that nobody waits for has come to its end: how far it would come by itself meanwhile is another
    /// matter in each run.
    pub async fn finished(&self) {
        while Arc::strong_count(self.app()) > 1 {
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
    }

    /// The process ends, and another begins.
    pub async fn restart(&mut self, left: Left) -> anyhow::Result<()> {
        let app = self.app.take().expect("it is open but while it restarts");
        let before = self.life();
        let files = FILES.map(|name| std::fs::read(before.join(name)).ok());
        app.db.close().await;
        let read = Arc::into_inner(app)
            .map(|app| app.definitions)
            .filter(|_| left != Left::Cold);
        if left == Left::Moved {
            self.lives += 1;
            std::fs::create_dir_all(self.life())?;
            std::fs::remove_dir_all(before)?;
        }
        if [Left::Killed, Left::Moved].contains(&left) {
            // A file that is there keeps its place: only what it holds is written.
            for (name, content) in FILES.iter().zip(files) {
                if let Some(content) = content {
                    std::fs::write(self.life().join(name), content)?;
                }
            }
        }
        self.app = Some(self.open(read).await?);
        Ok(())
    }

    /// Closes it for good; what it has read may serve the next.
    pub async fn close(mut self) -> Read {
        let app = self.app.take()?;
        app.db.close().await;
        Arc::into_inner(app).map(|app| app.definitions)
    }

    /// Somebody joins an authority.
    pub async fn hire(&mut self, authority: &str, role: &str, agency: &str) -> anyhow::Result<()> {
        let name = format!("{role} {} of {authority}", self.hired());
        let person = NewPerson {
            sign_in_name: name.clone(),
            name,
            email: format!("{role}-{}@example.org", self.hired()),
            role: role.to_owned(),
            agency: agency.to_owned(),
            authority: authority.to_owned(),
            password_hash: None,
        };
        let app = Arc::clone(self.app());
        let added = apart(async move { app.add_person(person).await }).await;
        let Some(id) = added.transpose().map_err(inside)? else {
            return Ok(());
        };
        self.people.push(Actor {
            id: id.to_string(),
            role: role.to_owned(),
            agency: agency.to_owned(),
            authority: authority.to_owned(),
        });
        Ok(())
    }

    /// How many people there have been.
    fn hired(&self) -> usize {
        self.people.len() + self.shut_out.len()
    }

    /// Shuts an account out.
    pub async fn shut_out(&mut self, id: &str) -> anyhow::Result<()> {
        let mut tx = self.db().begin_write().await?;
        let row = staff::get(&mut tx, id.parse()?).await?;
        let mut row = row.context("somebody who was hired")?;
        row.disabled = true;
        staff::put(&mut tx, &row).await?;
        tx.commit().await?;
        self.people.retain(|person| person.id != id);
        self.shut_out.insert(id.to_owned());
        Ok(())
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub fn db(&self) -> &Db {
        &self.app().db
    }
}

/// The roles that look at cases.
pub fn roles() -> Vec<String> {
    let roles = DRAFTS.editions[0].definition.roles.roles.iter();
    let reading = roles.filter(|(_, role)| role.reads_cases);
    reading.map(|(name, _)| name.to_string()).collect()
}

/// When a simulation begins: another day and hour for each seed, in the first half of 2026.
pub fn beginning(seed: u64) -> Timestamp {
    let first: Timestamp = "2026-01-05T00:00:00Z".parse().expect("a moment");
    let mut chance = fastrand::Rng::with_seed(seed ^ 0x5eed);
    first + SignedDuration::from_mins(chance.i64(0..170 * 24 * 60))
}

/// An error of the service where none may be.
pub fn inside(error: AppError) -> anyhow::Error {
    match error {
        AppError::Inside(text) => anyhow::anyhow!(text),
        other => anyhow::anyhow!("{other:?}"),
    }
}
