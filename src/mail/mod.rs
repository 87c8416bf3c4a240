//! Messages that leave the house. Until the safe-contact gate exists, only staff and agencies can be written to: there
//! is no way to make a recipient of an applicant or a person at risk (L7). Nothing here decides who is told what.
//! Start with `Recipient`; the one transport of this step writes to the log that something was sent, and not to whom.

/// Where a message may go. It is made only from the directories of staff and agencies.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    kind: &'static str,
    address: String,
}

impl Recipient {
    /// An address of the staff directory.
    pub fn staff(address: String) -> Self {
        Self {
            kind: "staff",
            address,
        }
    }

    /// An address of the directory of agencies.
    pub fn agency(address: String) -> Self {
        Self {
            kind: "agency",
            address,
        }
    }

    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

/// A message ready to go. It names no scheme, no case and no party (L8).
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    pub recipient: Recipient,
    pub subject: String,
    pub text: String,
}

/// How messages leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailer {
    /// Nowhere: the log says that one was sent.
    Log,
}

impl Mailer {
    /// Sends a message; answers whether it went.
    pub fn send(self, notice: &Notice) -> bool {
        match self {
            Self::Log => {
                let (kind, characters) = (notice.recipient.kind(), notice.text.chars().count());
                tracing::debug!(
                    mail.recipient_kind = kind,
                    mail.characters = characters,
                    "message sent to the log"
                );
                !notice.recipient.address.is_empty()
            }
        }
    }
}
