//! `clares-law serve` and `clares-law demo`: web and worker in one process.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::bail;

use super::agreements;
use super::config::Service;
use super::opened::inside;
use super::running::Doors;
use crate::app::App;
use crate::app::demonstration::{People, SignIn};
use crate::app::drafts::{Drafts, Published};
use crate::app::installation::{MadeBy, is_demonstration, open_installation};
use crate::app::key_store::RootKey;
use crate::clock::Clock;
use crate::engine::definition::Library;

/// Serves an installation.
pub async fn serve(service: Service) -> anyhow::Result<()> {
    let doors = Doors::open(Some(service.listen), &service.operators).await?;
    let library = service.workflows.load().map_err(anyhow::Error::msg)?;
    let drafts = drafts(&library)?;
    let mailer = service.mail.mailer(&library).map_err(anyhow::Error::msg)?;
    let app = open(&service, &drafts, MadeBy::Service).await?;
    tell_unpublished(&app, &drafts).await?;
    agreements::tell(&app).await?;
    let demonstration = is_demonstration(&app.db).await;
    if demonstration.map_err(|error| anyhow::anyhow!("{error:?}"))? {
        eprintln!(
            "A demonstration made this database: everybody knows the password of its accounts."
        );
    }
    println!("Serving on http://{}", doors.address()?);
    doors.run(app, mailer, true).await
}

/// Serves a demonstration with invented people, making it first where there is none.
pub async fn demo(service: Service, scheme: Option<String>) -> anyhow::Result<()> {
    let doors = Doors::open(Some(service.listen), &service.operators).await?;
    let address = doors.address()?;
    let library = service.workflows.load().map_err(anyhow::Error::msg)?;
    let people = People::read(&library).map_err(inside)?;
    let scheme = scheme.unwrap_or_else(|| people.scheme.clone());
    let drafts = drafts(&library)?.of_scheme(&scheme);
    if drafts.authorities.is_empty() {
        bail!("no file in `authorities` names the scheme {scheme}");
    }
    let mailer = service.mail.mailer(&library).map_err(anyhow::Error::msg)?;
    let app = open(&service, &drafts, MadeBy::Demonstration).await?;
    tell_unpublished(&app, &drafts).await?;
    let sign_ins = app.demonstrate(&library, &scheme).await.map_err(inside)?;
    agreements::tell(&app).await?;
    if !address.ip().is_loopback() {
        eprintln!("Everybody who can reach {address} can sign in: the password is public.");
    }
    if !app.public_doors().is_empty() {
        println!("Public form: http://{address}/");
    }
    introduce(address, &sign_ins, &people.password);
    let secure = !address.ip().is_loopback();
    doors.run(app, mailer, secure).await
}

fn introduce(address: SocketAddr, sign_ins: &[SignIn], password: &str) {
    println!("A demonstration with invented people runs on http://{address}");
    println!("Staff: http://{address}/staff");
    println!("Sign in with one of these names; the password is {password}");
    for sign_in in sign_ins {
        let SignIn {
            name, role, agency, ..
        } = sign_in;
        let agency = if agency.is_empty() {
            String::new()
        } else {
            format!(" for {agency}")
        };
        let (login, authority) = (&sign_in.sign_in_name, &sign_in.authority);
        println!("  {login:<24} {name}, {role}{agency} at {authority}");
    }
}

fn drafts(library: &Library) -> anyhow::Result<Drafts> {
    Drafts::read(library).map_err(|unsound| {
        for finding in &unsound.0 {
            eprintln!("{finding}");
        }
        anyhow::anyhow!("the workflow files have errors; nothing is served from them")
    })
}

async fn open(service: &Service, drafts: &Drafts, made_by: MadeBy) -> anyhow::Result<Arc<App>> {
    let database = service.place.database();
    let data = &service.place.data;
    let keys = service.place.keys();
    let had_root = keys.root.read()?.is_some();
    let root = keys.root.clone();
    let opened = open_installation(&database, data, keys, drafts, Clock::system(), made_by);
    let app = opened.await?;
    if let (false, MadeBy::Service, RootKey::File(path)) = (had_root, made_by, root) {
        eprintln!(
            "A root key was made: {}. Without it nobody can read what is kept here. Put a copy where neither the databases nor their backups are.",
            path.display()
        );
    }
    Ok(app)
}

/// Files that differ from what is published are drafts: cases go by what is published.
async fn tell_unpublished(app: &App, drafts: &Drafts) -> anyhow::Result<()> {
    for (draft, standing) in drafts.unpublished(&app.db).await.map_err(inside)? {
        let scheme = &draft.definition.scheme;
        let file = &draft.definition.file().path;
        match standing {
            Published::Now => eprintln!(
                "{file} is not published, so no case goes by it yet: see `clares-law workflow publish`"
            ),
            Published::Before | Published::CasesSince(_) => {}
            Published::SameDay => eprintln!(
                "{file} begins on the same day as a published edition, so it cannot be published: give it another `effective_from`"
            ),
            Published::Otherwise => eprintln!(
                "{file} has changed since edition {} was published; cases go by what was published. Give the changed file a new edition name.",
                &*scheme.edition
            ),
        }
    }
    Ok(())
}
