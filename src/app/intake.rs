//! Applications on their way to being cases.

use std::sync::Arc;

use super::App;
use super::act::{access_row, keep_reply, replied};
use super::chance::{self, digest};
use super::error::AppError;
use super::history::append;
use crate::domain::id::CaseId;
use crate::domain::refusal::FieldError;
use crate::engine::case::Case;
use crate::engine::command::{Actor, Application};
use crate::engine::decide::open;
use crate::engine::definition::record::Answers;
use crate::store::access_log;

/// Which of a scheme's two forms an application came on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Filled in by anybody.
    Public,
    /// Filled in by a signed-in professional.
    Referral,
}

/// What the sender may be told: the case's id stays inside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Received {
    pub case: CaseId,
    pub reference: String,
}

impl App {
    /// Makes a case of an application. Sent twice under one key, it is one case.
    ///
    /// # Errors
    /// What is wrong with its fields; nothing is stored then.
    pub async fn receive(
        self: &Arc<Self>,
        form: Form,
        answers: Answers,
        key: Option<String>,
        actor: Actor,
    ) -> Result<Received, AppError> {
        let app = Arc::clone(self);
        self.detached(async move { app.receive_now(form, answers, key, actor).await })
            .await
    }

    async fn receive_now(
        &self,
        form: Form,
        answers: Answers,
        key: Option<String>,
        actor: Actor,
    ) -> Result<Received, AppError> {
        let now = self.clock.now();
        let edition = self
            .definitions
            .in_force(now)
            .ok_or_else(|| AppError::Inside("no edition is in force".to_owned()))?;
        let intake = &edition.definition.scheme.intake;
        let form = match form {
            Form::Public => &intake.public_form,
            Form::Referral => &intake.referral_form,
        };
        let sent = serde_json::to_vec(&answers).map_err(AppError::inside)?;
        let body = digest([form.as_bytes(), &sent]);
        let mut tx = self.db.begin_write().await?;
        if let Some(reply) = replied(&mut tx, key.as_deref(), &actor, &body).await? {
            return serde_json::from_str(&reply).map_err(AppError::inside);
        }
        let id = chance::case_id();
        let reference = chance::reference().to_string();
        let application = Application {
            form: form.to_string(),
            answers,
            reference: reference.clone(),
            authority: self.authority.clone(),
            actor: actor.clone(),
            now,
        };
        let happened = open(&edition.definition, &application)?;
        self.follow(&mut tx, &edition.definition, id, 1, &happened)
            .await?;
        append(
            &mut tx,
            &edition.definition,
            &edition.hash,
            id,
            Case::default(),
            happened,
            now,
        )
        .await?;
        let received = Received {
            case: id,
            reference,
        };
        let reply = serde_json::to_string(&received).map_err(AppError::inside)?;
        keep_reply(&mut tx, key, &actor, body, reply, now).await?;
        access_log::write(
            &mut tx,
            &access_row(now, &actor, "collection", Some(id), form),
        )
        .await?;
        tx.commit().await?;
        Ok(received)
    }

    /// Checks an application's fields without storing anything.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn check_application(&self, form: Form, answers: &Answers) -> Result<(), Vec<FieldError>> {
        let Some(edition) = self.definitions.in_force(self.clock.now()) else {
            return Ok(());
        };
        let intake = &edition.definition.scheme.intake;
        let name = if form == Form::Public {
            &intake.public_form
        } else {
            &intake.referral_form
        };
        let record = edition.definition.records.get(&**name);
        record.map_or(Ok(()), |record| record.accept(answers).map(|_| ()))
    }
}
