//! The people and machines that have accounts, and what they are called. How people prove who they are is in `sessions`, how they
//! come by what they prove it with in `accounts` and `joining`.

use std::sync::Arc;

use super::App;
use super::error::AppError;
use crate::domain::id::StaffId;
use crate::domain::pii::withheld;
use crate::engine::command::Actor;
use crate::store::staff::StaffRow;
use crate::store::{At, clients, staff};

/// Somebody signed in.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what somebody may and has to do, each asked for by itself"
)]
pub struct Person {
    pub actor: Actor,
    pub name: String,
    /// What colleagues call the role and the authority they act for.
    pub role: String,
    pub authority: String,
    /// Whether they have given what they sign in with in the last few minutes.
    pub confirmed: bool,
    /// Whether the role sends in referrals. Nothing has to be agreed for that: it tells, and is told next to nothing.
    pub refers: bool,
    /// Whether the role looks at cases at all, and their agency, if they have one, has an agreement in force. Without one they have
    /// none of the duties below either.
    pub reads_cases: bool,
    /// Whether the role minds messages that did not arrive.
    pub minds_messages: bool,
    /// Whether the role is asked about looks of others.
    pub reviews_looks: bool,
    /// Whether they are asked whether cases past their day are forgotten or kept on.
    pub reviews_keeping: bool,
}

withheld!(Person);

impl Person {
    /// Whether they see no case and have no queues.
    pub fn only_refers(&self) -> bool {
        self.refers && !self.reads_cases
    }
}

/// A new account.
#[derive(Clone)]
pub struct NewPerson {
    pub sign_in_name: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub agency: String,
    pub authority: String,
    /// As [`hash_password`](super::password::hash_password) gives it; without one nobody can sign in to the account.
    pub password_hash: Option<String>,
}

withheld!(NewPerson);

/// Who acts with an account.
pub(super) fn actor_of(row: &StaffRow) -> Actor {
    Actor {
        id: row.id.to_string(),
        role: row.role.clone(),
        agency: row.agency.clone(),
        authority: row.authority.clone(),
    }
}

impl App {
    /// Adds an account, or answers the one of that sign-in name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_person(self: &Arc<Self>, person: NewPerson) -> Result<StaffId, AppError> {
        let known = {
            let mut tx = self.db.begin_read().await?;
            staff::by_sign_in_name(&mut tx, &person.sign_in_name).await?
        };
        match known {
            Some(known) => Ok(StaffId(known.id)),
            None => self.add_new_person(person).await?.ok_or(AppError::KeyTaken),
        }
    }

    /// Adds an account; `None` when the sign-in name is taken.
    async fn add_new_person(
        self: &Arc<Self>,
        person: NewPerson,
    ) -> Result<Option<StaffId>, AppError> {
        let (app, row) = (Arc::clone(self), self.new_row(person));
        self.write(move |tx| {
            let (app, row) = (Arc::clone(&app), row.clone());
            Box::pin(async move {
                let known = staff::by_sign_in_name(tx, &row.sign_in_name).await?;
                if known.is_some() {
                    return Ok(None);
                }
                staff::put(tx, &row).await?;
                app.screen_account(tx, row.id).await?;
                Ok(Some(StaffId(row.id)))
            })
        })
        .await
    }

    /// A new account as it is kept.
    pub(super) fn new_row(&self, person: NewPerson) -> StaffRow {
        StaffRow {
            id: self.chance.id(),
            sign_in_name: person.sign_in_name,
            name: person.name,
            email: person.email,
            role: person.role,
            agency: person.agency,
            authority: person.authority,
            password_hash: person.password_hash,
            disabled: false,
            made_at: At::from(self.clock.now()),
        }
    }

    /// The account with this id.
    ///
    /// # Errors
    /// `SignIn` when there is none or it is disabled.
    pub async fn person(&self, id: StaffId) -> Result<Person, AppError> {
        let mut tx = self.db.begin_read().await?;
        self.known(staff::get(&mut tx, id.0).await?)
    }

    pub(super) fn known(&self, row: Option<StaffRow>) -> Result<Person, AppError> {
        let row = row.filter(|row| !row.disabled).ok_or(AppError::SignIn)?;
        Ok(self.introduced(actor_of(&row), row.name))
    }

    /// Somebody with the words for what they are.
    pub(super) fn introduced(&self, actor: Actor, name: String) -> Person {
        let schemes = self.schemes_of(&actor.authority);
        let edition = schemes
            .first()
            .and_then(|scheme| self.in_force(&actor.authority, scheme).ok());
        let definition = edition.map(|edition| edition.definition);
        let declared = definition
            .as_ref()
            .and_then(|definition| definition.roles.roles.get(&actor.role));
        let role = declared.map_or_else(
            || actor.role.clone(),
            |role| self.voice_of(&actor).say(&role.label).to_string(),
        );
        let refers = declared.is_some_and(|role| role.refers);
        let shared = !self.is_unshared(&actor);
        let reads_cases = shared && self.definitions.access.opens(&actor.role);
        let minds_messages = shared && declared.is_some_and(|role| role.minds_messages);
        let reviews_looks = shared && declared.is_some_and(|role| role.reviews_looks);
        let reviews_keeping = shared && declared.is_some_and(|role| role.reviews_keeping);
        let known = self.definitions.authorities().get(&actor.authority);
        let authority = known.map_or_else(|| actor.authority.clone(), |known| known.label.clone());
        Person {
            actor,
            name,
            role,
            authority,
            confirmed: false,
            refers,
            reads_cases,
            minds_messages,
            reviews_looks,
            reviews_keeping,
        }
    }

    /// The names behind the ids in a history.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self) -> Result<std::collections::BTreeMap<String, String>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let people = staff::all(&mut tx).await?.into_iter();
        let people = people.map(|person| (person.id.to_string(), person.name));
        let machines = clients::all(&mut tx).await?.into_iter();
        let machines = machines.map(|client| (client.id.to_string(), client.name));
        Ok(people.chain(machines).collect())
    }
}
