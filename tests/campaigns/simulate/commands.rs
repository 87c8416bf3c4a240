//! How a command is sent, and what must be true after it: it is done once and wholly, or nothing has changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use clares_law::app::App;
use clares_law::app::access::Right;
use clares_law::app::act::Request;
use clares_law::app::error::AppError;
use clares_law::app::standing::{About, Standing};
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use serde_json::Value;
use uuid::Uuid;

use super::faults::Fault;
use super::laws::{Broken, Held, holds};
use super::operation::Manner;
use super::simulation::{ATOMIC, Answer, ONCE, Sent, Simulation};

const REFUSED: &str = "what is refused changes nothing";
const VERSIONS: &str = "who has not seen the newest version is told so";
const LOOKS: &str = "who only looks changes nothing";
const SPOILT: &str = "what is wrong is refused";

/// Sends a command, as any edge would.
pub async fn ask(app: Arc<App>, sent: Sent) -> Result<Value, AppError> {
    let reply = match sent {
        Sent::Application(door, answers, key, actor) => {
            serde_json::to_value(app.receive(door, answers, key, actor).await?)
        }
        Sent::Request(request) => serde_json::to_value(app.act(request).await?),
    };
    reply.map_err(AppError::inside)
}

/// Runs something that may crash, so that only it does.
#[expect(
    clippy::disallowed_methods,
    reason = "a crash of what is simulated must not end the simulation"
)]
pub async fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Option<T> {
    tokio::spawn(work).await.ok()
}

