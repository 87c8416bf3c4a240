//! Whom a forum turns to at each agency: one contact, deputies, and which of them can commit it. Every change is written down with who
//! made it; whoever is shut out, moved or without an agreement in force is named still and not counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::super::App;
use super::super::digest::digest;
use super::super::error::AppError;
use super::super::opened::named;
use super::super::replies::{keep_reply, replied};
use super::super::staff::{Person, actor_of};
use super::telling::people_of;
use crate::domain::class::FieldClass;
use crate::domain::refusal::FieldError;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::meets::Meets;
pub use crate::store::forum_contacts::Place;
use crate::store::forum_contacts::{self, ContactRow};
use crate::store::staff::{self, StaffRow};
use crate::store::{At, Tx};

/// The fields of the form.
pub const NAMED_WHO: &str = "who";
pub const NAMED_AS: &str = "place";

/// The members of a forum that are let in, and who of them is named for their agency.
pub struct ForumPeople {
    /// By agency.
    members: BTreeMap<String, Vec<StaffRow>>,
    named: Vec<ContactRow>,
}

/// Why somebody who is named is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    ShutOut,
    /// Their agency has no agreement in force.
    Unshared,
    /// They have another role by now, or speak for another agency.
    Moved,
}

/// Somebody named for an agency.
#[derive(Debug, Clone)]
pub struct Contact {
    pub id: Uuid,
    pub name: String,
    pub place: Place,
    /// Whether they can commit their agency.
    pub senior: bool,
    pub lapse: Option<Lapse>,
}

/// An agency with who is named for it.
pub struct OfAgency {
    pub agency: String,
    /// The contact first.
    pub contacts: Vec<Contact>,
    /// Who can be named, with their names.
    pub members: Vec<(Uuid, String)>,
}

/// What was changed, by whom.
pub struct Change {
    pub at: Timestamp,
    pub agency: String,
    pub name: String,
    pub place: Place,
    pub senior: bool,
    pub by: String,
}

/// Whom the forum of a scheme turns to.
pub struct Contacts {
    pub definition: Arc<Definition>,
    pub agencies: Vec<OfAgency>,
    /// Newest first.
    pub changes: Vec<Change>,
    pub now: Timestamp,
}

/// That somebody is named for an agency, or no more.
#[derive(Clone, Serialize)]
pub struct Naming {
    pub agency: String,
    pub who: Option<Uuid>,
    pub place: Option<Place>,
    pub senior: bool,
}

impl ForumPeople {
    /// Everybody who sits in it.
    pub(super) fn members(&self) -> impl Iterator<Item = &StaffRow> {
        self.members.values().flatten()
    }

    pub(super) fn of_agency(&self, agency: &str) -> impl Iterator<Item = &StaffRow> {
        self.members.get(agency).into_iter().flatten()
    }

    /// Those in this place at an agency who are counted.
    pub(super) fn placed(&self, agency: &str, place: Place) -> impl Iterator<Item = &StaffRow> {
        self.counted(agency, move |row| row.place == place)
    }

    /// Those who can commit an agency.
    pub(super) fn seniors_of(&self, agency: &str) -> impl Iterator<Item = &StaffRow> {
        self.counted(agency, |row| row.senior)
    }

    /// The accounts that can commit their agency.
    pub(super) fn seniors(&self) -> BTreeSet<String> {
        let agencies = self.members.keys();
        let seniors = agencies.flat_map(|agency| self.seniors_of(agency));
        seniors.map(|person| person.id.to_string()).collect()
    }

    /// Whether somebody comes to every meeting of a series: they are named for their agency, or nobody is.
    pub(super) fn is_standing(&self, person: &StaffRow) -> bool {
        let own = |members: &Vec<StaffRow>| members.iter().any(|member| member.id == person.id);
        let agency = self.members.iter().find(|(_, members)| own(members));
        agency.is_some_and(|(agency, _)| {
            let mut named = self.counted(agency, |_| true).peekable();
            named.peek().is_none() || named.any(|named| named.id == person.id)
        })
    }

    /// The names of those who are counted in this place at an agency.
    pub fn names(&self, agency: &str, place: Place) -> Vec<&str> {
        let people = self.placed(agency, place);
        people.map(|person| person.name.as_str()).collect()
    }

