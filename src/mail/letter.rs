//! A message as bytes: plain text with neutral headers. The Message-ID and the date come from the row in the outbox, so
//! that every attempt sends the same letter.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue, MIME_VERSION_1_0};

use super::Notice;

/// Keeps holiday replies and the like from answering (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The letter that a message is sent as; `None` when its text cannot be a letter.
pub fn letter(notice: &Notice, sender: &Mailbox) -> Option<Message> {
    let id = format!("<{}@{}>", notice.id.simple(), sender.email.domain());
    Message::builder()
        .from(sender.clone())
        .to(Mailbox::new(None, notice.recipient.address.clone()))
        .subject(notice.subject.clone())
        .message_id(Some(id))
        .date(SystemTime::from(notice.made_at))
        .header(AutoSubmitted)
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(notice.text.clone())
        .ok()
}
