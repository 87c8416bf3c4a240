//! A client of the API that tells apart: done, not available now, and an answer that never came.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde_json::Value;

use super::installation::Person;

/// What one request asks for. Sent again, it is the same in every byte but those of the token.
#[derive(Clone, Debug)]
pub struct Command {
    /// The sender's own name for it.
    pub key: String,
    /// Under which id the service keeps the answer.
    pub actor: String,
    /// Who sends it; nobody for the public form.
    pub sender: Option<Person>,
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
    /// The service says that it will not do it.
    Refused(Problem),
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
    counts: Arc<Counts>,
}

/// What has come of all commands, each counted as often as it was sent.
#[derive(Debug, Default)]
pub struct Counts {
    pub sent: AtomicUsize,
    pub acknowledged: AtomicUsize,
    pub unavailable: AtomicUsize,
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
            counts: Arc::default(),
        })
    }

    /// How many commands have been sent.
    pub fn sent(&self) -> usize {
        self.counts.sent.load(Ordering::Relaxed)
    }

    /// How many were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.counts.acknowledged.load(Ordering::Relaxed)
    }

    /// How many could not be done when they were sent.
    pub fn unavailable(&self) -> usize {
        self.counts.unavailable.load(Ordering::Relaxed)
    }

    /// Looks at something. Answers the status and what is shown.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub async fn look(&self, path: &str, who: &Person) -> anyhow::Result<(StatusCode, Value)> {
        let asked = self.http.get(format!("{}{path}", self.address));
        let answer = asked.bearer_auth(who.token()?).send().await?;
        Ok((answer.status(), answer.json().await?))
    }

    /// Sends a command once.
    pub async fn send(&self, command: &Command) -> Outcome {
        self.counts.sent.fetch_add(1, Ordering::Relaxed);
        let outcome = self.outcome(command).await.unwrap_or(Outcome::Unknown);
        match outcome {
            Outcome::Acknowledged(_) => self.counts.acknowledged.fetch_add(1, Ordering::Relaxed),
            Outcome::Unavailable(_) => self.counts.unavailable.fetch_add(1, Ordering::Relaxed),
            Outcome::Refused(_) | Outcome::Unknown => 0,
        };
        outcome
    }

    async fn outcome(&self, command: &Command) -> anyhow::Result<Outcome> {
        let mut request = self
            .http
            .post(format!("{}{}", self.address, command.path))
            .header("idempotency-key", &command.key)
            .header("if-match", "*")
            .json(&command.body);
        if let Some(sender) = &command.sender {
            request = request.bearer_auth(sender.token()?);
        }
        let response = request.send().await?;
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| Some(value.to_str().ok()?.to_owned()));
        let body: Value = response.json().await?;
        if status.is_success() {
            return Ok(Outcome::Acknowledged(body));
        }
        let problem = Problem {
            status,
            retry_after,
            body,
        };
        Ok(if status.is_server_error() {
            Outcome::Unavailable(problem)
        } else {
            Outcome::Refused(problem)
        })
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
