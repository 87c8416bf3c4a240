//! What devices make codes from, sealed: whoever has the database cannot sign in with it. It opens for its own person only, in an invitation as
//! after it.

use std::fmt;

use uuid::Uuid;

use super::App;
use super::chance::Chance;
use super::digest::hex;
use super::error::AppError;
use super::keys::Kept;
use super::totp::Secret;
use crate::ledger::entry::bytes;
use crate::vault::keys::StreamKey;

/// What seals and opens the secrets of devices.
#[derive(Clone)]
pub(super) struct Devices {
    key: StreamKey,
    chance: Chance,
}

/// Keys are never shown.
impl fmt::Debug for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Devices").finish_non_exhaustive()
    }
}

impl App {
    /// What seals and opens the secrets of devices here.
    ///
    /// # Errors
    /// When its key cannot be opened.
    pub(super) async fn devices(&self) -> Result<Devices, AppError> {
        let (chance, now) = (&self.chance, self.clock.now());
        Ok(Devices {
            key: self.keys.kept(Kept::Devices, chance, now).await?,
            chance: chance.clone(),
        })
    }
}

impl Devices {
    /// The secret of a person's device as it is stored.
    pub(super) fn sealed(&self, staff: Uuid, secret: &Secret) -> Vec<u8> {
        let once = self.chance.bytes();
        let sealed = self
            .key
            .seal_text(&place(staff), &hex(secret.bytes()), once);
        sealed.into_bytes()
    }

    /// The secret of a person's device from what is stored.
    ///
    /// # Errors
    /// `Inside` when it was not sealed here for this person.
    pub(super) fn opened(&self, staff: Uuid, stored: &[u8]) -> Result<Secret, AppError> {
        let broken = || AppError::Inside(format!("the device of {staff} does not open"));
        let sealed = std::str::from_utf8(stored).map_err(|_| broken())?;
        let opened = self.key.open_text(&place(staff), sealed);
        let opened = opened.map_err(|_| broken())?;
        let secret = bytes::<20>(&opened).ok_or_else(broken)?;
        Ok(Secret::kept(secret.to_vec()))
    }
}

/// What it is bound to.
fn place(staff: Uuid) -> String {
    format!("device {staff}")
}
