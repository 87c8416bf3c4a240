//! Tokens for machines: signed with a key of this installation, over in minutes, and only as good as the client behind them.
//! A client asks with its secret (RFC 6749 §4.4) and is answered a JWT (RFC 7519), signed by Ed25519 and nothing else.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::signature::KeyPair as _;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::App;
use super::clients::kept;
use super::digest::digest;
use super::error::AppError;
use super::key_file;
use crate::domain::id::ClientId;
use crate::domain::scope::Scopes;
use crate::engine::command::Actor;
use crate::store::clients::ClientRow;
use crate::store::{StoreError, client_failures, clients};

/// Who gives tokens and for whom they are: this program, both times.
const NAME: &str = "clares-law";
/// How long a token lives, and the longest that one is believed.
pub const LIVES: SignedDuration = SignedDuration::from_mins(5);
/// How far the clocks of two nodes may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(1);
/// The longest text that is looked at, in bytes; a token of ours has about 500.
const LONGEST: usize = 4096;
/// How often in a row a client may be named with a wrong secret before it has to wait.
const MOST_FAILURES: i64 = 10;
/// How long it has to wait then.
pub const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// The signing key of this installation. Never printed.
#[derive(Clone)]
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
    iss: String,
    aud: String,
    sub: ClientId,
    scope: Scopes,
    iat: i64,
    exp: i64,
    jti: Uuid,
}

impl TokenKey {
    /// The file of the key in the data folder.
    pub const FILE: &'static str = "token-key.der";

    /// Reads the key, or makes one that only its owner may read.
    ///
    /// # Errors
    /// When the file cannot be read, written or understood.
    pub fn open(data: &Path) -> Result<Self, AppError> {
        let (der, pair) = key_file::read_or_made(&data.join(Self::FILE))?;
        Ok(Self {
            sign: EncodingKey::from_ed_der(&der),
            verify: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        })
    }

    /// A token for a client, from now on; `id` is the token's own.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn token(
        &self,
        client: ClientId,
        scopes: &Scopes,
        now: Timestamp,
        id: Uuid,
    ) -> Result<String, AppError> {
        let claims = Claims {
            iss: NAME.to_owned(),
            aud: NAME.to_owned(),
            sub: client,
            scope: scopes.clone(),
            iat: now.as_second(),
            exp: (now + LIVES).as_second(),
            jti: id,
        };
        encode(&Header::new(Algorithm::EdDSA), &claims, &self.sign).map_err(AppError::inside)
    }

    /// What a token says, if it is one of ours and not over.
    fn read(&self, token: &str, now: Timestamp) -> Option<Claims> {
        if token.len() > LONGEST {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[NAME]);
        validation.set_issuer(&[NAME]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library reads the machine's clock; ours decides instead.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &self.verify, &validation)
            .ok()?
            .claims;
        let now = now.as_second();
        let over = claims.exp <= now;
        let early = claims.iat > now + SKEW.as_secs();
        let long = claims.exp.saturating_sub(claims.iat) > LIVES.as_secs();
        (!over && !early && !long).then_some(claims)
    }
}

/// A token that was given.
#[derive(Debug)]
pub struct Granted {
    pub token: String,
    pub scopes: Scopes,
}

/// Why no token is given.
#[derive(Debug)]
pub enum NoToken {
    /// There is no such client, or its secret is another, or it is revoked: which of them is not told.
    Client,
    /// The client has been named with wrong secrets too often: whether there is one, and the secret is right now, is not told.
    TooOften,
    /// The client may not have all of these scopes.
    Scope,
    /// It could not be looked into.
    App(AppError),
}

impl From<AppError> for NoToken {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for NoToken {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// A machine behind a token.
#[derive(Debug, Clone)]
pub struct Machine {
    pub actor: Actor,
    /// What the token allows.
    pub scopes: Scopes,
}

impl App {
    /// A token for the client of this id and secret, with the scopes that it asks for, or all that it has. For an unknown
    /// client and for a wrong secret the same is done and answered.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn grant(
        self: &Arc<Self>,
        client: &str,
        secret: &str,
        wanted: Option<Scopes>,
    ) -> Result<Granted, NoToken> {
        let key = self.key()?;
        let now = self.clock.now();
        let id: Uuid = client.parse().unwrap_or_default();
        let name = digest([id.as_bytes().as_slice()]);
        let (failures, row) = {
            let mut tx = self.db.begin_read().await?;
            let failures = client_failures::since(&mut tx, &name, now - PAUSE).await?;
            (failures, clients::get(&mut tx, id).await?)
        };
        if failures >= MOST_FAILURES {
            return Err(NoToken::TooOften);
        }
        let row = row.filter(|row| row.revoked_at.is_none());
        let Some(row) = row_of_secret(row, secret) else {
            self.count_failure(name, now).await?;
            return Err(NoToken::Client);
        };
        if failures > 0 {
            self.forget_failures(name).await?;
        }
        let allowed: Scopes = row.scopes.parse().map_err(AppError::Inside)?;
        let scopes = wanted.unwrap_or_else(|| allowed.clone());
        if scopes.is_empty() || !scopes.within(&allowed) {
            return Err(NoToken::Scope);
        }
        let token = key.token(ClientId(row.id), &scopes, now, self.chance.id())?;
        Ok(Granted { token, scopes })
    }

    /// The machine that sends this token.
    ///
    /// # Errors
    /// `SignIn` for anything but a token of ours that is not over, of a client that is not revoked.
    pub async fn bearer(&self, token: &str) -> Result<Machine, AppError> {
        let now = self.clock.now();
        let claims = self.key()?.read(token, now).ok_or(AppError::SignIn)?;
        let mut tx = self.db.begin_read().await?;
        let row = clients::get(&mut tx, claims.sub.0).await?;
        let row = row.filter(|row| row.revoked_at.is_none());
        let row = row.ok_or(AppError::SignIn)?;
        let actor = Actor {
            id: row.id.to_string(),
            role: row.role,
            agency: row.agency,
            authority: row.authority,
        };
        let scopes = claims.scope;
        Ok(Machine { actor, scopes })
    }

    fn key(&self) -> Result<&TokenKey, AppError> {
        let none = || AppError::Inside("there is no token key".to_owned());
        self.token_key.as_ref().ok_or_else(none)
    }

    async fn count_failure(self: &Arc<Self>, name: String, now: Timestamp) -> Result<(), AppError> {
        self.write(move |tx| {
            let name = name.clone();
            Box::pin(async move {
                client_failures::sweep(tx, now - PAUSE).await?;
                Ok(client_failures::count(tx, &name, now).await?)
            })
        })
        .await
    }

    async fn forget_failures(self: &Arc<Self>, name: String) -> Result<(), AppError> {
        self.write(move |tx| {
            let name = name.clone();
            Box::pin(async move { Ok(client_failures::forget(tx, &name).await?) })
        })
        .await
    }
}

/// The client, if the secret is its own. Where there is no client, a secret that nobody has is compared all the same.
fn row_of_secret(row: Option<ClientRow>, secret: &str) -> Option<ClientRow> {
    let nobody = kept("");
    let hash = row.as_ref().map_or(&nobody, |row| &row.secret_hash);
    let right = verify_slices_are_equal(kept(secret).as_bytes(), hash.as_bytes()).is_ok();
    row.filter(|_| right)
}
