//! Messages that leave the house. Until the safe-contact gate exists, only staff and agencies can be written to: there
//! is no way to make a recipient of an applicant or a person at risk (L7). Nothing here decides who is told what.
//! Start with `Mailer::send` and the outcomes it can have; `letter` is what is sent, `smtp` and `folder` are the ways.

pub mod folder;
mod letter;
pub mod smtp;

use std::time::Duration;

use jiff::Timestamp;
use lettre::Address;
use lettre::message::Mailbox;
use uuid::Uuid;

use crate::engine::meeting::invitation::Invitation;
use folder::Folder;
use smtp::Smtp;

/// Who may be written to. There is no third kind: an applicant or a person at risk has none (L7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The force's own people.
    Staff,
    /// A partner agency, outside the force's walls.
    Agency,
}

impl Kind {
    /// What an account of this agency is; the force's own people have none.
    pub fn of(agency: &str) -> Self {
        if agency.is_empty() {
            Self::Staff
        } else {
            Self::Agency
        }
    }

    /// As the outbox writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Agency => "agency",
        }
    }

    /// What the outbox wrote; nothing else is written to.
    pub fn read(text: &str) -> Option<Self> {
        [Self::Staff, Self::Agency]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// Where a message may go: an address of the staff directory, looked up at the moment of sending.
///
/// Nothing outside can put one together:
/// ```compile_fail
/// let address = "applicant@example.org".parse().unwrap();
/// clares_law::mail::Recipient { kind: clares_law::mail::Kind::Staff, address };
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    kind: Kind,
    address: Address,
}

impl Recipient {
    /// An address that stands in the staff directory; `None` where it is none that mail could reach.
    /// `app/notices.rs` alone calls this, and a test sees to it.
    pub fn listed(kind: Kind, address: &str) -> Option<Self> {
        let address = address.parse().ok()?;
        Some(Self { kind, address })
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }
}

/// A message ready to go. It names no scheme, no case and no party (L8).
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// The message in the outbox. It becomes the Message-ID, so that a message sent twice can be known for one.
    pub id: Uuid,
    /// When it was called for.
    pub made_at: Timestamp,
    pub recipient: Recipient,
    pub subject: String,
    pub text: String,
    /// What a calendar takes from it.
    pub appointment: Option<Invitation>,
}

/// What became of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent,
    /// The server could not be talked to, or would not talk to us. It has said nothing of this message.
    Unreachable,
    /// The server will not have it now (4xx).
    Deferred,
    /// The server will never have it (5xx).
    Refused,
    /// The link went or stayed silent after the last dot and before the answer: it may have arrived (RFC 1047).
    InDoubt,
}

/// Why nothing can be sent as it was set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetUpError {
    /// Neither a server, a folder nor the log. What was given is not repeated: it may hold a password.
    #[error(
        "the address for mail is not understood: give smtps://HOST, smtp://HOST, smtp+unencrypted://HOST, folder:DIR or log"
    )]
    Address,
    /// The sender is missing, or is no address.
    #[error("name the sender of mail as an address: no-reply@example.org")]
    Sender,
    /// The sender would tell what this is about (L8).
    #[error("the sender of mail holds a word that no message may hold: choose a neutral one")]
    Telling,
    /// A file of certificates that cannot be read.
    #[error("the certificates for mail cannot be read: give a file in PEM")]
    Certificates,
    /// A password would travel in the clear.
    #[error("a password is sent over TLS only: use smtps:// or smtp://")]
    Exposed,
}

/// How messages leave.
#[derive(Debug)]
pub enum Mailer {
    /// Nowhere: the log says that one was sent.
    Log,
    /// A file for each.
    Folder(Folder),
    /// A mail server.
    Smtp(Box<Smtp>),
}

impl Mailer {
    /// Tries once to send a message. A second attempt carries the same Message-ID.
    pub async fn send(&self, notice: &Notice) -> Outcome {
        match self {
            Self::Log => {
                let (kind, characters) =
                    (notice.recipient.kind.as_str(), notice.text.chars().count());
                tracing::debug!(
                    mail.recipient_kind = kind,
                    mail.characters = characters,
                    "message sent to the log"
                );
                Outcome::Sent
            }
            Self::Folder(folder) => folder.send(notice),
            Self::Smtp(smtp) => smtp.send(notice).await,
        }
    }

    /// The longest that an attempt can take.
    pub fn longest(&self) -> Duration {
        match self {
            Self::Log | Self::Folder(_) => Duration::from_secs(10),
            Self::Smtp(smtp) => smtp.longest(),
        }
    }
}

/// Reads a sender: an address, perhaps with a name that recipients see.
///
/// # Errors
/// `Sender`.
pub fn sender(text: &str) -> Result<Mailbox, SetUpError> {
    text.parse().map_err(|_| SetUpError::Sender)
}
