//! Signing in, in two steps, and who is signed in. A session is a random secret, of which only the hash is kept; it ends at once.
//! Whoever has given only a password has a session of another kind, which opens nothing but the second step.

use std::sync::Arc;

use jiff::SignedDuration;
use uuid::Uuid;

use super::App;
use super::digest::digest;
use super::error::AppError;
use super::installation::is_demonstration;
use super::password;
use super::second_factor::{Given, WRONG_CODE, refused};
use super::staff::Person;
use super::throttle::{Attempt, Counted};
use crate::domain::pii::withheld;
use crate::store::sessions::{Kind, SessionRow};
use crate::store::staff::StaffRow;
use crate::store::{At, second_factors, sessions, staff};

/// How long a session lives, whatever happens.
const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(8);
/// How long it lives unused.
const LONGEST_IDLE: SignedDuration = SignedDuration::from_mins(15);
/// How long the second step may take.
const LONGEST_HALF: SignedDuration = SignedDuration::from_mins(5);
/// How long it may take to set up a device.
const LONGEST_JOINING: SignedDuration = SignedDuration::from_mins(30);
/// How long what was given for signing in counts as given just now.
const STEPPED_UP: SignedDuration = SignedDuration::from_mins(5);

/// What the first step began.
#[derive(Clone)]
pub struct Begun {
    pub secret: String,
    /// Whether a code must follow; else the person is signed in.
    pub wants_code: bool,
}

withheld!(Begun);

/// Somebody whose password is right.
#[derive(Clone)]
struct Known {
    person: StaffRow,
    attempt: Attempt,
    counted: Counted,
}

impl App {
    /// Takes the first step. A wrong name, a wrong password and a name that has to wait look and last the same, and so does an
    /// account without a second factor, unless this is a demonstration.
    ///
    /// # Errors
    /// `SignIn` when name and password do not belong together.
    pub async fn sign_in(self: &Arc<Self>, name: &str, password: &str) -> Result<Begun, AppError> {
        let known = self.knows(name, password).await?.ok_or(AppError::SignIn)?;
        let wants_code = {
            let mut tx = self.db.begin_read().await?;
            second_factors::get(&mut tx, known.person.id)
                .await?
                .is_some()
        };
        if !wants_code && !is_demonstration(&self.db).await? {
            return Err(AppError::SignIn);
        }
        let kind = if wants_code { Kind::Half } else { Kind::Whole };
        let (secret, row) = self.new_session(known.person.id, kind);
        self.write(move |tx| {
            let (row, known) = (row.clone(), known.clone());
            Box::pin(async move {
                let Known {
                    person,
                    attempt,
                    counted,
                } = known;
                // Shut out or reset since the password was looked at.
                if staff::get(tx, person.id).await?.as_ref() != Some(&person) {
                    return Err(AppError::SignIn);
                }
                match row.kind {
                    Kind::Whole => attempt.forgive(tx).await?,
                    _ => attempt.take_back(tx, &counted).await?,
                }
                Ok(sessions::add(tx, &row).await?)
            })
        })
        .await?;
        Ok(Begun { secret, wants_code })
    }

    /// Takes the second step; answers the secret of the session that it begins.
    ///
    /// # Errors
    /// `SignIn` when the first step was too long ago; `Fields` when the code is wrong.
    pub async fn give_code(self: &Arc<Self>, half: &str, code: &str) -> Result<String, AppError> {
        let person = self.of_kind(half, Kind::Half).await?;
        let (secret, row) = self.new_session(person.id, Kind::Whole);
        self.accept_code(half, person, code, Some(row)).await?;
        Ok(secret)
    }

    /// Takes what somebody signed in with once more, before something that needs it to be recent.
    ///
    /// # Errors
    /// `SignIn` when the session is over; `Fields` when the code, or the password where there is no code, is wrong.
    pub async fn confirm(self: &Arc<Self>, secret: &str, typed: &str) -> Result<(), AppError> {
        let signed_in = self.session(secret).await?;
        let person = self.of_kind(secret, Kind::Whole).await?;
        if self.has_second_factor(&signed_in.actor).await? {
            return self.accept_code(secret, person, typed, None).await;
        }
        let known = self.knows(&person.sign_in_name, typed).await?;
        let Known { attempt, .. } = known.ok_or_else(|| refused("Enter your password"))?;
        let (token_hash, now) = (hashed(secret), self.clock.now());
        self.write(move |tx| {
            let (token_hash, attempt) = (token_hash.clone(), attempt.clone());
            Box::pin(async move {
                attempt.forgive(tx).await?;
                Ok(sessions::confirmed(tx, &token_hash, now).await?)
            })
        })
        .await
    }

    /// Whose session this is.
    ///
    /// # Errors
    /// `SignIn` when it is unknown, over, unused for too long, or not yet whole.
    pub async fn session(self: &Arc<Self>, secret: &str) -> Result<Person, AppError> {
        let (person, unused) = self.live_session(secret).await?;
        if unused > SignedDuration::from_mins(1) {
            let (token_hash, now) = (hashed(secret), self.clock.now());
            self.write(move |tx| {
                let token_hash = token_hash.clone();
                Box::pin(async move { Ok(sessions::seen(tx, &token_hash, now).await?) })
            })
            .await?;
        }
        Ok(person)
    }

