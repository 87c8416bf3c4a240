//! A client of the API that tells apart: done, not available now, and an answer that never came.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::bail;
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde_json::Value;

/// What one request asks for. Sent again, it is the same in every byte.
#[derive(Clone, Debug)]
pub struct Command {
    /// The sender's own name for it.
    pub key: String,
    /// Under which id the service keeps the answer.
    pub actor: String,
    /// Who sends it; nobody for the public form.
    pub token: Option<String>,
    pub path: String,
    pub body: Value,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The service says that it is done.
    Acknowledged(Value),
    /// The service says that it cannot do it now, and when to come again.
    Unavailable(Problem),
    /// No whole answer came: it may have been done or not.
    Unknown,
}

/// What the service says when it cannot do something.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub status: StatusCode,
    pub retry_after: Option<String>,
    pub body: Value,
}

/// Talks to one address.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    sent: Arc<AtomicUsize>,
}

impl Client {
    /// For a service at this address, such as `http://127.0.0.1:8080`. Each request has a connection of its own.
    ///
    /// # Errors
    /// When the system gives no means to connect.
    pub fn new(address: &str) -> anyhow::Result<Self> {
        Ok(Self {
            http: reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .build()?,
            address: address.to_owned(),
            sent: Arc::default(),
        })
    }

    /// How many commands have been sent, each as often as it was.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// Looks at something; whatever comes of it.
    pub async fn look(&self, path: &str, token: &str) {
        let asked = self.http.get(format!("{}{path}", self.address));
        let _ = asked.bearer_auth(token).send().await; // only the look matters
    }

    /// Sends a command once.
    ///
    /// # Errors
    /// When the service refuses what it should do.
    pub async fn send(&self, command: &Command) -> anyhow::Result<Outcome> {
        let mut request = self
            .http
            .post(format!("{}{}", self.address, command.path))
            .header("idempotency-key", &command.key)
            .header("if-match", "*")
            .json(&command.body);
        if let Some(token) = &command.token {
            request = request.bearer_auth(token);
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let Ok(response) = request.send().await else {
            return Ok(Outcome::Unknown);
        };
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| Some(value.to_str().ok()?.to_owned()));
        let Ok(body) = response.json::<Value>().await else {
            return Ok(Outcome::Unknown);
        };
        if status.is_success() {
            Ok(Outcome::Acknowledged(body))
        } else if status.is_server_error() {
            Ok(Outcome::Unavailable(Problem {
                status,
                retry_after,
                body,
            }))
        } else {
            bail!("{} was refused with {status}: {body}", command.path)
        }
    }

    /// Whether the service answers at all.
    pub async fn is_live(&self) -> bool {
        let asked = self.http.get(format!("{}/health/live", self.address));
        asked
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
    }
}
