//! What somebody gives beside the password: a code of their device, or a recovery code. Each is accepted once.

use jiff::Timestamp;
use uuid::Uuid;

use super::App;
use super::devices::Devices;
use super::error::AppError;
use super::throttle::Attempt;
use super::typed_code::{hash_of, meant};
use crate::domain::refusal::FieldError;
use crate::engine::command::Actor;
use crate::store::account_events::{self, AccountEventRow, What};
use crate::store::{Tx, second_factors};

/// One sentence for a wrong code, one that was used before, and one that came too soon after others.
pub(super) const WRONG_CODE: &str = "Enter the newest code of your device. After several failures you have to wait before each further try";

/// A code that somebody typed.
#[derive(Clone)]
pub(super) struct Given {
    pub staff_id: Uuid,
    pub typed: String,
    pub attempt: Attempt,
    pub devices: Devices,
    pub now: Timestamp,
    /// The id of what is written down when it is a recovery code.
    pub event: Uuid,
}

impl App {
    /// Whether this person has a device that makes codes. Where they have none, which only a demonstration allows, their password
    /// stands for both.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_second_factor(&self, actor: &Actor) -> Result<bool, AppError> {
        let id = actor.id.parse().map_err(AppError::inside)?;
        let mut tx = self.db.begin_read().await?;
        Ok(second_factors::get(&mut tx, id).await?.is_some())
    }
}

/// What a form says of a wrong code.
pub(super) fn refused(sentence: &str) -> AppError {
    AppError::Fields(vec![FieldError::new("code", sentence)])
}

impl Given {
    /// Whether it is right. It is counted and used up here, so the transaction must be made to last either way.
    pub async fn is_right(&self, tx: &mut Tx) -> Result<bool, AppError> {
        if self.attempt.count(tx).await?.is_none() {
            return Ok(false);
        }
        let code = meant(&self.typed);
        let of_device = code.bytes().all(|byte| byte.is_ascii_digit());
        let right = if of_device {
            self.is_of_device(tx, &code).await?
        } else {
            self.is_recovery_code(tx, &code).await?
        };
        if right {
            self.attempt.forgive(tx).await?;
        }
        Ok(right)
    }

    async fn is_of_device(&self, tx: &mut Tx, code: &str) -> Result<bool, AppError> {
        let Some(factor) = second_factors::get(tx, self.staff_id).await? else {
            return Ok(false);
        };
        let secret = self.devices.opened(self.staff_id, &factor.secret)?;
        match secret.step_typed(code, self.now) {
            Some(step) => Ok(second_factors::used(tx, self.staff_id, step).await?),
            None => Ok(false),
        }
    }

    async fn is_recovery_code(&self, tx: &mut Tx, code: &str) -> Result<bool, AppError> {
        if !second_factors::use_recovery_code(tx, self.staff_id, &hash_of(code)).await? {
            return Ok(false);
        }
        let event = AccountEventRow {
            id: self.event,
            at: self.now.into(),
            staff_id: self.staff_id,
            what: What::RecoveryCodeUsed,
            done_by: self.staff_id.to_string(),
        };
        account_events::add(tx, &event).await?;
        Ok(true)
    }
}