    /// Whose session this is, asked by a page and not by a person: it does not count as use, so that a page left open keeps nobody
    /// signed in. Answers for how long nobody has used it, too.
    ///
    /// # Errors
    /// Those of [`Self::session`].
    pub async fn live_session(&self, secret: &str) -> Result<(Person, SignedDuration), AppError> {
        let now = self.clock.now();
        let token_hash = hashed(secret);
        let mut tx = self.db.begin_read().await?;
        let session = sessions::live(&mut tx, &token_hash, Kind::Whole, now)
            .await?
            .ok_or(AppError::SignIn)?;
        let unused = now.duration_since(session.seen_at.timestamp());
        if unused > LONGEST_IDLE {
            return Err(AppError::SignIn);
        }
        let person = self.known(staff::get(&mut tx, session.staff_id).await?)?;
        let since = now.duration_since(session.confirmed_at.timestamp());
        let person = Person {
            confirmed: since <= STEPPED_UP,
            ..person
        };
        Ok((person, unused))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(self: &Arc<Self>, secret: &str) -> Result<(), AppError> {
        let token_hash = hashed(secret);
        self.write(move |tx| {
            let token_hash = token_hash.clone();
            Box::pin(async move { Ok(sessions::end(tx, &token_hash).await?) })
        })
        .await
    }

    /// A new session and its secret.
    pub(super) fn new_session(&self, staff_id: Uuid, kind: Kind) -> (String, SessionRow) {
        let secret = self.chance.secret();
        let now = self.clock.now();
        let lives = match kind {
            Kind::Joining => LONGEST_JOINING,
            Kind::Half => LONGEST_HALF,
            Kind::Whole => LONGEST_SESSION,
        };
        let row = SessionRow {
            token_hash: hashed(&secret),
            staff_id,
            kind,
            made_at: At::from(now),
            seen_at: At::from(now),
            ends_at: At::from(now + lives),
            confirmed_at: At::from(now),
        };
        (secret, row)
    }

    /// Whose session of this kind it is.
    ///
    /// # Errors
    /// `SignIn` when it is over or of another kind.
    pub(super) async fn of_kind(&self, secret: &str, kind: Kind) -> Result<StaffRow, AppError> {
        let now = self.clock.now();
        let mut tx = self.db.begin_read().await?;
        let session = sessions::live(&mut tx, &hashed(secret), kind, now).await?;
        let session = session.ok_or(AppError::SignIn)?;
        let person = staff::get(&mut tx, session.staff_id).await?;
        person.ok_or(AppError::SignIn)
    }

    /// The person whose name and password these are. The work is the same whoever asks.
    async fn knows(
        self: &Arc<Self>,
        name: &str,
        password: &str,
    ) -> Result<Option<Known>, AppError> {
        let (found, attempt) = {
            let mut tx = self.db.begin_read().await?;
            let found = staff::by_sign_in_name(&mut tx, name).await?;
            (
                found,
                Attempt::under(&mut tx, name, self.clock.now()).await?,
            )
        };
        let counting = attempt.clone();
        let counted = self
            .write(move |tx| {
                let attempt = counting.clone();
                Box::pin(async move { attempt.count(tx).await })
            })
            .await?;
        let kept = found
            .as_ref()
            .filter(|person| !person.disabled)
            .and_then(|person| person.password_hash.clone());
        let right = password::is_right(password.to_owned(), kept).await?;
        Ok(match (right, found, counted) {
            (true, Some(person), Some(counted)) => Some(Known {
                person,
                attempt,
                counted,
            }),
            _ => None,
        })
    }

    /// Takes a code for a session; begins another in its place, or notes that the person has confirmed who they are.
    async fn accept_code(
        self: &Arc<Self>,
        secret: &str,
        person: StaffRow,
        code: &str,
        begins: Option<SessionRow>,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let attempt = {
            let mut tx = self.db.begin_read().await?;
            Attempt::under(&mut tx, &person.sign_in_name, now).await?
        };
        let given = Given {
            staff_id: person.id,
            typed: code.to_owned(),
            attempt,
            devices: self.devices().await?,
            now,
            event: self.chance.id(),
        };
        let token_hash = hashed(secret);
        let kind = begins.as_ref().map_or(Kind::Whole, |_| Kind::Half);
        let right = self.write(move |tx| {
            let (given, token_hash, begins) = (given.clone(), token_hash.clone(), begins.clone());
            Box::pin(async move {
                // Shut out, reset or signed out since.
                let live = sessions::live(tx, &token_hash, kind, now).await?;
                live.ok_or(AppError::SignIn)?;
                if !given.is_right(tx).await? {
                    return Ok(false);
                }
                match begins {
                    Some(row) => {
                        sessions::end(tx, &token_hash).await?;
                        sessions::add(tx, &row).await?;
                    }
                    None => sessions::confirmed(tx, &token_hash, now).await?,
                }
                Ok(true)
            })
        });
        if right.await? {
            Ok(())
        } else {
            Err(refused(WRONG_CODE))
        }
    }
}

/// What is kept of a session's secret.
pub(super) fn hashed(secret: &str) -> String {
    digest([secret.as_bytes()])
}
