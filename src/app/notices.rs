//! The outbox, seen from its messages: what is waiting becomes a text for somebody in the staff directory.

use super::App;
use super::error::AppError;
use crate::domain::id::StaffId;
use crate::mail::{Notice, Recipient};
use crate::store::outbox::MessageRow;
use crate::store::{outbox, staff};

impl App {
    /// Messages that are to be sent now, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_messages(&self, most: i64) -> Result<Vec<MessageRow>, AppError> {
        let mut tx = self.db.begin_write().await?;
        Ok(outbox::waiting(&mut tx, self.clock.now(), most).await?)
    }

    /// A message's text and recipient. `None` when the account is gone or disabled, or the text does not exist.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notice(&self, row: &MessageRow) -> Result<Option<Notice>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let id = row
            .recipient
            .parse()
            .map(StaffId)
            .map_err(AppError::inside)?;
        let person = staff::get(&mut tx, id.0)
            .await?
            .filter(|person| !person.disabled);
        let edition = match row.case_id {
            Some(case) => crate::store::cases::get(&mut tx, case)
                .await?
                .map(|case| (case.edition, case.authority)),
            None => None,
        };
        drop(tx);
        let definition = match edition {
            Some((hash, authority)) => self.definitions.pinned(&self.db, &hash, &authority).await?,
            None => return Ok(None),
        };
        let message = definition
            .messages
            .get(&(row.message.clone(), row.language.clone()))
            .cloned();
        Ok(person.zip(message).map(|(person, message)| Notice {
            recipient: Recipient::staff(person.email),
            subject: message.subject,
            text: message.text,
        }))
    }

    /// Notes that a message has been sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message_sent(&self, row: &MessageRow) -> Result<(), AppError> {
        let mut tx = self.db.begin_write().await?;
        outbox::sent(&mut tx, row.id, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Notes that a message cannot be sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message_failed(&self, row: &MessageRow) -> Result<(), AppError> {
        let mut tx = self.db.begin_write().await?;
        outbox::failed(&mut tx, row.id).await?;
        tx.commit().await?;
        Ok(())
    }
}
