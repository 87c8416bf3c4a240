//! Somebody who signs in once and then looks at their desk again and again, whichever node answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clares_law::app::staff::{NewPerson, hash_password};
use reqwest::StatusCode;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;

use super::{AUTHORITY, Installation, inside};

const NAME: &str = "fiona";
const PASSWORD: &str = "four plain words here";

/// An account that can sign in.
///
/// # Errors
/// When it cannot be added.
pub async fn hire_with_password(installation: &Installation) -> anyhow::Result<()> {
    let app = installation.open().await?;
    let password_hash = hash_password(PASSWORD.to_owned()).await.map_err(inside)?;
    let person = NewPerson {
        sign_in_name: NAME.to_owned(),
        name: NAME.to_owned(),
        email: "fiona@example.org".to_owned(),
        role: "intake".to_owned(),
        agency: String::new(),
        authority: AUTHORITY.to_owned(),
        password_hash: Some(password_hash),
    };
    app.add_person(person).await.map_err(inside)?;
    app.db.close().await;
    Ok(())
}

/// Somebody signed in.
pub struct SignedIn {
    http: reqwest::Client,
    address: String,
    cookie: String,
}

impl SignedIn {
    /// Signs in through the balancer. The cookie is sent by hand: it belongs to TLS, which ends before the balancer here.
    ///
    /// # Errors
    /// When the sign-in is refused.
    pub async fn through(address: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .redirect(Policy::none())
            .build()?;
        let form = format!("name={NAME}&password={}", PASSWORD.replace(' ', "+"));
        let asked = http
            .post(format!("{address}/staff/sign-in"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = asked.send().await?;
        ensure!(
            answer.status() == StatusCode::SEE_OTHER,
            "the sign-in was answered with {}",
            answer.status()
        );
        let cookie = answer.headers().get(SET_COOKIE).context("a session")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
        Ok(Self {
            http,
            address: address.to_owned(),
            cookie: cookie.to_owned(),
        })
    }

    /// Looks until it is over; answers how often the desk was shown. No answer and 'come again' are part of life here.
    ///
    /// # Errors
    /// When the sign-in was forgotten.
    pub async fn looks_until(&self, over: Arc<AtomicBool>) -> anyhow::Result<usize> {
        let mut shown = 0;
        while !over.load(Ordering::Relaxed) {
            let asked = self.http.get(format!("{}/staff", self.address));
            match asked.header(COOKIE, &self.cookie).send().await {
                Ok(answer) if answer.status() == StatusCode::OK => shown += 1,
                Ok(answer) if answer.status().is_server_error() => {}
                Ok(answer) => bail!("the sign-in was forgotten: {}", answer.status()),
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        ensure!(shown > 0, "the desk was never shown");
        Ok(shown)
    }
}
