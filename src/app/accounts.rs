//! What an operator does to accounts: invites, shuts out, lets in, resets. Each is written down with the name of who did it, and
//! what ends, ends at once.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::staff::NewPerson;
use super::typed_code::{base32, grouped, hash_of};
use crate::domain::pii::withheld;
pub use crate::store::account_events::What;
use crate::store::account_events::{self, AccountEventRow};
use crate::store::invitations::{self, InvitationRow};
use crate::store::staff::{self, StaffRow};
use crate::store::{Tx, second_factors, sessions};

/// How long an invitation may be used.
const INVITED_FOR: SignedDuration = SignedDuration::from_hours(72);

/// What an invited person is given. Only a hash of the code is kept, so nobody can be told it again.
#[derive(Clone)]
pub struct Invitation {
    /// For typing: 128 bits.
    pub code: String,
    pub ends_at: Timestamp,
}

/// An account as an operator sees it.
#[derive(Clone)]
pub struct Account {
    pub sign_in_name: String,
    pub name: String,
    pub role: String,
    pub authority: String,
    pub standing: Standing,
}

withheld!(Account);

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Shut out.
    Disabled,
    /// May sign in with a password and a code.
    Joined,
    /// Has a password and no device: of use in a demonstration only.
    PasswordOnly,
    /// Has neither: invited, or a machine.
    WithoutPassword,
}

impl App {
    /// Makes an account without a password and invites its person; `None` when the sign-in name is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invite(
        self: &Arc<Self>,
        person: NewPerson,
        by: &str,
    ) -> Result<Option<Invitation>, AppError> {
        let row = StaffRow {
            password_hash: None,
            ..self.new_row(person)
        };
        let event = self.account_event(row.id, What::Invited, by);
        let (invitation, kept) = self.new_invitation(row.id);
        let app = Arc::clone(self);
        let invited = self.write(move |tx| {
            let (row, event, kept) = (row.clone(), event.clone(), kept.clone());
            let app = Arc::clone(&app);
            Box::pin(async move {
                if staff::by_sign_in_name(tx, &row.sign_in_name)
                    .await?
                    .is_some()
                {
                    return Ok(false);
                }
                staff::put(tx, &row).await?;
                app.screen_account(tx, row.id).await?;
                invitations::put(tx, &kept).await?;
                account_events::add(tx, &event).await?;
                Ok(true)
            })
        });
        Ok(invited.await?.then_some(invitation))
    }

    /// Ends a person's password, device, recovery codes and sessions, and invites them anew; `None` when there is no such account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset(
        self: &Arc<Self>,
        name: &str,
        by: &str,
    ) -> Result<Option<Invitation>, AppError> {
        let Some(person) = self.account_of(name).await? else {
            return Ok(None);
        };
        let event = self.account_event(person, What::Reset, by);
        let (invitation, kept) = self.new_invitation(person);
        self.write(move |tx| {
            let (event, kept) = (event.clone(), kept.clone());
            Box::pin(async move {
                let row = present(tx, person).await?;
                let row = StaffRow {
                    password_hash: None,
                    ..row
                };
                staff::put(tx, &row).await?;
                second_factors::end(tx, person).await?;
                sessions::end_all(tx, person).await?;
                invitations::put(tx, &kept).await?;
                Ok(account_events::add(tx, &event).await?)
            })
        })
        .await?;
        Ok(Some(invitation))
    }

    /// Shuts somebody out; their sessions and their invitation end. Answers whether there is such an account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disable(self: &Arc<Self>, name: &str, by: &str) -> Result<bool, AppError> {
        self.set_disabled(name, true, by).await
    }

    /// Lets somebody in again. Answers whether there is such an account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enable(self: &Arc<Self>, name: &str, by: &str) -> Result<bool, AppError> {
        self.set_disabled(name, false, by).await
    }

    /// Every account, by sign-in name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&self) -> Result<Vec<Account>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut accounts = Vec::new();
        for row in staff::all(&mut tx).await? {
            let has_device = second_factors::get(&mut tx, row.id).await?.is_some();
            accounts.push(Account {
                standing: standing(&row, has_device),
                sign_in_name: row.sign_in_name,
                name: row.name,
                role: row.role,
                authority: row.authority,
            });
        }
        Ok(accounts)
    }

    /// What is written down of something done to an account.
    pub(super) fn account_event(&self, staff_id: Uuid, what: What, by: &str) -> AccountEventRow {
        AccountEventRow {
            id: self.chance.id(),
            at: self.clock.now().into(),
            staff_id,
            what,
            done_by: by.to_owned(),
        }
    }

    async fn set_disabled(
        self: &Arc<Self>,
        name: &str,
        disabled: bool,
        by: &str,
    ) -> Result<bool, AppError> {
        let Some(person) = self.account_of(name).await? else {
            return Ok(false);
        };
        let what = if disabled {
            What::Disabled
        } else {
            What::Enabled
        };
        let event = self.account_event(person, what, by);
        self.write(move |tx| {
            let event = event.clone();
            Box::pin(async move {
                let row = present(tx, person).await?;
                staff::put(tx, &StaffRow { disabled, ..row }).await?;
                if disabled {
                    sessions::end_all(tx, person).await?;
                    invitations::end(tx, person).await?;
                }
                Ok(account_events::add(tx, &event).await?)
            })
        })
        .await?;
        Ok(true)
    }

    /// What was done to an account, when and by whom, oldest first; `None` when there is no such account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_history(
        &self,
        name: &str,
    ) -> Result<Option<Vec<AccountEventRow>>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let Some(person) = staff::by_sign_in_name(&mut tx, name).await? else {
            return Ok(None);
        };
        Ok(Some(account_events::of_staff(&mut tx, person.id).await?))
    }

    async fn account_of(&self, name: &str) -> Result<Option<Uuid>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let known = staff::by_sign_in_name(&mut tx, name).await?;
        Ok(known.map(|person| person.id))
    }

    fn new_invitation(&self, staff_id: Uuid) -> (Invitation, InvitationRow) {
        let code = grouped(&base32(&self.chance.bytes::<16>()));
        let ends_at = self.clock.now() + INVITED_FOR;
        let row = InvitationRow {
            staff_id,
            code_hash: hash_of(&code),
            ends_at: ends_at.into(),
            password_hash: None,
            secret: None,
        };
        (Invitation { code, ends_at }, row)
    }
}

/// Accounts are never deleted, so one that was found stays.
async fn present(tx: &mut Tx, person: Uuid) -> Result<StaffRow, AppError> {
    let row = staff::get(tx, person).await?;
    row.ok_or_else(|| AppError::Inside("an account has gone".to_owned()))
}

fn standing(row: &StaffRow, has_device: bool) -> Standing {
    match (row.disabled, row.password_hash.is_some(), has_device) {
        (true, ..) => Standing::Disabled,
        (_, true, true) => Standing::Joined,
        (_, true, false) => Standing::PasswordOnly,
        (_, false, _) => Standing::WithoutPassword,
    }
}
