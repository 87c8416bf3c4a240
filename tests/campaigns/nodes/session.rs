//! Somebody who signs in once and then looks at their desk again and again, whichever node answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clares_law::app::staff::NewPerson;
use reqwest::StatusCode;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;

use super::{AUTHORITY, Installation, inside};

const NAME: &str = "fiona";
const PASSWORD: &str = "four plain words here";

/// Somebody who has joined; answers one of their recovery codes.
///
/// # Errors
/// When it cannot be added.
pub async fn hire_with_password(installation: &Installation) -> anyhow::Result<String> {
    let app = installation.open().await?;
    let person = NewPerson {
        sign_in_name: NAME.to_owned(),
        name: NAME.to_owned(),
        email: "fiona@example.org".to_owned(),
        role: "intake".to_owned(),
        agency: String::new(),
        authority: AUTHORITY.to_owned(),
        password_hash: None,
    };
    let invited = app.invite(person, "the campaign").await.map_err(inside)?;
    let invitation = invited.context("the name is free")?.code;
    let joining = app.accept_invitation(&invitation, PASSWORD).await;
    let joining = joining.map_err(inside)?;
    let device = app.device(&joining).await.map_err(inside)?;
    let code = device.secret.code_at(app.clock.now());
    let joined = app.join(&joining, &code).await.map_err(inside)?;
    app.db.close().await;
    joined
        .recovery_codes
        .into_iter()
        .next()
        .context("a recovery code")
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
    pub async fn through(address: &str, recovery_code: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .redirect(Policy::none())
            .build()?;
        let mut signed_in = Self {
            http,
            address: address.to_owned(),
            cookie: String::new(),
        };
        let form = format!("name={NAME}&password={}", PASSWORD.replace(' ', "+"));
        signed_in.step("/staff/sign-in", form).await?;
        let form = format!("code={recovery_code}");
        signed_in.step("/staff/sign-in/code", form).await?;
        Ok(signed_in)
    }

    async fn step(&mut self, path: &str, form: String) -> anyhow::Result<()> {
        let asked = self
            .http
            .post(format!("{}{path}", self.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header(COOKIE, &self.cookie)
            .body(form);
        let answer = asked.send().await?;
        ensure!(
            answer.status() == StatusCode::SEE_OTHER,
            "{path} was answered with {}",
            answer.status()
        );
        let cookie = answer.headers().get(SET_COOKIE).context("a session")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
        cookie.clone_into(&mut self.cookie);
        Ok(())
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