    fn counted(
        &self,
        agency: &str,
        are: impl Fn(&ContactRow) -> bool,
    ) -> impl Iterator<Item = &StaffRow> {
        let named = self.named.iter().filter(move |row| row.agency == agency);
        let named: BTreeSet<_> = named
            .filter(|row| are(row))
            .map(|row| row.staff_id)
            .collect();
        let members = self.of_agency(agency);
        members.filter(move |person| named.contains(&person.id))
    }
}

impl App {
    /// The people of a scheme's forum at an authority as they stand now.
    pub(super) async fn forum_people(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        authority: &str,
    ) -> Result<ForumPeople, AppError> {
        let scheme = &definition.scheme.scheme;
        let changes = forum_contacts::of_forum(tx, authority, scheme).await?;
        let mut members: BTreeMap<String, Vec<StaffRow>> = BTreeMap::new();
        if let Some(meets) = definition.meets() {
            for person in people_of(tx, authority).await? {
                let actor = actor_of(&person);
                if self.lapse(meets, authority, &person).is_none() {
                    let agency = meets.agency_of(&actor).to_owned();
                    members.entry(agency).or_default().push(person);
                }
            }
        }
        let named = standing(&changes);
        Ok(ForumPeople { members, named })
    }

    /// Why somebody does not sit in a forum, whatever they speak for.
    fn lapse(&self, meets: &Meets, authority: &str, person: &StaffRow) -> Option<Lapse> {
        let agreements = self.definitions.access.agreements();
        if person.disabled {
            Some(Lapse::ShutOut)
        } else if person.authority != authority || !meets.members.has(&person.role) {
            Some(Lapse::Moved)
        } else if !agreements.let_in(&person.agency, authority, self.clock.now()) {
            Some(Lapse::Unshared)
        } else {
            None
        }
    }

    /// Whom the forum of a scheme turns to, for those who call it together.
    ///
    /// # Errors
    /// `NotFound` for everybody else, for a scheme that the authority does not run, and one whose forum does not meet.
    pub async fn see_contacts(
        self: &Arc<Self>,
        person: &Person,
        scheme: &str,
    ) -> Result<Contacts, AppError> {
        let actor = &person.actor;
        let definition = self.forum_kept_by(actor, scheme)?;
        let meets = definition.meets().ok_or(AppError::NotFound)?;
        let what = "whom the forum turns to";
        self.log_read(actor, None, named([FieldClass::Process]), what)
            .await?;
        let authority = &actor.authority;
        let mut tx = self.db.begin_read().await?;
        let people = self.forum_people(&mut tx, &definition, authority).await?;
        let changes = forum_contacts::of_forum(&mut tx, authority, scheme).await?;
        let accounts = staff::all(&mut tx).await?.into_iter();
        let accounts: BTreeMap<_, _> = accounts.map(|row| (row.id, row)).collect();
        drop(tx);
        let contact = |row: &ContactRow| {
            let account = accounts.get(&row.staff_id)?;
            let elsewhere = meets.agency_of(&actor_of(account)) != row.agency;
            let lapse = self.lapse(meets, authority, account);
            Some(Contact {
                id: row.staff_id,
                name: account.name.clone(),
                place: row.place,
                senior: row.senior,
                lapse: lapse.or(elsewhere.then_some(Lapse::Moved)),
            })
        };
        let agencies = definition.agencies().map(|(agency, _)| {
            let of_agency = people.named.iter().filter(|row| row.agency == **agency);
            let mut contacts: Vec<_> = of_agency.filter_map(contact).collect();
            contacts.sort_by_key(|contact| contact.place != Place::Contact);
            let members = people.of_agency(agency);
            OfAgency {
                agency: agency.to_string(),
                contacts,
                members: members.map(|row| (row.id, row.name.clone())).collect(),
            }
        });
        let name = |id: &Uuid| {
            let account = accounts.get(id);
            account.map_or_else(String::new, |account| account.name.clone())
        };
        let changes = changes.iter().rev().map(|row| Change {
            at: row.at.timestamp(),
            agency: row.agency.clone(),
            name: name(&row.staff_id),
            place: row.place,
            senior: row.senior,
            by: row
                .done_by
                .parse()
                .map_or_else(|_| String::new(), |id| name(&id)),
        });
        Ok(Contacts {
            agencies: agencies.collect(),
            changes: changes.collect(),
            definition: self.in_words_of(actor, Arc::clone(&definition)),
            now: self.clock.now(),
        })
    }

