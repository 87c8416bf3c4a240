//! Applications on their way to being cases.

use std::sync::Arc;

use fail::fail_point;

use super::digest::digest;
use super::error::AppError;
use super::history::append;
use super::replies::{keep_reply, replied};
use super::sealing::Ring;
use super::{App, looks};
use crate::domain::id::CaseId;
use crate::domain::look::Operation;
use crate::engine::case::Case;
use crate::engine::command::{Actor, Application};
use crate::engine::decide::open;
use crate::engine::definition::Definition;
use crate::engine::definition::record::{Answers, Record};
use crate::engine::definition::voice::ENGLISH;
use crate::engine::definition::wording::Wording;
use crate::engine::effects::effects;
use crate::engine::parties;

/// Whose form is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub authority: String,
    pub scheme: String,
    pub form: Form,
}

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

/// The way in from outside to one scheme of one authority.
#[derive(Debug, Clone)]
pub struct PublicDoor {
    pub authority: String,
    pub scheme: String,
    /// The last part of its address.
    pub address: String,
    /// What it is called outside the sign-in, where nothing may say what it is (L8).
    pub name: Wording,
    /// The name of its form among the records.
    form: String,
    /// In the language that is read.
    pub definition: Arc<Definition>,
    /// The languages it can be read in, each with what it calls itself; none when there is only one.
    pub languages: Vec<(String, String)>,
}

impl PublicDoor {
    /// What is asked there, in the language that is read.
    pub fn asks(&self) -> &Record {
        &self.definition.records[&self.form]
    }

    /// The door to the public form.
    pub fn form(&self) -> Door {
        Door {
            authority: self.authority.clone(),
            scheme: self.scheme.clone(),
            form: Form::Public,
        }
    }
}

impl App {
    /// Every way in from outside, in the order of the authorities' names: none to a scheme without a public form.
    pub fn public_doors(&self) -> Vec<PublicDoor> {
        let authorities = self.definitions.authorities().values();
        let faces = authorities.flat_map(|authority| {
            let schemes = authority.schemes.iter();
            schemes.map(move |(scheme, face)| (authority.name.clone(), scheme.to_string(), face))
        });
        let open = faces.filter_map(|(authority, scheme, face)| {
            let definition = self.in_force(&authority, &scheme).ok()?.definition;
            let form = definition.scheme.intake.public_form.as_ref()?.to_string();
            Some(PublicDoor {
                authority,
                scheme,
                address: face.address.as_ref()?.to_string(),
                name: Wording::from(&**face.public_name.as_ref()?),
                form,
                languages: self.definitions.words.offered(&definition),
                definition,
            })
        });
        open.collect()
    }

    /// The way in at an address, in the language asked for where it is offered.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub fn public_door(
        &self,
        authority: &str,
        address: &str,
        language: &str,
    ) -> Result<PublicDoor, AppError> {
        let mut doors = self.public_doors().into_iter();
        let door = doors.find(|door| door.authority == authority && door.address == address);
        let door = door.ok_or(AppError::NotFound)?;
        let offered = door
            .languages
            .iter()
            .any(|(offered, _)| offered == language);
        let language = if offered { language } else { ENGLISH };
        // Agencies and authorities have words among colleagues; outside, a page says what has been checked for it.
        let voice = self.definitions.voice(language, "", "");
        Ok(PublicDoor {
            name: voice.say(&door.name),
            definition: Arc::new(door.definition.spoken_in(&voice)),
            ..door
        })
    }

    /// Makes a case of an application. Sent twice under one key, it is one case.
    ///
    /// # Errors
    /// What is wrong with its fields; nothing is stored then.
    pub async fn receive(
        self: &Arc<Self>,
        door: Door,
        answers: Answers,
        key: Option<String>,
        actor: Actor,
    ) -> Result<Received, AppError> {
        self.detached(move |app| {
            let (door, answers) = (door.clone(), answers.clone());
            let (key, actor) = (key.clone(), actor.clone());
            async move { app.receive_now(door, answers, key, actor).await }
        })
        .await
    }

    async fn receive_now(
        &self,
        door: Door,
        answers: Answers,
        key: Option<String>,
        actor: Actor,
    ) -> Result<Received, AppError> {
        let now = self.clock.now();
        let edition = self.in_force(&door.authority, &door.scheme)?;
        let intake = &edition.definition.scheme.intake;
        let form = match door.form {
            Form::Public => intake.public_form.as_ref(),
            Form::Referral => Some(&intake.referral_form),
        };
        let form = form.ok_or(AppError::NotFound)?;
        let sent = serde_json::to_vec(&answers).map_err(AppError::inside)?;
        let parts = [&door.authority, &door.scheme, &**form].map(str::as_bytes);
        let body = digest(parts.into_iter().chain([&*sent]));
        let mut tx = self.db.begin_write().await?;
        if let Some(reply) = replied(self, &mut tx, key.as_deref(), &actor, &body).await? {
            return serde_json::from_str(&reply).map_err(AppError::unreadable);
        }
        let id = self.chance.case_id();
        let reference = self.chance.reference().to_string();
        let application = Application {
            form: form.to_string(),
            answers,
            reference: reference.clone(),
            authority: door.authority.clone(),
            actor: actor.clone(),
            now,
        };
        let happened = open(&edition.definition, &application)?;
        let case = Case::default();
        let alerts = effects(&edition.definition, None, &case, &happened);
        let filed = happened.iter().map(|happening| &happening.event);
        let marks = parties::marks(&edition.definition, filed);
        append(
            self,
            &mut tx,
            &edition.definition,
            &edition.hash,
            (id, case, Ring::default()),
            happened,
            now,
        )
        .await?;
        self.screen(&mut tx, id, &marks).await?;
        self.alert(&mut tx, &edition.definition, id, 0, alerts)
            .await?;
        let received = Received {
            case: id,
            reference,
        };
        let reply = serde_json::to_string(&received).map_err(AppError::inside)?;
        keep_reply(self, &mut tx, key, &actor, body, reply, now).await?;
        let mut look = self.access_row(now, &actor, Operation::Collection, Some(id), form);
        look.classes = looks::classes_of(edition.definition.records.get(&**form));
        self.write_look(&mut tx, &look).await?;
        fail_point!("intake.before_commit");
        tx.commit().await?;
        fail_point!("intake.after_commit");
        Ok(received)
    }
}
