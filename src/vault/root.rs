//! The root: an age identity. Who has it opens every key, so it is kept away from the databases and from their backups; what it wraps are
//! ordinary age files, which the common tool opens as well.

use std::str::FromStr as _;

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

use super::Unopened;
use super::keys::{AuthorityKey, LENGTH};

/// The key that opens the keys of the authorities. It cannot be printed.
#[derive(Clone)]
pub struct Root {
    identity: Identity,
}

/// Why a text is no root key. It repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no age identity: a line that begins with AGE-SECRET-KEY-1")]
pub struct NoRoot;

impl Root {
    /// A new one, by the system's chance.
    #[must_use]
    pub fn made() -> Self {
        Self {
            identity: Identity::generate(),
        }
    }

    /// Reads an identity file as `age-keygen` writes it: one identity, comments around it.
    ///
    /// # Errors
    /// `NoRoot` where there is none or more than one.
    pub fn parse(text: &str) -> Result<Self, NoRoot> {
        let lines = text.lines().map(str::trim);
        let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(NoRoot);
        };
        let identity = Identity::from_str(line).map_err(|_| NoRoot)?;
        Ok(Self { identity })
    }

    /// The identity file, for `parse` and for `age`.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let secret = self.identity.to_string();
        let public = self.public();
        let secret = secret.expose_secret();
        Zeroizing::new(format!("# public key: {public}\n{secret}\n"))
    }

    /// The public half, for which the keys of the authorities are wrapped. It is no secret.
    #[must_use]
    pub fn public(&self) -> String {
        self.identity.to_public().to_string()
    }

    /// The key of an authority as it is kept: an age file in base64.
    #[must_use]
    pub fn wrap(&self, key: &AuthorityKey) -> String {
        let wrapped = age::encrypt(&self.identity.to_public(), key.bytes());
        BASE64.encode(wrapped.expect("32 bytes for one reader can always be wrapped"))
    }

    /// The key of an authority that was kept so.
    ///
    /// # Errors
    /// When it was wrapped for another root, or altered.
    pub fn unwrap(&self, wrapped: &str) -> Result<AuthorityKey, Unopened> {
        let wrapped = BASE64.decode(wrapped).map_err(|_| Unopened)?;
        let key = age::decrypt(&self.identity, &wrapped).map_err(|_| Unopened)?;
        let key = Zeroizing::new(key);
        let bytes: [u8; LENGTH] = key.as_slice().try_into().map_err(|_| Unopened)?;
        Ok(AuthorityKey::new(Zeroizing::new(bytes)))
    }
}
