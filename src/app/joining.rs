//! How an invited person comes by what they sign in with: the invitation and a password of their own, then a device that makes
//! codes. Nothing is in force before the device has made a right one; until then the invitation can be used again.

use std::sync::Arc;

use jiff::Timestamp;

use super::App;
use super::devices::Devices;
use super::error::AppError;
use super::password::{self, hash_password};
use super::second_factor::refused;
use super::sessions::hashed;
use super::throttle::Attempt;
use super::totp::Secret;
use super::typed_code::{base32, grouped, hash_of, meant};
use crate::domain::pii::withheld;
use crate::domain::refusal::FieldError;
use crate::store::account_events::{self, AccountEventRow, What};
use crate::store::invitations::{self, InvitationRow};
use crate::store::second_factors::SecondFactorRow;
use crate::store::sessions::{Kind, SessionRow};
use crate::store::staff::StaffRow;
use crate::store::{Tx, second_factors, sessions, staff};

/// How many recovery codes a person is given.
const RECOVERY_CODES: usize = 10;

/// One sentence for an invitation that is unknown, used, ended or somebody's who is shut out.
const NOT_INVITED: &str = "Enter an invitation code that has not been used. It lasts 72 hours; ask for a new one after that";

const WRONG_FIRST_CODE: &str = "Enter the six digits that your device shows now";

/// What a person puts into their device.
#[derive(Clone)]
pub struct Device {
    pub secret: Secret,
    pub sign_in_name: String,
}

withheld!(Device);

/// Somebody has joined.
pub struct Joined {
    /// The secret of their first session.
    pub session: String,
    /// Shown once: only hashes are kept.
    pub recovery_codes: Vec<String>,
}

/// All that is written when somebody joins.
#[derive(Clone)]
struct Joining {
    token_hash: String,
    code: String,
    now: Timestamp,
    session: SessionRow,
    recovery_hashes: Vec<String>,
    event: AccountEventRow,
    attempt: Attempt,
    devices: Devices,
}

impl App {
    /// Accepts an invitation with a password; answers the secret of a session that opens the setting up of a device and nothing
    /// else.
    ///
    /// # Errors
    /// `Fields` named `invitation` and `password`.
    pub async fn accept_invitation(
        self: &Arc<Self>,
        code: &str,
        password: &str,
    ) -> Result<String, AppError> {
        let now = self.clock.now();
        let code_hash = hash_of(code);
        let person = {
            let mut tx = self.db.begin_read().await?;
            match invitations::live(&mut tx, &code_hash, now).await? {
                Some(invitation) => staff::get(&mut tx, invitation.staff_id).await?,
                None => None,
            }
        };
        let person = person.ok_or_else(|| wrong("invitation", NOT_INVITED))?;
        if let Some(objection) = password::objection(password, &person.sign_in_name) {
            return Err(wrong("password", &objection));
        }
        let hashed = hash_password(password.to_owned()).await?;
        let secret = Secret::draw(&self.chance);
        let secret = self.devices().await?.sealed(person.id, &secret);
        let (token, session) = self.new_session(person.id, Kind::Joining);
        let accepted = self.write(move |tx| {
            let (code_hash, hashed) = (code_hash.clone(), hashed.clone());
            let (session, secret) = (session.clone(), secret.clone());
            Box::pin(async move {
                let Some(invitation) = invitations::live(tx, &code_hash, now).await? else {
                    return Ok(false);
                };
                let chosen = InvitationRow {
                    password_hash: Some(hashed),
                    secret: Some(secret),
                    ..invitation
                };
                invitations::put(tx, &chosen).await?;
                sessions::end_all(tx, session.staff_id).await?;
                sessions::add(tx, &session).await?;
                Ok(true)
            })
        });
        if accepted.await? {
            Ok(token)
        } else {
            Err(wrong("invitation", NOT_INVITED))
        }
    }

    /// What the person who is joining puts into their device.
    ///
    /// # Errors
    /// `SignIn` when the session or the invitation is over.
    pub async fn device(&self, joining: &str) -> Result<Device, AppError> {
        let person = self.of_kind(joining, Kind::Joining).await?;
        let mut tx = self.db.begin_read().await?;
        let invitation = invitations::of_staff(&mut tx, person.id, self.clock.now()).await?;
        let secret = invitation.and_then(|invitation| invitation.secret);
        let secret = secret.ok_or(AppError::SignIn)?;
        Ok(Device {
            secret: self.devices().await?.opened(person.id, &secret)?,
            sign_in_name: person.sign_in_name,
        })
    }

    /// Joins with the first code of the device: from now on password and device are in force, and the invitation is used.
    ///
    /// # Errors
    /// `SignIn` when the session or the invitation is over; `Fields` when the code is wrong.
    pub async fn join(self: &Arc<Self>, joining: &str, code: &str) -> Result<Joined, AppError> {
        let person = self.of_kind(joining, Kind::Joining).await?;
        let now = self.clock.now();
        let attempt = {
            let mut tx = self.db.begin_read().await?;
            Attempt::under(&mut tx, &person.sign_in_name, now).await?
        };
        let (token, session) = self.new_session(person.id, Kind::Whole);
        let drawn = (0..RECOVERY_CODES).map(|_| grouped(&base32(&self.chance.bytes::<10>())));
        let recovery_codes: Vec<String> = drawn.collect();
        let joins = Joining {
            event: self.account_event(person.id, What::Joined, &person.id.to_string()),
            token_hash: hashed(joining),
            code: meant(code),
            now,
            session,
            recovery_hashes: recovery_codes.iter().map(|code| hash_of(code)).collect(),
            attempt,
            devices: self.devices().await?,
        };
        self.write(move |tx| {
            let joins = joins.clone();
            Box::pin(async move { joins.write(tx).await })
        })
        .await?;
        Ok(Joined {
            session: token,
            recovery_codes,
        })
    }
}

impl Joining {
    async fn write(self, tx: &mut Tx) -> Result<(), AppError> {
        let live = sessions::live(tx, &self.token_hash, Kind::Joining, self.now).await?;
        let id = live.ok_or(AppError::SignIn)?.staff_id;
        let person = staff::get(tx, id).await?.ok_or(AppError::SignIn)?;
        let invitation = invitations::of_staff(tx, id, self.now).await?;
        let chosen = invitation.and_then(|it| Some((it.password_hash?, it.secret?)));
        let (password_hash, secret) = chosen.ok_or(AppError::SignIn)?;
        let opened = self.devices.opened(id, &secret)?;
        let typed = opened.step_typed(&self.code, self.now);
        let last_step = typed.ok_or_else(|| refused(WRONG_FIRST_CODE))?;
        let person = StaffRow {
            password_hash: Some(password_hash),
            ..person
        };
        staff::put(tx, &person).await?;
        let factor = SecondFactorRow {
            staff_id: id,
            secret,
            last_step,
        };
        second_factors::end(tx, id).await?;
        second_factors::put(tx, &factor).await?;
        for hash in &self.recovery_hashes {
            second_factors::add_recovery_code(tx, id, hash).await?;
        }
        invitations::end(tx, id).await?;
        sessions::end_all(tx, id).await?;
        sessions::add(tx, &self.session).await?;
        self.attempt.forgive(tx).await?;
        Ok(account_events::add(tx, &self.event).await?)
    }
}

fn wrong(field: &str, sentence: &str) -> AppError {
    AppError::Fields(vec![FieldError::new(field, sentence)])
}
