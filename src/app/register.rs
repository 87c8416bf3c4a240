//! The register of the staff and members of all agencies. An agency hands over a list of its people, which takes the place
//! of the one before as a whole; everybody in it is compared with every case in the same transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use super::App;
use super::blind::Blind;
use super::error::AppError;
use crate::domain::likeness::{Ground, Mark};
use crate::domain::person::Person;
use crate::store::register::{self, CountRow, RegisterRow};
use crate::store::register_keys::{self, KeyRow};
use crate::store::register_loads::{self, LoadRow};
use crate::store::{At, Tx};

/// More people with one phone or one address do not live together: it is where they work.
const MOST_IN_ONE_HOME: usize = 8;

/// So many rows go to the database at once.
const BATCH: usize = 1_000;

/// Whose people a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The police authority in whose scheme the agency takes part.
    pub authority: String,
    /// The agency; empty for the force itself.
    pub agency: String,
}

/// One of an agency's people.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The agency's own name for this entry, the same from one list to the next.
    pub entry: String,
    pub person: Person,
    pub staff_number: String,
    pub addresses: Vec<String>,
    pub phones: Vec<String>,
    /// The account they sign in with, if they have or will have one.
    pub sign_in_name: Option<String>,
}

/// What became of a list, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    pub added: i64,
    pub removed: i64,
    pub changed: i64,
    /// Cases that nobody was kept away from before.
    pub restricted: i64,
    /// People of whom so little is known that they can be alike to nobody.
    pub without_marks: i64,
}

/// An agency's people in the register, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub count: CountRow,
    /// When the list was last replaced, and by whom.
    pub last: Option<LoadRow>,
}

impl App {
    /// Replaces an agency's part of the register, wholly or not at all.
    ///
    /// # Errors
    /// When the database fails; nothing has changed then.
    pub async fn replace_register(
        self: &Arc<Self>,
        listing: Listing,
        entries: Vec<Entry>,
        by: &str,
    ) -> Result<Replaced, AppError> {
        let blind = self.blind().await?;
        let marked = Arc::new(without_workplaces(&blind, entries));
        let (listing, by) = (Arc::new(listing), by.to_owned());
        self.detached(move |app| {
            let (listing, marked, by) = (Arc::clone(&listing), Arc::clone(&marked), by.clone());
            async move { app.replace_now(&listing, &marked, by).await }
        })
        .await
    }

    async fn replace_now(
        &self,
        listing: &Listing,
        marked: &[Marked],
        by: String,
    ) -> Result<Replaced, AppError> {
        let whose = (&*listing.authority, &*listing.agency);
        let mut tx = self.db.begin_write().await?;
        let blind = self.blind().await?;
        let before = Before::read(&mut tx, &blind, whose).await?;
        let change = self.change(&blind, listing, marked, before);
        write_all(&mut tx, whose, &change).await?;
        let hits = register_keys::of_agency(&mut tx, whose).await?;
        let restricted = self.tie_hits(&mut tx, hits).await?;
        let without_marks = marked.iter().filter(|one| one.keys.is_empty()).count();
        let replaced = Replaced {
            added: number(change.added)?,
            removed: number(change.gone.len())?,
            changed: number(change.rows.len() - change.added)?,
            restricted,
            without_marks: number(without_marks)?,
        };
        let load = LoadRow {
            id: self.chance.id(),
            at: At::from(self.clock.now()),
            authority: listing.authority.clone(),
            agency: listing.agency.clone(),
            done_by: by,
            added: replaced.added,
            removed: replaced.removed,
            changed: replaced.changed,
            restricted: replaced.restricted,
        };
        register_loads::add(&mut tx, &load).await?;
        tx.commit().await?;
        Ok(replaced)
    }

    /// What a list makes of the one before. Whoever is listed again is the same person.
    fn change(
        &self,
        blind: &Blind,
        listing: &Listing,
        marked: &[Marked],
        mut before: Before,
    ) -> Change {
        let mut change = Change::default();
        for one in marked {
            let row = row_of(blind, &one.entry, listing);
            let old = before.people.remove(&row.entry);
            let id = old.as_ref().map_or_else(|| self.chance.id(), |old| old.id);
            let known = before.keys.remove(&id).unwrap_or_default();
            if known != one.keys {
                change.outdated.push(id);
                let keys = one.keys.iter();
                let keys = keys.map(|(whole, ground)| self.of_person(blind, id, whole, ground));
                change.keys.extend(keys);
            }
            let row = RegisterRow { id, ..row };
            if old.is_none() {
                change.added += 1;
            }
            if old.as_ref() != Some(&row) {
                change.rows.push(row);
            }
        }
        change.gone = before.people.into_values().map(|row| row.id).collect();
        change
    }

