//! Somebody who sends one command after the other and keeps what was answered to each. A command that was not answered is
//! sent again, the same in every byte, before anything else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{bail, ensure};
use clares_law::engine::definition::Definition;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::client::{Client, Command, Outcome, Problem};
use super::installation::{AUTHORITY, Installation, People, Person, SCHEME};

/// How often an earlier command is sent once more, although it was answered: one time in so many.
const REPEATS: usize = 10;

/// A command and the answer to it, once there is one.
#[derive(Clone, Debug)]
pub struct Sent {
    pub command: Command,
    /// What the service said when it had been done.
    pub answer: Option<Value>,
    /// When it said so.
    answered: Option<Instant>,
    /// What an examination found in the database under its key.
    pub kept: Option<String>,
}

impl Sent {
    /// A command that has no answer yet.
    pub fn new(command: Command) -> Self {
        Self {
            command,
            answer: None,
            answered: None,
            kept: None,
        }
    }

    /// Keeps the answer.
    pub fn hears(&mut self, answer: &Value) {
        self.answer = Some(answer.clone());
        self.answered = Some(Instant::now());
    }

    /// The same as it was known at an earlier moment: what was answered later had not been answered then.
    pub fn as_known_at(&self, moment: Instant) -> Self {
        let then = self.answered.is_some_and(|answered| answered < moment);
        Self {
            answer: self.answer.clone().filter(|_| then),
            ..self.clone()
        }
    }
}

