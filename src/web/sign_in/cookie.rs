//! The cookies of both sides. Their names say nothing.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum_extra::extract::cookie::{Cookie, SameSite};
use jiff::SignedDuration;

/// Tells a browser to forget what it holds of us. Its cache holds nothing: every page says `no-store`.
pub const FORGET: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"cookies\", \"storage\""),
);

/// How long a browser keeps the reference for the page after the form.
const REFERENCE_LIVES: SignedDuration = SignedDuration::from_mins(10);

/// Whether the service is reached over TLS. As an extension of the request; without it cookies are secure.
#[derive(Debug, Clone, Copy)]
pub struct Secure(pub bool);

impl<S: Sync> FromRequestParts<S> for Secure {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(true)))
    }
}

/// A cookie of ours, without its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// The reference that the page after a form has to show once.
    Sent,
    /// The session of somebody who has signed in, or is about to.
    Session,
}

impl Secure {
    /// The name in the browser: `__Host-` binds a cookie to this host and to TLS.
    pub fn name(self, name: Name) -> &'static str {
        match (name, self.0) {
            (Name::Sent, true) => "__Host-s",
            (Name::Sent, false) => "s",
            (Name::Session, true) => "__Host-w",
            (Name::Session, false) => "w",
        }
    }

    /// A cookie that scripts cannot read and other sites cannot send with a form.
    pub fn cookie(self, name: Name, value: String) -> Cookie<'static> {
        let cookie = Cookie::build((self.name(name), value));
        cookie
            .path("/")
            .http_only(true)
            .secure(self.0)
            .same_site(SameSite::Lax)
            .build()
    }

    /// The reference of what was just sent, kept for the page after the form.
    pub fn sent(self, reference: String) -> Cookie<'static> {
        let mut cookie = self.cookie(Name::Sent, reference);
        let lives = std::time::Duration::try_from(REFERENCE_LIVES);
        cookie.set_max_age(lives.ok().and_then(|time| time.try_into().ok()));
        cookie
    }

    /// What takes the cookie away.
    pub fn removal(self, name: Name) -> Cookie<'static> {
        let mut cookie = self.cookie(name, String::new());
        cookie.make_removal();
        cookie
    }
}
