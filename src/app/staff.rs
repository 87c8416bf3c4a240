//! Accounts, passwords and sessions. A session is a random secret, of which only the hash is kept; it ends at once.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use jiff::SignedDuration;

use super::App;
use super::digest::digest;
use super::error::AppError;
use crate::domain::id::StaffId;
use crate::engine::command::Actor;
use crate::store::sessions::SessionRow;
use crate::store::staff::StaffRow;
use crate::store::{At, clients, sessions, staff};

/// How long a session lives, whatever happens.
const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(12);
/// How long it lives unused.
const LONGEST_IDLE: SignedDuration = SignedDuration::from_mins(60);

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub actor: Actor,
    pub name: String,
    /// What colleagues call the role and the authority they act for.
    pub role: String,
    pub authority: String,
    /// Whether the role looks at cases at all.
    pub reads_cases: bool,
    /// Whether the role minds messages that did not arrive.
    pub minds_messages: bool,
}

/// A new account.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub sign_in_name: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub agency: String,
    pub authority: String,
    /// As [`hash_password`] gives it; without one nobody can sign in to the account.
    pub password_hash: Option<String>,
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
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_new_person(
        self: &Arc<Self>,
        person: NewPerson,
    ) -> Result<Option<StaffId>, AppError> {
        let row = StaffRow {
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
        };
        self.write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                let known = staff::by_sign_in_name(tx, &row.sign_in_name).await?;
                if known.is_some() {
                    return Ok(None);
                }
                staff::put(tx, &row).await?;
                Ok(Some(StaffId(row.id)))
            })
        })
        .await
    }

    /// Begins a session; answers its secret. A wrong name and a wrong password look and last the same.
    ///
    /// # Errors
    /// `SignIn` when name and password do not belong together.
    pub async fn sign_in(self: &Arc<Self>, name: &str, password: &str) -> Result<String, AppError> {
        let found = {
            let mut tx = self.db.begin_read().await?;
            staff::by_sign_in_name(&mut tx, name).await?
        };
        let known = found
            .as_ref()
            .filter(|person| !person.disabled)
            .and_then(|person| person.password_hash.clone());
        let given = password.to_owned();
        let right = blocking(move || match known {
            Some(kept) => Ok(verifies(&given, &kept)),
            None => hash(&given).map(|_| false),
        });
        let (true, Some(person)) = (right.await?, found) else {
            return Err(AppError::SignIn);
        };
        let secret = self.chance.secret();
        let now = self.clock.now();
        let row = SessionRow {
            token_hash: digest([secret.as_bytes()]),
            staff_id: person.id,
            made_at: At::from(now),
            seen_at: At::from(now),
            ends_at: At::from(now + LONGEST_SESSION),
        };
        self.write(move |tx| {
            let row = row.clone();
            Box::pin(async move { Ok(sessions::add(tx, &row).await?) })
        })
        .await?;
        Ok(secret)
    }

    /// Whose session this is.
    ///
    /// # Errors
    /// `SignIn` when it is unknown, over, or unused for too long.
    pub async fn session(self: &Arc<Self>, secret: &str) -> Result<Person, AppError> {
        let now = self.clock.now();
        let token_hash = digest([secret.as_bytes()]);
        let mut tx = self.db.begin_read().await?;
        let session = sessions::live(&mut tx, &token_hash, now)
            .await?
            .ok_or(AppError::SignIn)?;
        let unused = now.duration_since(session.seen_at.timestamp());
        if unused > LONGEST_IDLE {
            return Err(AppError::SignIn);
        }
        let person = self.known(staff::get(&mut tx, session.staff_id).await?)?;
        drop(tx);
        if unused > SignedDuration::from_mins(1) {
            self.write(move |tx| {
                let token_hash = token_hash.clone();
                Box::pin(async move { Ok(sessions::seen(tx, &token_hash, now).await?) })
            })
            .await?;
        }
        Ok(person)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(self: &Arc<Self>, secret: &str) -> Result<(), AppError> {
        let token_hash = digest([secret.as_bytes()]);
        self.write(move |tx| {
            let token_hash = token_hash.clone();
            Box::pin(async move { Ok(sessions::end(tx, &token_hash).await?) })
        })
        .await
    }

    /// The account with this id.
    ///
    /// # Errors
    /// `SignIn` when there is none or it is disabled.
    pub async fn person(&self, id: StaffId) -> Result<Person, AppError> {
        let mut tx = self.db.begin_read().await?;
        self.known(staff::get(&mut tx, id.0).await?)
    }

    fn known(&self, row: Option<StaffRow>) -> Result<Person, AppError> {
        let row = row.filter(|row| !row.disabled).ok_or(AppError::SignIn)?;
        let actor = Actor {
            id: row.id.to_string(),
            role: row.role,
            agency: row.agency,
            authority: row.authority,
        };
        Ok(self.introduced(actor, row.name))
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
        let reads_cases = self.definitions.access.opens(&actor.role);
        let minds_messages = declared.is_some_and(|role| role.minds_messages);
        let known = self.definitions.authorities().get(&actor.authority);
        let authority = known.map_or_else(|| actor.authority.clone(), |known| known.label.clone());
        Person {
            actor,
            name,
            role,
            authority,
            reads_cases,
            minds_messages,
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

/// A password as it is kept.
///
/// # Errors
/// When the system has no memory or chance left to give.
pub async fn hash_password(password: String) -> Result<String, AppError> {
    blocking(move || hash(&password)).await
}

/// Password work takes tens of milliseconds, so it is kept off the threads that answer requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::inside)?
}

fn hash(password: &str) -> Result<String, AppError> {
    let hashed = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(AppError::inside)?;
    Ok(hashed.to_string())
}

fn verifies(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|kept| {
        Argon2::default()
            .verify_password(password.as_bytes(), &kept)
            .is_ok()
    })
}
