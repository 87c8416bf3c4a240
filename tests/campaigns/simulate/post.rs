//! The post of a simulation: messages leave by the worker's own step, to a server that fails in every way it can; people
//! decide on what did not arrive, and release what is held. At the end the post is calm, and nothing may be missing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clares_law::app::App;
use clares_law::app::error::AppError;
use clares_law::app::staff::Person;
use clares_law::app::undelivered::Decision;
use clares_law::domain::id::StaffId;
use clares_law::engine::command::Actor;
use clares_law::mail::Notice;
use clares_law::store::Sql;
use clares_law::worker::outbox;
use jiff::SignedDuration;
use uuid::Uuid;

use super::commands::apart;
use super::faults::{self, Fault};
use super::laws::{Broken, Held, holds};
use super::server::{Known, Server, Weather};
use super::simulation::Simulation;
use super::world::inside;

const LOST: &str = "a message is not lost";
const DOUBLED: &str = "a message goes out once, unless it was in doubt; to an agency once";
const TASK: &str = "a message to an agency that is in doubt is a person's task";
const SHUT_OUT: &str = "nothing goes to an account that is shut out";
const HELD: &str = "nothing leaves while messages are held";
const CALLED_FOR: &str = "nothing goes out that nothing called for";
const UNTOUCHED: &str = "sending changes no case";

/// The longest that the simulated server takes.
const LONGEST: Duration = Duration::from_mins(1);

/// How often the post goes at the end, twice a day: a clock that went back may have left something for weeks ahead.
const CALM: u32 = 200;

const MESSAGES: Sql = Sql::one(
    "simulation.MESSAGES",
    "select id, status, recipient_kind, recipient, authority from outbox order by id",
);

type Row = (Uuid, String, String, String, String);

/// A message as it stands in the outbox.
#[derive(Debug)]
pub struct Message {
    pub id: Uuid,
    pub status: String,
    /// For somebody outside the walls.
    agency: bool,
    recipient: String,
    authority: String,
}

impl Message {
    fn is(&self, statuses: &[&str]) -> bool {
        statuses.contains(&&*self.status)
    }
}

impl Simulation {
    pub async fn messages(&self) -> Result<Vec<Message>, Broken> {
        let begun = self.world.db().begin_read().await;
        let mut tx = begun.map_err(anyhow::Error::from)?;
        let rows = tx
            .sql(MESSAGES)
            .all::<Row>()
            .await
            .map_err(anyhow::Error::from)?;
        let message = |(id, status, kind, recipient, authority): Row| Message {
            id,
            status,
            agency: kind == "agency",
            recipient,
            authority,
        };
        Ok(rows.into_iter().map(message).collect())
    }

    /// Sends what waits, until nothing may go any more or so many steps are done.
    pub async fn post(&mut self, weather: Weather, most: u8) -> Held {
        let (app, server) = (Arc::clone(self.world.app()), self.server.clone());
        let held = self.held;
        let sent = apart(sent(app, server, weather, most)).await;
        let crashed = self.revive().await?;
        let rows = self.messages().await?;
        let (handed, wrong) = self.server.handed();
        if crashed {
            self.doubt_what_nobody_noted(&rows, &handed);
        } else {
            let Some(steps) = sent.transpose().map_err(inside)? else {
                holds!(LOST, false, "the sender fell over");
                return Ok(());
            };
            if steps > 0 {
                self.tell(&format!("{steps} messages are handed over: {weather:?}"));
            }
        }
        if !handed.is_empty() {
            self.note_weather(weather);
        }
        holds!(HELD, !held || handed.is_empty(), "{handed:?} left");
        holds!(DOUBLED, wrong.is_none(), "{wrong:?}");
        self.look_at_handed(&rows, &handed).await?;
        let touched = self.look().await?;
        holds!(UNTOUCHED, touched.is_empty(), "{touched:?}");
        self.look_at_post(&rows)
    }

    /// Whoever sent it died before they could note what came of it.
    fn doubt_what_nobody_noted(&self, rows: &[Message], handed: &[Uuid]) {
        let sending = rows.iter().filter(|row| row.status == "sending");
        for row in sending.filter(|row| handed.contains(&row.id)) {
            self.server.doubt(row.id);
        }
    }