/// What is done in the life of one case, again and again with another case.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Anybody fills in the public form; no answer says which case it became.
    Apply,
    /// A professional refers somebody and learns the case's id.
    Refer,
    Verifier(&'static str),
    Supervisor(&'static str),
}

/// From the referral to a proposal, which tells others by a message that they have something to do.
const LIFE: [Step; 7] = [
    Step::Apply,
    Step::Refer,
    Step::Verifier("record_initial_checks"),
    Step::Verifier("withdraw"),
    Step::Supervisor("accept_withdrawal"),
    Step::Verifier("note"),
    Step::Verifier("note"),
];

/// Somebody who writes.
#[derive(Debug)]
pub struct Writer {
    name: String,
    people: People,
    definition: Arc<Definition>,
    chance: fastrand::Rng,
    /// The case that it works on, once there is one.
    pub case: String,
    pub sent: Vec<Sent>,
    /// What the service said each time that it could not do something.
    pub problems: Vec<Problem>,
}

/// How long somebody waits before a command that was not answered is sent again.
const AGAIN: Duration = Duration::from_millis(20);

/// Lets everybody write while something happens. What is not acknowledged is sent again until that is over.
///
/// # Errors
/// When the service refuses what it should do, or what happens meanwhile fails.
pub async fn while_writing<T>(
    writers: &mut Vec<Writer>,
    client: &Client,
    meanwhile: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let over = Arc::new(AtomicBool::new(false));
    let mut writing = JoinSet::new();
    for writer in writers.drain(..) {
        writing.spawn(writer.write(client.clone(), Arc::clone(&over)));
    }
    let happened = meanwhile.await;
    over.store(true, Ordering::Relaxed);
    while let Some(writer) = writing.join_next().await {
        writers.push(writer??);
    }
    happened
}

/// Lets everybody hear the answer to what was sent last.
///
/// # Errors
/// When somebody gets no answer within ten seconds.
pub async fn all_heard(writers: &mut [Writer], client: &Client) -> anyhow::Result<()> {
    for writer in writers {
        let mut times = 0;
        while writer.waits() {
            ensure!(times < 500, "{}: no answer in ten seconds", writer.name);
            times += 1;
            if !matches!(writer.send(client).await?, Outcome::Acknowledged(_)) {
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
    Ok(())
}

impl Writer {
    /// A writer with a name of its own, which begins its keys.
    pub fn new(installation: &Installation, name: &str, chance: &mut fastrand::Rng) -> Self {
        Self {
            name: name.to_owned(),
            people: installation.people.clone(),
            definition: Arc::clone(&installation.definition),
            chance: chance.fork(),
            case: String::new(),
            sent: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// So many writers.
    pub fn several(
        installation: &Installation,
        count: usize,
        chance: &mut fastrand::Rng,
    ) -> Vec<Self> {
        let names = (1..=count).map(|number| format!("writer {number}"));
        names
            .map(|name| Self::new(installation, &name, chance))
            .collect()
    }

    /// Sends the command that has no answer yet, or the next one; sometimes one that was answered long ago.
    ///
    /// # Errors
    /// When the service refuses it, or answers a repeated command otherwise than the first time.
    pub async fn send(&mut self, client: &Client) -> anyhow::Result<Outcome> {
        let waits = self.waits();
        if !waits && !self.sent.is_empty() && self.chance.usize(..REPEATS) == 0 {
            return self.repeat(client).await;
        }
        if !waits {
            self.sent.push(Sent::new(self.next()));
        }
        let last = self.sent.len() - 1;
        let outcome = client.send(&self.sent[last].command).await;
        match &outcome {
            Outcome::Acknowledged(answer) => {
                if let Some(id) = answer["id"].as_str() {
                    id.clone_into(&mut self.case);
                }
                self.sent[last].hears(answer);
            }
            Outcome::Unavailable(problem) => self.problems.push(problem.clone()),
            Outcome::Refused(problem) => {
                let path = &self.sent[last].command.path;
                bail!("{path} was refused: {problem:?}")
            }
            Outcome::Unknown => {}
        }
        Ok(outcome)
    }

    /// Whether the answer to the last command is still missing.
    fn waits(&self) -> bool {
        self.sent.last().is_some_and(|sent| sent.answer.is_none())
    }

    async fn write(mut self, client: Client, over: Arc<AtomicBool>) -> anyhow::Result<Self> {
        while !over.load(Ordering::Relaxed) {
            if !matches!(self.send(&client).await?, Outcome::Acknowledged(_)) {
                tokio::time::sleep(AGAIN).await;
            }
        }
        Ok(self)
    }

    async fn repeat(&mut self, client: &Client) -> anyhow::Result<Outcome> {
        let earlier = &self.sent[self.chance.usize(..self.sent.len())];
        let outcome = client.send(&earlier.command).await;
        if let (Outcome::Acknowledged(now), Some(then)) = (&outcome, &earlier.answer) {
            let key = &earlier.command.key;
            ensure!(
                now == then,
                "{key}: answered {then} first and {now} when repeated"
            );
        }
        Ok(outcome)
    }

    fn next(&self) -> Command {
        let number = self.sent.len();
        let scheme = &self.definition.scheme;
        let verifier = Some(&self.people.verifier);
        let (who, path, body) = match LIFE[number % LIFE.len()] {
            Step::Apply => (
                None,
                format!("/api/v1/at/{AUTHORITY}/ask/applications"),
                self.filled(scheme.intake.public_form.as_deref()),
            ),
            Step::Refer => (
                verifier,
                format!("/api/v1/schemes/{SCHEME}/referrals"),
                self.filled(Some(&scheme.intake.referral_form)),
            ),
            Step::Verifier(action) => (verifier, self.path(action), self.act(action)),
            Step::Supervisor(action) => (
                Some(&self.people.supervisor),
                self.path(action),
                self.act(action),
            ),
        };
        command(format!("{} command {number}", self.name), who, path, body)
    }

    fn path(&self, action: &str) -> String {
        format!("/api/v1/cases/{}/actions/{action}", self.case)
    }

    fn act(&self, action: &str) -> Value {
        let known = self.definition.scheme.actions.get(action);
        let record = self.filled(known.and_then(|action| action.record.as_deref()));
        json!({"record": record, "rationale": "The reason, in my own words"})
    }

    fn filled(&self, form: Option<&str>) -> Value {
        filled(&self.definition, form)
    }
}

/// A form with its examples; nothing where there is none.
pub fn filled(definition: &Definition, form: Option<&str>) -> Value {
    let record = form.and_then(|form| definition.records.get(form));
    record.map_or_else(|| json!({}), |record| json!(record.examples()))
}

/// A command of one person, or of nobody who is known.
pub fn command(key: String, who: Option<&Person>, path: String, body: Value) -> Command {
    Command {
        key,
        actor: who.map_or("public", |person| &person.id).to_owned(),
        sender: who.cloned(),
        path,
        body,
    }
}