    /// Names somebody for an agency, says anew what they are, or takes them out.
    ///
    /// # Errors
    /// `NotFound` as in [`see_contacts`](Self::see_contacts); `Fields` with what is missing, and for whoever does not sit in the forum
    /// for that agency.
    pub async fn name_contact(
        self: &Arc<Self>,
        actor: &Actor,
        scheme: &str,
        naming: Naming,
        key: Option<String>,
    ) -> Result<(), AppError> {
        let (actor, scheme) = (actor.clone(), scheme.to_owned());
        self.detached(move |app| {
            let (actor, scheme) = (actor.clone(), scheme.clone());
            let (naming, key) = (naming.clone(), key.clone());
            async move { app.name_now(&actor, &scheme, &naming, key).await }
        })
        .await
    }

    async fn name_now(
        &self,
        actor: &Actor,
        scheme: &str,
        naming: &Naming,
        key: Option<String>,
    ) -> Result<(), AppError> {
        let definition = self.forum_kept_by(actor, scheme)?;
        let asked = serde_json::to_vec(naming).map_err(AppError::inside)?;
        let body = digest([scheme.as_bytes(), asked.as_slice()]);
        let now = self.clock.now();
        let authority = &actor.authority;
        let mut tx = self.db.begin_write().await?;
        if replied(self, &mut tx, key.as_deref(), actor, &body)
            .await?
            .is_some()
        {
            return Ok(());
        }
        let people = self.forum_people(&mut tx, &definition, authority).await?;
        let (staff_id, place) = checked(&people, naming)?;
        let changes = forum_contacts::of_forum(&mut tx, authority, scheme).await?;
        let row = ContactRow {
            authority: authority.clone(),
            scheme: scheme.to_owned(),
            seq: changes.last().map_or(1, |last| last.seq + 1),
            at: At::from(now),
            agency: naming.agency.clone(),
            staff_id,
            place,
            senior: naming.senior && place != Place::Out,
            done_by: actor.id.clone(),
        };
        forum_contacts::add(&mut tx, &row).await?;
        keep_reply(self, &mut tx, key, actor, body, String::new(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The rules of a forum, for those who call it together.
    fn forum_kept_by(&self, actor: &Actor, scheme: &str) -> Result<Arc<Definition>, AppError> {
        let definition = self.in_force(&actor.authority, scheme)?.definition;
        if convenes(&definition, actor) && !self.is_unshared(actor) {
            return Ok(definition);
        }
        Err(AppError::NotFound)
    }
}

/// Whether somebody calls the meetings of a forum.
pub(super) fn convenes(definition: &Definition, actor: &Actor) -> bool {
    let meets = definition.meets();
    meets.is_some_and(|meets| meets.convened_by.has(&actor.role))
}

/// Who is named by now: the newest change of each person at each agency, and one contact for each agency.
fn standing(changes: &[ContactRow]) -> Vec<ContactRow> {
    let mut standing: Vec<ContactRow> = Vec::new();
    for change in changes {
        let same = |row: &ContactRow| row.agency == change.agency;
        standing.retain(|row| !(same(row) && row.staff_id == change.staff_id));
        if change.place == Place::Contact {
            let before = standing.iter_mut().filter(|row| same(row));
            before.for_each(|row| row.place = Place::Deputy);
        }
        if change.place != Place::Out {
            standing.push(change.clone());
        }
    }
    standing
}

/// Whom it is about and what they become, or everything that is wrong with it.
fn checked(people: &ForumPeople, naming: &Naming) -> Result<(Uuid, Place), AppError> {
    let agency = naming.agency.as_str();
    let is_named = |id: &Uuid| {
        let mut named = people.named.iter();
        named.any(|row| row.agency == agency && row.staff_id == *id)
    };
    let sits = |id: &Uuid| people.of_agency(agency).any(|person| person.id == *id);
    let out = naming.place == Some(Place::Out);
    let who = naming
        .who
        .filter(|id| if out { is_named(id) } else { sits(id) });
    match (who, naming.place) {
        (Some(who), Some(place)) => Ok((who, place)),
        (who, place) => {
            let missing = |is: bool, field, why| is.then(|| FieldError::new(field, why));
            let errors = [
                missing(who.is_none(), NAMED_WHO, "Choose somebody of this agency"),
                missing(place.is_none(), NAMED_AS, "Choose what they are"),
            ];
            Err(AppError::Fields(errors.into_iter().flatten().collect()))
        }
    }
}