    fn note_weather(&mut self, weather: Weather) {
        let fault = match weather {
            Weather::Fair => return,
            Weather::Down => Fault::MailDown,
            Weather::Busy => Fault::MailDeferred,
            Weather::Harsh => Fault::MailRefused,
            Weather::CutAfter => Fault::MailArrivedInDoubt,
            Weather::CutBefore => Fault::MailLostInDoubt,
            Weather::Frozen => Fault::MailFrozen,
        };
        self.fired.note(fault);
    }

    /// What has left was called for, was for somebody who is not shut out, and nothing is held but what was moved.
    async fn look_at_handed(&mut self, rows: &[Message], handed: &[Uuid]) -> Held {
        let hold = self.world.app().hold().await.map_err(inside)?;
        holds!(
            HELD,
            hold.is_some() == self.held,
            "held: {hold:?}, and ought to be: {}",
            self.held
        );
        if hold.is_some() && rows.iter().any(|row| row.status == "waiting") {
            self.fired.note(Fault::PostWhileHeld);
        }
        let by_id: BTreeMap<Uuid, &Message> = rows.iter().map(|row| (row.id, row)).collect();
        for id in handed {
            let Some(row) = by_id.get(id) else {
                holds!(CALLED_FOR, false, "{id}");
                continue;
            };
            let shut_out = self.world.shut_out.contains(&row.recipient);
            holds!(SHUT_OUT, !shut_out, "{id} to {}", row.recipient);
        }
        Ok(())
    }

    /// What stands in the outbox is what the server has.
    fn look_at_post(&self, rows: &[Message]) -> Held {
        for row in rows {
            let (id, status, arrival) = (row.id, &row.status, self.server.of(row.id));
            holds!(
                LOST,
                status != "sent" || arrival.times > 0,
                "{id} is said to have been sent"
            );
            let shut_out = self.world.shut_out.contains(&row.recipient);
            holds!(
                LOST,
                status != "refused" || arrival.refused || shut_out,
                "{id} is said to have been refused"
            );
            let task = row.is(&["sending", "in_doubt", "settled"]);
            holds!(
                TASK,
                task || !row.agency || arrival.known != Known::Doubtful,
                "{id} is {status}"
            );
            holds!(
                TASK,
                row.agency || status != "in_doubt",
                "{id} to our own people"
            );
        }
        Ok(())
    }

    /// Whoever minds messages decides on one that did not arrive, or may not have.
    pub async fn decide(&mut self, message: u16, again: bool) -> Held {
        let mut rows = self.messages().await?;
        rows.retain(|row| row.is(&["refused", "in_doubt"]));
        if rows.is_empty() {
            return Ok(());
        }
        let row = rows.swap_remove(usize::from(message) % rows.len());
        let Some(person) = self.minder(&row.authority).await? else {
            return Ok(());
        };
        let decision = if again {
            Decision::SendAgain
        } else {
            Decision::Settled("I told them myself".to_owned())
        };
        let (app, id) = (Arc::clone(self.world.app()), row.id);
        let tasks = app.undelivered(&person).await.map_err(inside)?;
        let listed = tasks.iter().any(|task| task.id == id);
        holds!(TASK, listed, "{id} is {} and in nobody's list", row.status);
        let decided =
            apart(async move { app.decide_on_message(&person, id, decision, None).await }).await;
        if self.revive().await? {
            return Ok(());
        }
        let done = decided.transpose().map_err(inside)?;
        holds!(TASK, done == Some(true), "{id}: a decision on it: {done:?}");
        self.fired.note(Fault::MailDecided);
        if again {
            self.server.open_again(id);
        }
        self.tell(&format!(
            "a message that was {} is decided on; again: {again}",
            row.status
        ));
        Ok(())
    }

    async fn minder(&self, authority: &str) -> Result<Option<Person>, Broken> {
        let people = self.world.people.iter();
        for own in people.filter(|person| person.authority == authority) {
            let Ok(id) = own.id.parse().map(StaffId) else {
                continue;
            };
            let person = self.world.app().person(id).await.map_err(inside)?;
            if person.minds_messages {
                return Ok(Some(person));
            }
        }
        Ok(None)
    }

