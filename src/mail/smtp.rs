//! A mail server, spoken to command by command, so that what is certain is told from what is in doubt. Until the text is
//! handed over, nothing can have arrived; after it, only the server's answer says so.
//! No error or log line here carries an address, a password or what the server said: it may repeat either.

use std::fmt;
use std::time::Duration;

use lettre::Message;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use tokio::sync::Mutex;
use tokio::time::timeout;
use url::Url;

use super::letter::letter;
use super::{Notice, Outcome, SetUpError};

/// How the link is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// TLS from the first byte.
    Whole,
    /// TLS after a greeting; without it nothing is said.
    StartTls,
    /// None: for a server on the same machine.
    None,
}

/// A server and how it is reached.
pub struct Smtp {
    host: String,
    port: u16,
    encryption: Encryption,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    sender: Mailbox,
    /// For each of: reaching the server, naming sender and recipient, handing the text over.
    patience: Duration,
    /// The connection of the message before, while the server keeps it.
    kept: Mutex<Option<AsyncSmtpConnection>>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// A server at `smtps://USER:PASSWORD@HOST:PORT` (TLS), `smtp://…` (STARTTLS, demanded) or
    /// `smtp+unencrypted://HOST:PORT`. `certificates` in PEM are trusted beside the usual ones.
    ///
    /// # Errors
    /// What cannot be set up, without what was given.
    pub fn new(
        address: &str,
        sender: Mailbox,
        certificates: &[u8],
        patience: Duration,
    ) -> Result<Self, SetUpError> {
        let url = Url::parse(address).map_err(|_| SetUpError::Address)?;
        let (encryption, usual_port) = match url.scheme() {
            "smtps" => (Encryption::Whole, 465),
            "smtp" => (Encryption::StartTls, 587),
            "smtp+unencrypted" => (Encryption::None, 25),
            _ => return Err(SetUpError::Address),
        };
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or(SetUpError::Address)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let credentials = credentials(&url)?;
        if credentials.is_some() && encryption == Encryption::None {
            return Err(SetUpError::Exposed);
        }
        Ok(Self {
            tls: tls(&host, certificates)?,
            host,
            port: url.port().unwrap_or(usual_port),
            encryption,
            credentials,
            sender,
            patience,
            kept: Mutex::default(),
        })
    }

    /// The longest that an attempt can take: a kept connection is tried, a new one made, and the message handed over.
    pub(super) fn longest(&self) -> Duration {
        self.patience * 4
    }

    pub(super) async fn send(&self, notice: &Notice) -> Outcome {
        let Some(letter) = letter(notice, &self.sender) else {
            return Outcome::Refused;
        };
        let mut kept = self.kept.lock().await;
        let Some(mut connection) = self.connection(kept.take()).await else {
            return Outcome::Unreachable;
        };
        let outcome = self.hand_over(&mut connection, &letter).await;
        if outcome == Outcome::Sent {
            *kept = Some(connection);
        }
        outcome
    }

    /// The kept connection where the server still has it, or a new one.
    async fn connection(&self, kept: Option<AsyncSmtpConnection>) -> Option<AsyncSmtpConnection> {
        if let Some(mut kept) = kept
            && timeout(self.patience, kept.test_connected()).await == Ok(true)
        {
            return Some(kept);
        }
        match timeout(self.patience, self.connect()).await {
            Ok(Ok(connection)) => Some(connection),
            Ok(Err(error)) => {
                warn("the mail server cannot be reached", Some(&error));
                None
            }
            Err(_) => {
                warn("the mail server does not answer", None);
                None
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let whole = (self.encryption == Encryption::Whole).then(|| self.tls.clone());
        let name = ClientId::Domain(self.sender.email.domain().to_owned());
        let server = (self.host.as_str(), self.port);
        let patience = Some(self.patience);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, patience, &name, whole, None).await?;
        if self.encryption == Encryption::StartTls {
            connection.starttls(self.tls.clone(), &name).await?;
        }
        if let Some(credentials) = &self.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&mechanisms, credentials).await?;
        }
        Ok(connection)
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, letter: &Message) -> Outcome {
        let named = timeout(self.patience, self.name(connection, letter)).await;
        match named {
            Ok(Ok(())) => {}
            Ok(Err(outcome)) => return outcome,
            Err(_) => {
                warn("the mail server fell silent", None);
                return Outcome::Unreachable;
            }
        }
        let text = letter.formatted();
        match timeout(self.patience, connection.message(&text)).await {
            Ok(Ok(_)) => Outcome::Sent,
            Ok(Err(error)) => said(&error, Outcome::InDoubt),
            Err(_) => {
                warn("the mail server took a message and fell silent", None);
                Outcome::InDoubt
            }
        }
    }

    /// Names the sender and the recipient. A refusal of the sender is about us, and says nothing of this message.
    async fn name(
        &self,
        connection: &mut AsyncSmtpConnection,
        letter: &Message,
    ) -> Result<(), Outcome> {
        let envelope = letter.envelope();
        let from = Mail::new(envelope.from().cloned(), Vec::new());
        if let Err(error) = connection.command(from).await {
            warn("the mail server does not have our sender", Some(&error));
            return Err(Outcome::Unreachable);
        }
        for recipient in envelope.to() {
            let to = Rcpt::new(recipient.clone(), Vec::new());
            let taken = connection.command(to).await;
            taken.map_err(|error| said(&error, Outcome::Unreachable))?;
        }
        let ready = connection.command(Data).await;
        ready.map_err(|error| said(&error, Outcome::Unreachable))?;
        Ok(())
    }
}

/// What the server said of a message; `otherwise` where it said nothing.
fn said(error: &Error, otherwise: Outcome) -> Outcome {
    warn("a message was not taken", Some(error));
    if error.is_permanent() {
        Outcome::Refused
    } else if error.is_transient() {
        Outcome::Deferred
    } else {
        otherwise
    }
}

/// The code alone: the words of a server may repeat an address.
fn warn(what: &'static str, error: Option<&Error>) {
    let code = error.and_then(Error::status).map(u16::from);
    tracing::warn!(mail.fault = what, mail.code = code, "mail did not go");
}

fn credentials(url: &Url) -> Result<Option<Credentials>, SetUpError> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8();
        text.map(String::from).map_err(|_| SetUpError::Address)
    };
    match url.password() {
        Some(password) => Ok(Some(Credentials::new(
            decoded(url.username())?,
            decoded(password)?,
        ))),
        None if url.username().is_empty() => Ok(None),
        None => Err(SetUpError::Address),
    }
}

fn tls(host: &str, certificates: &[u8]) -> Result<TlsParameters, SetUpError> {
    let mut tls = TlsParametersBuilder::new(host.to_owned());
    if !certificates.is_empty() {
        let text = String::from_utf8_lossy(certificates);
        if !text.contains("-----END CERTIFICATE-----") {
            return Err(SetUpError::Certificates);
        }
        let certificates = Certificate::from_pem(certificates);
        tls = tls.add_root_certificate(certificates.map_err(|_| SetUpError::Certificates)?);
    }
    tls.build().map_err(|_| SetUpError::Certificates)
}
