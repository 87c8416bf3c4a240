//! The use cases: one door for writing (`act`, and `intake` for what is not a case yet), one for reading (`read`).
//! No HTTP, no SQL text and no rule of any scheme may come in here; what may happen is decided in `engine`.
//! Start with `act`, the way every change takes; then `read`, where every look is written down first.

pub mod access;
pub mod accounts;
pub mod act;
pub mod agreements;
pub mod backup;
mod blind;
pub mod break_glass;
pub mod bulk;
pub mod chance;
pub mod clients;
pub mod definitions;
pub mod demonstration;
pub mod desk;
mod devices;
pub mod digest;
pub mod drafts;
pub mod edition;
pub mod editions;
pub mod epoch;
pub mod erasure;
pub mod error;
pub mod evidence;
pub mod feedback;
pub mod giving;
pub mod health;
pub mod history;
pub mod installation;
pub mod intake;
pub mod integrity;
pub mod joining;
mod key_file;
pub mod key_rotation;
pub mod key_store;
pub mod keys;
pub mod leases;
pub mod ledger;
pub mod ledger_keys;
pub mod ledger_walk;
pub mod library;
pub mod log_export;
pub mod look_reviews;
pub mod looks;
pub mod meetings;
pub mod notices;
mod opened;
pub mod oversight;
pub mod partial;
pub mod password;
mod policies;
pub mod proof;
pub mod pulse;
pub mod read;
pub mod reason;
pub mod reasons;
pub mod referrals;
pub mod register;
mod replies;
pub mod restore;
pub mod schemes;
pub mod screening;
pub mod sealing;
pub mod search;
pub mod second_factor;
pub mod sessions;
pub mod staff;
pub mod standing;
pub mod sweep;
pub mod throttle;
pub mod ties;
pub mod tokens;
pub mod totp;
pub mod typed_code;
pub mod undelivered;
pub mod witness;
pub mod witness_files;
pub mod witnesses;
pub mod write;

use crate::clock::Clock;
use crate::store::Db;
use chance::Chance;
use definitions::Definitions;
use keys::Keys;
use ledger_keys::LedgerKeys;
use pulse::Pulse;
use tokens::TokenKey;

/// What the service is made of.
#[derive(Debug)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub chance: Chance,
    pub definitions: Definitions,
    pub keys: Keys,
    pub token_key: Option<TokenKey>,
    pub ledger_keys: Option<LedgerKeys>,
    pub pulse: Pulse,
}
