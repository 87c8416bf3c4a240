//! A message as bytes: plain text with neutral headers, and an appointment where it brings one. The Message-ID and the date come from the row in the outbox, so
//! that every attempt sends the same letter.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};

use super::Notice;
use crate::engine::meeting::invitation::Invitation;

/// What the file of an appointment is called.
const FILE: &str = "appointment.ics";

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
    let letter = Message::builder()
        .from(sender.clone())
        .to(Mailbox::new(None, notice.recipient.address.clone()))
        .subject(notice.subject.clone())
        .message_id(Some(id))
        .date(SystemTime::from(notice.made_at))
        .header(AutoSubmitted)
        .header(MIME_VERSION_1_0);
    match &notice.appointment {
        None => letter
            .header(ContentType::TEXT_PLAIN)
            .body(notice.text.clone())
            .ok(),
        Some(appointment) => letter.multipart(with(notice, appointment, sender)?).ok(),
    }
}

/// The text, and beside it what a calendar takes. What parts them comes from the message too.
fn with(notice: &Notice, appointment: &Invitation, sender: &Mailbox) -> Option<MultiPart> {
    let kind = format!(
        "text/calendar; charset=utf-8; method={}",
        appointment.method()
    );
    let text = appointment.text(Some(sender.email.as_ref()));
    let file = Attachment::new(FILE.to_owned()).body(text, ContentType::parse(&kind).ok()?);
    let parts = MultiPart::mixed().boundary(notice.id.simple().to_string());
    let text = SinglePart::plain(notice.text.clone());
    Some(parts.singlepart(text).singlepart(file))
}