    /// How many people each agency has in the register.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registered(&self) -> Result<Vec<Registered>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut registered = Vec::new();
        for count in register::counts(&mut tx).await? {
            let last = register_loads::last(&mut tx, &count.authority, &count.agency).await?;
            registered.push(Registered { count, last });
        }
        Ok(registered)
    }
}

/// Hashes, each with the word for what it is made of.
type Keys = BTreeMap<String, String>;

/// An entry with what it is compared by.
struct Marked {
    entry: Entry,
    keys: Keys,
}

/// Entries with their keys. What too many of one agency share says nothing of any of them.
fn without_workplaces(blind: &Blind, entries: Vec<Entry>) -> Vec<Marked> {
    let mut sharing: HashMap<String, usize> = HashMap::new();
    let mut marked = Vec::new();
    for entry in entries {
        let marks = marks_of(&entry).into_iter();
        let keys: Keys = marks
            .map(|mark| (blind.of(&mark), mark.ground.name().to_owned()))
            .collect();
        for key in keys.keys() {
            *sharing.entry(key.clone()).or_default() += 1;
        }
        marked.push(Marked { entry, keys });
    }
    let of_a_home = [Ground::Address, Ground::Phone].map(Ground::name);
    for one in &mut marked {
        one.keys.retain(|key, ground| {
            !of_a_home.contains(&&**ground) || sharing[key] <= MOST_IN_ONE_HOME
        });
    }
    marked
}

fn marks_of(entry: &Entry) -> BTreeSet<Mark> {
    let mut marks = Mark::of_person(&entry.person);
    marks.extend(Mark::of_staff_number(&entry.staff_number));
    marks.extend(
        entry
            .addresses
            .iter()
            .flat_map(|address| Mark::of_address(address)),
    );
    marks.extend(entry.phones.iter().flat_map(|phone| Mark::of_phones(phone)));
    marks
}

/// The row of an entry, but for its id.
fn row_of(blind: &Blind, entry: &Entry, listing: &Listing) -> RegisterRow {
    let person = &entry.person;
    let content = [
        person.given_names.as_str(),
        person.family_name.as_str(),
        person.other_names.as_str(),
        person.born.as_str(),
        &entry.staff_number,
        &entry.addresses.join("\n"),
        &entry.phones.join("\n"),
    ];
    RegisterRow {
        id: Uuid::nil(),
        authority: listing.authority.clone(),
        agency: listing.agency.clone(),
        entry: blind.hashed("entry", &entry.entry),
        content: blind.hashed("content", &content.join("\0")),
        sign_in_name: entry.sign_in_name.clone(),
    }
}

/// An agency's people as they are.
struct Before {
    /// By the hash of their entry.
    people: BTreeMap<String, RegisterRow>,
    /// What each is known by.
    keys: HashMap<Uuid, Keys>,
}

impl Before {
    async fn read(tx: &mut Tx, blind: &Blind, whose: (&str, &str)) -> Result<Self, AppError> {
        let people = register::of_agency(tx, whose.0, whose.1).await?.into_iter();
        let mut keys: HashMap<Uuid, Keys> = HashMap::new();
        for row in register_keys::all(tx, whose).await? {
            let known = keys.entry(row.register_id).or_default();
            known.insert(blind.known(&row.sealed)?, row.ground);
        }
        Ok(Self {
            people: people.map(|row| (row.entry.clone(), row)).collect(),
            keys,
        })
    }
}

/// What is to be written.
#[derive(Default)]
struct Change {
    /// Those who are not listed any more.
    gone: Vec<Uuid>,
    /// Those who came or are listed otherwise than before.
    rows: Vec<RegisterRow>,
    /// How many of them came.
    added: usize,
    /// Those who are known by something else than before.
    outdated: Vec<Uuid>,
    /// What these are known by now.
    keys: Vec<KeyRow>,
}

async fn write_all(tx: &mut Tx, whose: (&str, &str), change: &Change) -> Result<(), AppError> {
    for people in change.gone.chunks(BATCH) {
        register_keys::remove(tx, people).await?;
        register::remove(tx, people).await?;
    }
    for people in change.outdated.chunks(BATCH) {
        register_keys::remove(tx, people).await?;
    }
    for rows in change.rows.chunks(BATCH) {
        register::put(tx, whose, rows).await?;
    }
    for keys in change.keys.chunks(BATCH) {
        register_keys::add(tx, keys).await?;
    }
    Ok(())
}

fn number(count: usize) -> Result<i64, AppError> {
    i64::try_from(count).map_err(AppError::inside)
}