impl Simulation {
    /// A key that no command has had.
    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("simulated-command-{}", self.keys)
    }

    /// Sends a command and looks at what came of it.
    pub async fn send(&mut self, sent: Sent, hangs_up: bool) -> Result<Answer, Broken> {
        let known = self
            .sent
            .iter()
            .position(|(other, _)| other.sender().is_some() && other.sender() == sent.sender());
        let call = ask(Arc::clone(self.world.app()), sent.clone());
        let answered = if hangs_up {
            apart(gone_after_a_moment(call)).await;
            self.fired.note(Fault::HangUp);
            self.world.finished().await;
            None
        } else {
            apart(call).await
        };
        let crashed = self.revive().await?;
        let answer = match answered {
            Some(Ok(done)) if !crashed => Answer::Done(done),
            Some(Err(AppError::Inside(text))) if !crashed => {
                return Err(Broken {
                    law: "the service answers",
                    how: text,
                });
            }
            Some(Err(error)) if !crashed => Answer::Refused(error),
            _ => Answer::Unknown,
        };
        let touched = self.look().await?;
        self.settle(sent, known, &answer, &touched).await?;
        Ok(answer)
    }

    async fn settle(
        &mut self,
        sent: Sent,
        known: Option<usize>,
        answer: &Answer,
        touched: &BTreeSet<Uuid>,
    ) -> Held {
        if let Some(known) = known {
            return self.same_again(known, answer, touched);
        }
        match answer {
            Answer::Done(done) => {
                let case = Self::case_of(&sent, done);
                holds!(
                    ATOMIC,
                    touched.iter().eq([&case]),
                    "{touched:?} changed, not {case} alone"
                );
                let version = done.get("version").and_then(Value::as_u64);
                let loaded = self.load(clares_law::domain::id::CaseId(case)).await?;
                holds!(
                    ATOMIC,
                    version.is_none_or(|version| version == loaded.case.version),
                    "{version:?} was answered and it is at {}",
                    loaded.case.version
                );
                self.sent.push((sent, Some(done.clone())));
            }
            Answer::Refused(error) => {
                holds!(
                    REFUSED,
                    touched.is_empty(),
                    "{error:?}, and yet {touched:?} changed"
                );
                self.sent.push((sent, None));
            }
            Answer::Unknown => {
                holds!(ATOMIC, touched.len() < 2, "one command changed {touched:?}");
                let Some(sender) = sent.sender() else {
                    return Ok(());
                };
                let kept = self.answers().await?.remove(&sender);
                holds!(
                    ATOMIC,
                    kept.is_some() != touched.is_empty(),
                    "the answer is {kept:?} and {touched:?} changed"
                );
                self.sent.push((sent, kept));
            }
        }
        Ok(())
    }

    /// A key that had been used: the same command gets the same answer, another none, and nothing changes. One that was
    /// refused, or was never finished, may be sent again.
    fn same_again(&mut self, known: usize, answer: &Answer, touched: &BTreeSet<Uuid>) -> Held {
        let before = self.sent[known].1.clone();
        match (before, answer) {
            (Some(before), Answer::Done(again)) => {
                holds!(
                    ONCE,
                    before == *again,
                    "answered {before}, and then {again}"
                );
            }
            (None, Answer::Done(done)) => {
                self.sent[known].1 = Some(done.clone());
                return Ok(());
            }
            _ => {}
        }
        holds!(
            ONCE,
            touched.is_empty() || matches!(answer, Answer::Unknown),
            "{touched:?} changed by a key that had been used"
        );
        Ok(())
    }

    fn case_of(sent: &Sent, done: &Value) -> Uuid {
        match sent {
            Sent::Request(request) => request.case.0,
            Sent::Application(..) => done
                .get("case")
                .and_then(Value::as_str)
                .and_then(|id| id.parse().ok())
                .unwrap_or_default(),
        }
    }

    /// Sends an action in the manner asked for. `spoilt`: something in it is wrong, so it must be refused.
    pub async fn send_request(
        &mut self,
        mut request: Request,
        manner: Manner,
        spoilt: bool,
    ) -> Result<Answer, Broken> {
        let version = request.expected.unwrap_or_default();
        match manner {
            Manner::Calm => {}
            Manner::Bare => (request.key, request.expected) = (None, None),
            Manner::Stale => request.expected = Some(version.saturating_sub(1)),
            Manner::HangUp => return self.send(Sent::Request(request), true).await,
            Manner::TwiceAtOnce => return self.twice_at_once(request).await,
            Manner::TwoActors => return self.two_actors(request).await,
        }
        let looks_only = self.looks_only(&request.actor);
        let (actor, case) = (request.actor.clone(), request.case);
        let answer = self.send(Sent::Request(request), false).await?;
        let done = matches!(answer, Answer::Done(_));
        holds!(LOOKS, !(looks_only && done), "it was done");
        holds!(SPOILT, !(spoilt && done), "it was done");
        if manner == Manner::Stale && !matches!(answer, Answer::Unknown) {
            self.fired.note(Fault::Stale);
            let told = matches!(answer, Answer::Refused(AppError::Stale(now)) if now == version);
            let unseen = matches!(answer, Answer::Refused(AppError::NotFound))
                && (self.out_of_sight(&actor) || self.not_for(&actor, case).await?);
            holds!(
                VERSIONS,
                told || looks_only || unseen,
                "{answer:?} at version {version}"
            );
        }
        Ok(answer)
    }

    /// Whether this person's role looks at cases and changes nothing.
    fn looks_only(&self, actor: &Actor) -> bool {
        let about = About::cases_of(&actor.authority, self.world.now());
        let may = self.world.app().definitions.access.may_act(actor, about);
        matches!(may, Err(AppError::Forbidden(_)))
    }

    /// Whether this person is an agency's, and agencies have no part in the case.
    async fn not_for(&self, actor: &Actor, case: CaseId) -> Result<bool, Broken> {
        let loaded = self.load(case).await?;
        let edition = self.edition(&loaded.edition, &loaded.case.authority);
        let definition = edition.await?;
        Ok(!actor.agency.is_empty() && !definition.scheme.for_agencies)
    }

    /// Whether this person sees only what has come before the forum.
    fn out_of_sight(&self, actor: &Actor) -> bool {
        let unheard = Standing {
            unheard: true,
            ..Standing::default()
        };
        let about = About::cases_of(&actor.authority, self.world.now()).to(unheard);
        let access = &self.world.app().definitions.access;
        let opens = access.may(actor, Right::Open, about);
        !opens.unwrap_or(true)
    }

    async fn twice_at_once(&mut self, request: Request) -> Result<Answer, Broken> {
        let app = self.world.app();
        let sent = || ask(Arc::clone(app), Sent::Request(request.clone()));
        let (one, other) = tokio::join!(apart(sent()), apart(sent()));
        self.fired.note(Fault::SentTwiceAtOnce);
        let crashed = self.revive().await?;
        let (one, other) = (told_or_not(one), told_or_not(other));
        let same = match (&one, &other) {
            (Ok(one), Ok(other)) => one == other,
            (Err(_), Err(_)) => true,
            _ => false,
        };
        let touched = self.look().await?;
        holds!(
            ONCE,
            same || crashed,
            "sent twice at once: {one:?} and {other:?}"
        );
        let answer = match one {
            Ok(done) if !crashed => Answer::Done(done),
            Err(error) if !crashed => Answer::Refused(error),
            _ => Answer::Unknown,
        };
        self.settle(Sent::Request(request), None, &answer, &touched)
            .await?;
        Ok(answer)
    }

    /// Somebody else of the same role does the same at the same moment: one of them at most.
    async fn two_actors(&mut self, request: Request) -> Result<Answer, Broken> {
        let actor = &request.actor;
        let like = |other: &&Actor| {
            other.id != actor.id && other.role == actor.role && other.authority == actor.authority
        };
        let Some(other) = self.world.people.iter().find(like).cloned() else {
            return self.send(Sent::Request(request), false).await;
        };
        let second = Request {
            key: Some(self.key()),
            actor: other,
            ..request.clone()
        };
        let app = self.world.app();
        let first = ask(Arc::clone(app), Sent::Request(request.clone()));
        let other = ask(Arc::clone(app), Sent::Request(second.clone()));
        let (one, other) = tokio::join!(apart(first), apart(other));
        self.fired.note(Fault::TwoActors);
        let crashed = self.revive().await?;
        let touched = self.look().await?;
        if crashed {
            let kept = self.answers().await?;
            for sent in [Sent::Request(request), Sent::Request(second)] {
                let answer = sent.sender().and_then(|sender| kept.get(&sender).cloned());
                self.sent.push((sent, answer));
            }
            return Ok(Answer::Unknown);
        }
        let (one, other) = (told_or_not(one), told_or_not(other));
        let beaten = match (&one, &other) {
            (Ok(_), Err(AppError::Stale(_) | AppError::NotFound)) | (Err(_), Ok(_) | Err(_)) => {
                true
            }
            (Ok(_), _) => false,
        };
        holds!(
            VERSIONS,
            beaten,
            "two at once on one version: {one:?} and {other:?}"
        );
        let (winner, loser, won) = if other.is_ok() {
            (second, request, other)
        } else {
            (request, second, one)
        };
        let answer = won.map_or_else(Answer::Refused, Answer::Done);
        self.settle(Sent::Request(winner), None, &answer, &touched)
            .await?;
        self.sent.push((Sent::Request(loser), None));
        Ok(answer)
    }
}

/// A sender who begins to wait and is gone.
async fn gone_after_a_moment(call: impl Future<Output = Result<Value, AppError>>) {
    tokio::select! {
        biased;
        _ = call => {}
        () = std::future::ready(()) => {}
    }
}

/// What was answered; somebody whose call died was told nothing.
fn told_or_not(answer: Option<Result<Value, AppError>>) -> Result<Value, AppError> {
    answer.unwrap_or_else(|| Err(AppError::Inside("it died".to_owned())))
}
