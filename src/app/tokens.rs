//! Tokens for machines: signed with a key of this installation, short, and only as good as the account behind them.

use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::App;
use super::error::AppError;
use super::staff::Person;
use crate::domain::id::StaffId;

const NAME: &str = "clares-law";

/// The signing key of this installation. Never printed.
pub struct TokenKey {
    sign: EncodingKey,
    verify: DecodingKey,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey")
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: StaffId,
    role: String,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
    jti: String,
}

impl TokenKey {
    /// The file of the key in the data folder.
    pub const FILE: &'static str = "token-key.der";

    /// Reads the key, or makes one that only its owner may read.
    ///
    /// # Errors
    /// When the file cannot be read, written or understood.
    pub fn open(data: &Path) -> Result<Self, AppError> {
        let path = data.join(Self::FILE);
        if !path.exists() {
            let made = Ed25519KeyPair::generate().map_err(AppError::inside)?;
            let der = made.to_pkcs8v1().map_err(AppError::inside)?;
            write_private(&path, der.as_ref()).map_err(AppError::inside)?;
        }
        let der = std::fs::read(&path).map_err(AppError::inside)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(AppError::inside)?;
        Ok(Self {
            sign: EncodingKey::from_ed_der(&der),
            verify: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        })
    }
}

/// Makes a file that only its owner may read. It is there whole or not at all, even when the power goes meanwhile; where
/// another process made one first, that one stays.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let half = path.with_extension(std::process::id().to_string());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let made = std::fs::hard_link(&half, path);
    std::fs::remove_file(&half)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    made.or_else(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Ok(()),
        _ => Err(error),
    })
}

impl App {
    /// A token for an account, to act in a role. The same account in another role is still the same person (L4).
    ///
    /// # Errors
    /// When this installation has no key.
    pub fn token(
        &self,
        id: StaffId,
        role: &str,
        lives: SignedDuration,
    ) -> Result<String, AppError> {
        let key = self
            .token_key
            .as_ref()
            .ok_or_else(|| AppError::Inside("there is no token key".to_owned()))?;
        let now = self.clock.now();
        let claims = Claims {
            sub: id,
            role: role.to_owned(),
            iss: NAME.to_owned(),
            aud: NAME.to_owned(),
            iat: now.as_second(),
            exp: (now + lives).as_second(),
            jti: self.chance.id().to_string(),
        };
        encode(&Header::new(Algorithm::EdDSA), &claims, &key.sign).map_err(AppError::inside)
    }

    /// Whose token this is.
    ///
    /// # Errors
    /// `SignIn` for anything but a token of ours that is not over, of an account that is not disabled.
    pub async fn bearer(&self, token: &str) -> Result<Person, AppError> {
        let key = self.token_key.as_ref().ok_or(AppError::SignIn)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[NAME]);
        validation.set_issuer(&[NAME]);
        // The library reads the machine's clock; ours decides instead.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &key.verify, &validation)
            .map_err(|_| AppError::SignIn)?
            .claims;
        let now = self.clock.now().as_second();
        if now >= claims.exp || claims.iat > now + 60 {
            return Err(AppError::SignIn);
        }
        let mut person = self.person(claims.sub).await?;
        person.actor.role = claims.role;
        Ok(self.introduced(person.actor, person.name))
    }
}