    /// A person lets the messages go that are held since the database was moved.
    pub async fn release(&mut self) -> Held {
        if !self.held {
            return Ok(());
        }
        let (app, person) = (Arc::clone(self.world.app()), self.world.people[0].clone());
        let released =
            apart(async move { app.release_outbox(&person, "The old machine is gone").await })
                .await;
        if self.revive().await? {
            return Ok(());
        }
        let Some(tasks) = released.transpose().map_err(inside)? else {
            holds!(HELD, false, "releasing fell over");
            return Ok(());
        };
        self.held = false;
        self.tell(&format!(
            "the messages that were held may go; {tasks} tasks"
        ));
        let rows = self.messages().await?;
        let mut open = rows
            .iter()
            .filter(|row| row.agency && row.status == "waiting");
        let open = open.next().map(|row| row.id);
        holds!(TASK, open.is_none(), "{open:?} waits after the release");
        if tasks > 0 {
            self.fired.note(Fault::DoubtAfterMove);
        }
        Ok(())
    }

    /// Somebody takes over from somebody else, whose account is shut out; first from those for whom a message waits.
    pub async fn leave(&mut self, who: u16) -> Held {
        let mut waiting = self.messages().await?;
        waiting.retain(|row| row.status == "waiting");
        let is_told = |person: &&Actor| waiting.iter().any(|row| row.recipient == person.id);
        let told: Vec<&Actor> = self.world.people.iter().filter(is_told).collect();
        let waits = !told.is_empty();
        let among = if told.is_empty() {
            self.world.people.iter().collect()
        } else {
            told
        };
        let leaver = among[usize::from(who) % among.len()].clone();
        let before = self.world.people.len();
        self.world
            .hire(&leaver.authority, &leaver.role, &leaver.agency)
            .await?;
        if self.revive().await? || self.world.people.len() == before {
            return Ok(());
        }
        self.world.shut_out(&leaver.id).await?;
        if waits {
            self.fired.note(Fault::MailShutOut);
        }
        self.tell(&format!("a {} of {} leaves", leaver.role, leaver.authority));
        Ok(())
    }

    /// At the end the post is fair: nothing is left but what a person has to look at.
    pub async fn deliver_all(&mut self) -> Held {
        faults::pardon();
        self.release().await?;
        for _ in 0..CALM {
            self.post(Weather::Fair, u8::MAX).await?;
            let rows = self.messages().await?;
            if !rows.iter().any(unfinished) {
                return Ok(());
            }
            self.world.clock.advance(SignedDuration::from_hours(12));
        }
        let rows = self.messages().await?;
        let left = rows.into_iter().find(unfinished);
        holds!(LOST, left.is_none(), "at the end there is {left:?}");
        Ok(())
    }
}

/// Whether a message may still go out by itself.
fn unfinished(row: &Message) -> bool {
    row.is(&["waiting", "sending"])
}

/// Steps of the worker; answers how many found a message.
async fn sent(app: Arc<App>, server: Server, weather: Weather, most: u8) -> Result<u32, AppError> {
    let mut steps = 0;
    while steps < u32::from(most) {
        let outcome = async |notice: Notice| {
            let outcome = server.take(&notice, weather);
            if weather == Weather::Frozen {
                thaw(&app, &server).await;
            }
            outcome
        };
        if !outbox::step_by(&app, LONGEST, outcome).await? {
            break;
        }
        steps += 1;
        if weather == Weather::Frozen {
            break;
        }
    }
    Ok(steps)
}

/// While one sender is frozen, another finds the claim run out, and goes on.
async fn thaw(app: &Arc<App>, server: &Server) {
    for minutes in [3, 90] {
        app.clock.advance(SignedDuration::from_mins(minutes));
        let fair = async |notice: Notice| server.take(&notice, Weather::Fair);
        let done = outbox::step_by(app, LONGEST, fair).await;
        done.expect("another sender goes on");
    }
}
