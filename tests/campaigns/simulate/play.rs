//! What an operation turns out to mean at its moment: which case, who, what is offered to them.

use std::sync::Arc;
use std::time::Duration;

use clares_law::app::App;
use clares_law::app::act::Request;
use clares_law::app::drafts::{Published, publish};
use clares_law::app::error::AppError;
use clares_law::app::history::Loaded;
use clares_law::app::intake::{Door, Form};
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Definition;
use clares_law::engine::definition::builtin::{AMEND, BUILT_IN, CONFIRM, MIGRATE, SEND_BACK};
use clares_law::engine::definition::record::Answers;
use clares_law::engine::migration::TO;
use clares_law::engine::offers::{Offer, offers};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::commands::apart;
use super::faults::{self, Fault};
use super::filling::{filled, spoil};
use super::laws::{Broken, Held, holds};
use super::operation::{Again, Manner, Operation, Slip, Sweepers, Trespass};
use super::simulation::{Answer, Sent, Simulation};
use super::world::{inside, roles, to_come};

const REASON: &str = "The reason, in my own words";
/// A simulation stays small: what matters happens between cases and people, not among hundreds.
const MOST_CASES: usize = 12;
const DUE: &str = "what has become due is swept to the end";
const L13: &str = "L13 a case takes the edition in force on the day it was received";
const MAY_NOT: &str = "who may not, cannot";

/// A case with what is needed to act on it.
struct Open {
    id: CaseId,
    loaded: Loaded,
    definition: Arc<Definition>,
}

impl Simulation {
    /// Does one operation, and asks the laws of what it touched.
    pub async fn perform(&mut self, operation: &Operation) -> Held {
        match operation {
            Operation::Apply { door, fill, slip } => self.apply(*door, *fill, *slip).await,
            Operation::Act {
                case,
                who,
                what,
                fill,
                slip,
                manner,
            } => self.act(*case, *who, *what, (*fill, *slip), *manner).await,
            Operation::Answer { case, who, back } => self.answer(*case, *who, *back).await,
            Operation::Amend {
                case,
                who,
                record,
                fill,
            } => self.amend(*case, *who, *record, *fill).await,
            Operation::Move { case, who, edition } => {
                self.propose_move(*case, *who, *edition).await
            }
            Operation::Trespass {
                case,
                who,
                what,
                how,
            } => self.trespass(*case, *who, *what, *how).await,
            Operation::Again { command, how } => self.again(*command, *how).await,
            Operation::Wait { minutes } => {
                self.world
                    .clock
                    .advance(SignedDuration::from_mins(i64::from(*minutes)));
                Ok(())
            }
            Operation::Jump { seconds } => {
                self.jump(*seconds);
                Ok(())
            }
            Operation::Turn { spring, minutes } => {
                self.turn(*spring, *minutes);
                Ok(())
            }
            Operation::Sweep { most, sweepers } => self.sweep(*most, *sweepers).await,
            Operation::Doom { point, left } => {
                faults::doom(*point);
                self.left = *left;
                Ok(())
            }
            Operation::Restart { left } => {
                self.tell(&format!("the process ends ({left:?}) and begins again"));
                self.restart(*left).await?;
                self.look().await.map(|_| ())
            }
            Operation::Publish { edition } => self.publish(*edition).await,
            Operation::Hire { authority, role } => self.hire(*authority, *role).await,
            Operation::Rebuild => {
                self.fired.note(Fault::Rebuilt);
                self.tell("the rows are made anew");
                self.look_at_all().await
            }
            Operation::Post { weather, most } => self.post(*weather, *most).await,
            Operation::Decide { message, again } => self.decide(*message, *again).await,
            Operation::Release => self.release().await,
            Operation::Leave { who } => self.leave(*who).await,
        }
    }

    /// The schemes that authorities run, as the ways in.
    fn doors(&self) -> Vec<(String, String)> {
        let definitions = &self.world.app().definitions;
        let authorities = definitions.authorities().values();
        let run = authorities.flat_map(|own| {
            own.schemes
                .names()
                .map(|scheme| (own.name.clone(), scheme.to_owned()))
        });
        run.collect()
    }

    async fn apply(&mut self, door: u16, fill: u32, slip: Slip) -> Held {
        if self.cases.len() >= MOST_CASES {
            return Ok(());
        }
        let doors = self.doors();
        let (authority, scheme) = doors[usize::from(door) % doors.len()].clone();
        let Ok(edition) = self.world.app().in_force(&authority, &scheme) else {
            return Ok(());
        };
        let intake = &edition.definition.scheme.intake;
        let public = intake.public_form.as_ref().filter(|_| fill & 1 == 0);
        let form = public.unwrap_or(&intake.referral_form);
        let public = public.is_some();
        let record = &edition.definition.records[&**form];
        let mut answers = filled(record, fill / 2, self.today(&edition.definition), &[]);
        let spoilt = spoil(Some(record), &mut answers, &mut String::new(), slip);
        let actor = if public {
            Actor::public()
        } else {
            self.somebody(&authority, "referrer")
        };
        let form = if public { Form::Public } else { Form::Referral };
        let key = (fill % 8 != 7).then(|| self.key());
        let door = Door {
            authority,
            scheme: scheme.clone(),
            form,
        };
        let crowd = self.cases.len();
        let answer = self
            .send(Sent::Application(door, answers, key, actor), false)
            .await?;
        self.tell(&format!(
            "somebody applies to {scheme} ({form:?}): {}",
            told(&answer)
        ));
        self.note_slip(slip, spoilt);
        holds!(
            MAY_NOT,
            !(spoilt && matches!(answer, Answer::Done(_))),
            "a form that is wrong was taken"
        );
        if self.cases.len() > crowd {
            let loaded = self.load(self.cases[crowd].id).await?;
            let in_force = self.in_force_by_files(&scheme, loaded.history[0].at);
            holds!(
                L13,
                in_force.is_none_or(|hash| hash == loaded.edition),
                "it took {}",
                loaded.edition
            );
        }
        Ok(())
    }

    /// The edition whose day is the last that had come, told from the published rows.
    fn in_force_by_files(&self, scheme: &str, at: Timestamp) -> Option<String> {
        let zone = TimeZone::get("Europe/London").ok()?;
        let day = at.to_zoned(zone).date().to_string();
        let all = self.world.app().definitions.all();
        let begun = all
            .iter()
            .filter(|row| row.scheme == scheme && row.effective_from <= day);
        begun
            .max_by_key(|row| row.effective_from.clone())
            .map(|row| row.hash.clone())
    }

    async fn open(&self, case: u16) -> Result<Option<Open>, Broken> {
        if self.cases.is_empty() {
            return Ok(None);
        }
        let id = self.cases[usize::from(case) % self.cases.len()].id;
        let loaded = self.load(id).await?;
        let definition = self
            .edition(&loaded.edition, &loaded.case.authority)
            .await?;
        Ok(Some(Open {
            id,
            loaded,
            definition,
        }))
    }

    /// Everybody at the authority that has the case, beginning with one.
    fn people_from(&self, authority: &str, who: u16) -> Vec<Actor> {
        let people = self.world.people.iter();
        let mut ours: Vec<Actor> = people
            .filter(|person| person.authority == authority)
            .cloned()
            .collect();
        let first = usize::from(who) % ours.len().max(1);
        ours.rotate_left(first);
        ours
    }

    /// Somebody to whom something is offered, and what.
    fn offered(
        &self,
        open: &Open,
        who: u16,
        what: u16,
        wanted: impl Fn(&Offer) -> bool,
    ) -> Option<(Actor, Offer)> {
        let now = self.world.now();
        for person in self.people_from(&open.loaded.case.authority, who) {
            let mut offered = offers(&open.definition, &open.loaded.case, &person, now);
            offered.retain(|offer| offer.allowed && wanted(offer));
            if !offered.is_empty() {
                let chosen = usize::from(what) % offered.len();
                return Some((person, offered.swap_remove(chosen)));
            }
        }
        None
    }

    fn request(&mut self, open: &Open, actor: Actor, action: &str, record: Answers) -> Request {
        Request {
            case: open.id,
            action: action.to_owned(),
            record,
            rationale: REASON.to_owned(),
            expected: Some(open.loaded.case.version),
            key: Some(self.key()),
            actor,
        }
    }

    async fn act(
        &mut self,
        case: u16,
        who: u16,
        what: u16,
        (fill, slip): (u32, Slip),
        manner: Manner,
    ) -> Held {
        let Some(open) = self.open(case).await? else {
            return Ok(());
        };
        let leads_on = |offer: &Offer| {
            let declared = open.definition.scheme.actions.get(&offer.action);
            declared.is_some_and(|action| action.to.is_some())
        };
        let declared = |offer: &Offer| !BUILT_IN.contains(&&*offer.action);
        let chosen = match what % 4 {
            0 => self.offered(&open, who, what / 4, |_| true),
            1 => self.offered(&open, who, what / 4, declared),
            _ => self.offered(&open, who, what / 4, leads_on),
        };
        let Some((actor, offer)) = chosen else {
            return Ok(());
        };
        let record = offer
            .record
            .as_ref()
            .and_then(|name| open.definition.records.get(name));
        let elsewhere: Vec<&str> = open
            .definition
            .authorities
            .keys()
            .map(String::as_str)
            .filter(|other| *other != open.loaded.case.authority)
            .collect();
        let today = self.today(&open.definition);
        let mut answers = record
            .map(|record| filled(record, fill, today, &elsewhere))
            .unwrap_or_default();
        let mut reason = REASON.to_owned();
        let spoilt = spoil(record, &mut answers, &mut reason, slip);
        let by = actor.role.clone();
        let mut request = self.request(&open, actor, &offer.action, answers);
        request.rationale = reason;
        let answer = self.send_request(request, manner, spoilt).await?;
        self.note_slip(
            slip,
            spoilt || (slip == Slip::NoReason && offer.reason_needed),
        );
        self.tell_of(
            &open,
            &by,
            &offer.action,
            &format!("{manner:?}, {slip:?}"),
            &answer,
        );
        Ok(())
    }

    async fn answer(&mut self, case: u16, who: u16, back: bool) -> Held {
        let Some(open) = self.waiting(case).await? else {
            return Ok(());
        };
        let wanted = if back { SEND_BACK } else { CONFIRM };
        let Some((actor, offer)) = self.offered(&open, who, 0, |offer| offer.action == wanted)
        else {
            return Ok(());
        };
        let by = actor.role.clone();
        let request = self.request(&open, actor, &offer.action, Answers::new());
        let answer = self.send_request(request, Manner::Calm, false).await?;
        self.tell_of(&open, &by, &offer.action, "", &answer);
        Ok(())
    }

    /// A case with a proposal that waits, beginning with one.
    async fn waiting(&self, case: u16) -> Result<Option<Open>, Broken> {
        for next in 0..u16::try_from(self.cases.len()).unwrap_or(u16::MAX) {
            let open = self.open(case.wrapping_add(next)).await?;
            if let Some(open) = open.filter(|open| open.loaded.case.pending.is_some()) {
                return Ok(Some(open));
            }
        }
        Ok(None)
    }

    async fn amend(&mut self, case: u16, who: u16, record: u16, fill: u32) -> Held {
        let Some(open) = self.open(case).await? else {
            return Ok(());
        };
        let names: Vec<&String> = open.loaded.case.records.keys().collect();
        let Some(name) = names.get(usize::from(record) % names.len().max(1)) else {
            return Ok(());
        };
        let Some(form) = open.definition.records.get(*name) else {
            return Ok(());
        };
        let people = self.people_from(&open.loaded.case.authority, who);
        let may = |person: &&Actor| open.definition.may_amend(name, &person.role);
        let Some(actor) = people.iter().find(may).cloned() else {
            return Ok(());
        };
        let answers = filled(form, fill | 1, self.today(&open.definition), &[]);
        let by = actor.role.clone();
        let mut amended = Answers::new();
        amended.insert("record".to_owned(), json!(name));
        amended.insert("answers".to_owned(), json!(answers));
        let request = self.request(&open, actor, AMEND, amended);
        let answer = self.send_request(request, Manner::Calm, false).await?;
        self.tell_of(&open, &by, AMEND, name, &answer);
        Ok(())
    }

    async fn propose_move(&mut self, case: u16, who: u16, edition: u16) -> Held {
        let Some(open) = self.open(case).await? else {
            return Ok(());
        };
        let mut editions = self
            .world
            .app()
            .definitions
            .editions_of(&open.loaded.case.scheme);
        editions.retain(|row| row.hash != open.loaded.edition);
        let Some(to) = editions.get(usize::from(edition) % editions.len().max(1)) else {
            return Ok(());
        };
        let (hash, label) = (to.hash.clone(), to.edition.clone());
        let movers: Vec<&str> = open.definition.movers().collect();
        let people = self.people_from(&open.loaded.case.authority, who);
        let Some(actor) = people
            .iter()
            .find(|person| movers.contains(&&*person.role))
            .cloned()
        else {
            return Ok(());
        };
        let by = actor.role.clone();
        let mut record = Answers::new();
        record.insert(TO.to_owned(), json!(hash));
        let request = self.request(&open, actor, MIGRATE, record);
        let answer = self.send_request(request, Manner::Calm, false).await?;
        self.tell_of(&open, &by, MIGRATE, &label, &answer);
        Ok(())
    }

    async fn trespass(&mut self, case: u16, who: u16, what: u16, how: Trespass) -> Held {
        let Some(open) = self.open(case).await? else {
            return Ok(());
        };
        let Some((actor, offer)) = self.offered(&open, who, what, |offer| offer.in_role) else {
            return Ok(());
        };
        let record = offer
            .record
            .as_ref()
            .and_then(|name| open.definition.records.get(name));
        let answers = record
            .map(clares_law::engine::definition::record::Record::examples)
            .unwrap_or_default();
        let mut request = self.request(&open, actor, &offer.action, answers);
        let fault = match how {
            Trespass::OtherAuthority => {
                let other = |person: &&Actor| {
                    person.authority != request.actor.authority && person.role == request.actor.role
                };
                let Some(other) = self.world.people.iter().find(other) else {
                    return Ok(());
                };
                request.actor = other.clone();
                Fault::OtherAuthority
            }
            Trespass::OtherRole => {
                if BUILT_IN.contains(&&*offer.action) {
                    return Ok(());
                }
                request.actor = self.somebody(&open.loaded.case.authority, "auditor");
                Fault::OtherRole
            }
            Trespass::OwnProposal => {
                let Some(open) = self.waiting(case).await? else {
                    return Ok(());
                };
                let Some(waits) = &open.loaded.case.pending else {
                    return Ok(());
                };
                let role = waits.confirm_by.first().cloned().unwrap_or_default();
                let actor = Actor {
                    role,
                    authority: open.loaded.case.authority.clone(),
                    ..waits.by.clone()
                };
                request = self.request(&open, actor, CONFIRM, Answers::new());
                Fault::OwnProposal
            }
            Trespass::Stranger => {
                request.actor = Actor::public();
                Fault::Stranger
            }
            Trespass::UnknownCase => {
                request.case = CaseId(uuid::Uuid::from_u128(u128::from(what)));
                Fault::UnknownCase
            }
            Trespass::UnknownAction => {
                "no_such_action".clone_into(&mut request.action);
                Fault::UnknownAction
            }
        };
        self.fired.note(fault);
        let (by, action) = (request.actor.role.clone(), request.action.clone());
        let answer = self.send(Sent::Request(request), false).await?;
        self.tell_of(&open, &by, &action, fault.text(), &answer);
        holds!(
            MAY_NOT,
            !matches!(answer, Answer::Done(_)),
            "{}: {action} was done",
            fault.text()
        );
        Ok(())
    }

    async fn again(&mut self, command: u16, how: Again) -> Held {
        let keyed: Vec<usize> = (0..self.sent.len())
            .filter(|place| self.sent[*place].0.key().is_some())
            .collect();
        if keyed.is_empty() {
            return Ok(());
        }
        let (mut sent, before) = self.sent[keyed[usize::from(command) % keyed.len()]].clone();
        let fault = match how {
            Again::Same => Fault::KeyAgain,
            Again::OtherBody => {
                match &mut sent {
                    Sent::Application(_, answers, ..) => {
                        _ = answers.insert("other".to_owned(), json!("x"));
                    }
                    Sent::Request(request) => request.rationale.push_str(" and another"),
                }
                Fault::KeyOtherBody
            }
            Again::OtherActor => {
                let Sent::Request(request) = &mut sent else {
                    return Ok(());
                };
                let actor = request.actor.clone();
                let like = |other: &&Actor| {
                    other.role == actor.role
                        && other.authority == actor.authority
                        && other.id != actor.id
                };
                let Some(other) = self.world.people.iter().find(like) else {
                    return Ok(());
                };
                request.actor = other.clone();
                Fault::KeyOtherActor
            }
        };
        self.fired.note(fault);
        let answer = self.send(sent, false).await?;
        self.tell(&format!("{}: {}", fault.text(), told(&answer)));
        let same = match (&before, &answer) {
            (_, Answer::Unknown) | (None, _) => true,
            (Some(before), Answer::Done(done)) => {
                how == Again::Same && before == done || how == Again::OtherActor
            }
            (Some(_), Answer::Refused(error)) => match how {
                Again::Same => false,
                Again::OtherBody => matches!(error, AppError::KeyTaken),
                Again::OtherActor => true,
            },
        };
        holds!(
            super::simulation::ONCE,
            same,
            "{}: {before:?} was answered, and now {answer:?}",
            fault.text()
        );
        Ok(())
    }

    fn jump(&mut self, seconds: i64) {
        self.fired.note(match seconds {
            -3599..=-1 => Fault::ClockBackSeconds,
            ..=-3600 => Fault::ClockBackDays,
            0..=3600 => Fault::ClockSeconds,
            _ => Fault::ClockDays,
        });
        self.world.clock.advance(SignedDuration::from_secs(seconds));
        self.tell("the clock is put to this time");
    }

    fn turn(&mut self, spring: bool, minutes: i32) {
        let Ok(zone) = TimeZone::get("Europe/London") else {
            return;
        };
        let now = self.world.now();
        let mut ahead = zone
            .following(now)
            .filter(|turn| turn.dst().is_dst() == spring);
        let Some(turn) = ahead.next() else { return };
        let to = turn.timestamp() + SignedDuration::from_mins(i64::from(minutes));
        let wait = now.duration_until(to);
        if wait.is_negative() || wait > SignedDuration::from_hours(24 * 120) {
            return;
        }
        self.fired.note(if spring {
            Fault::HourSkipped
        } else {
            Fault::HourTwice
        });
        self.world.clock.set(to);
        self.tell("time passes until the clocks are changed");
    }

    async fn sweep(&mut self, most: Option<u8>, sweepers: Sweepers) -> Held {
        self.note_absence().await?;
        // Of two with few cases each, it is chance which one finds what.
        let most = most.filter(|_| sweepers == Sweepers::One);
        let swept = apart(swept(Arc::clone(self.world.app()), most, sweepers)).await;
        match sweepers {
            Sweepers::One => {}
            Sweepers::Two => self.fired.note(Fault::TwoSweepers),
            Sweepers::Superseded => self.fired.note(Fault::StaleSweeper),
        }
        let crashed = self.revive().await?;
        let touched = self.look().await?;
        if crashed {
            return Ok(());
        }
        let Some(rounds) = swept.transpose().map_err(inside)? else {
            holds!(DUE, false, "the sweeper fell over");
            return Ok(());
        };
        holds!(DUE, rounds < 1000, "it never ends");
        if !touched.is_empty() {
            self.tell(&format!(
                "what is due is recorded on {} cases",
                touched.len()
            ));
        }
        if most.is_none() {
            self.swept()?;
        }
        Ok(())
    }

    /// For how long nobody has looked at what is due.
    async fn note_absence(&mut self) -> Held {
        let mut tx = self
            .world
            .db()
            .begin_read()
            .await
            .map_err(anyhow::Error::from)?;
        let rows = clares_law::store::deadlines::all(&mut tx)
            .await
            .map_err(anyhow::Error::from)?;
        drop(tx);
        let first = rows.iter().filter_map(|row| row.next_stage_at).min();
        let late = first.map(|at| self.world.now().duration_since(at.timestamp()));
        if late.is_some_and(|late| late > SignedDuration::from_hours(24)) {
            self.fired.note(Fault::WorkerAwayDay);
        }
        if late.is_some_and(|late| late > SignedDuration::from_hours(24 * 30)) {
            self.fired.note(Fault::WorkerAwayMonth);
        }
        Ok(())
    }

    async fn publish(&mut self, edition: u16) -> Held {
        let editions = to_come();
        let draft = editions[usize::from(edition) % editions.len()];
        let (db, now) = (self.world.db().clone(), self.world.now());
        let done = apart(async move { publish(&db, draft, now).await }).await;
        if self.revive().await? {
            return self.look().await.map(|_| ());
        }
        let Some(became) = done.transpose().map_err(inside)? else {
            holds!(DUE, false, "publishing fell over");
            return Ok(());
        };
        if matches!(became, Published::CasesSince(_)) {
            self.fired.note(Fault::LateEdition);
        }
        let app = self.world.app();
        app.definitions.refresh(&app.db).await.map_err(inside)?;
        self.tell(&format!(
            "an edition of {} is published: {became:?}",
            &*draft.definition.scheme.scheme
        ));
        self.look().await.map(|_| ())
    }

    async fn hire(&mut self, authority: u16, role: u16) -> Held {
        let authorities: Vec<String> = self
            .world
            .app()
            .definitions
            .authorities()
            .keys()
            .cloned()
            .collect();
        let (authority, roles) = (
            &authorities[usize::from(authority) % authorities.len()],
            roles(),
        );
        let role = &roles[usize::from(role) % roles.len()];
        self.world.hire(authority, role, "").await?;
        self.tell(&format!("a {role} joins {authority}"));
        Ok(())
    }

    fn today(&self, definition: &Definition) -> jiff::civil::Date {
        self.world.now().to_zoned(definition.zone.clone()).date()
    }

    /// The first of a role, or somebody of that role whom nobody has hired.
    fn somebody(&self, authority: &str, role: &str) -> Actor {
        let known = self
            .world
            .people
            .iter()
            .find(|person| person.authority == authority && person.role == role);
        known.cloned().unwrap_or_else(|| Actor {
            id: format!("{role}-of-{authority}"),
            role: role.to_owned(),
            agency: String::new(),
            authority: authority.to_owned(),
        })
    }

    fn note_slip(&mut self, slip: Slip, spoilt: bool) {
        let fault = match slip {
            Slip::Nothing => return,
            Slip::UnknownField => Fault::UnknownField,
            Slip::MissingField => Fault::MissingField,
            Slip::WrongKind => Fault::WrongKind,
            Slip::TooLong => Fault::TooLong,
            Slip::Unprintable => Fault::Unprintable,
            Slip::NoReason => Fault::NoReason,
        };
        if spoilt {
            self.fired.note(fault);
        }
    }

    fn tell_of(&mut self, open: &Open, by: &str, action: &str, how: &str, answer: &Answer) {
        let number = self
            .cases
            .iter()
            .position(|known| known.id == open.id)
            .unwrap_or(0)
            + 1;
        let state = &open.loaded.case.state;
        let line = format!(
            "case {number} in {state}: {action} by {by} ({how}): {}",
            told(answer)
        );
        self.tell(&line);
    }
}

fn told(answer: &Answer) -> String {
    match answer {
        Answer::Done(done) => format!("done, {done}"),
        Answer::Refused(error) => format!("refused, {error:?}"),
        Answer::Unknown => "nobody was told".to_owned(),
    }
}

/// The node that sweeps; it takes its lease anew each time.
const NODE: uuid::Uuid = uuid::Uuid::from_u128(1);
/// Real time, which a simulation takes none of.
const LEASE: Duration = Duration::from_hours(1);

/// Records what is due, to the end or once; answers how many rounds it took.
async fn swept(app: Arc<App>, most: Option<u8>, sweepers: Sweepers) -> Result<u32, AppError> {
    let take = || app.take_lease("deadlines", NODE, LEASE);
    let earlier = take().await?;
    let (Some(earlier), Some(lease)) = (earlier, take().await?) else {
        return Err(AppError::Inside("nobody gives the lease".to_owned()));
    };
    let batch = i64::from(most.unwrap_or(50));
    let mut rounds = 0;
    loop {
        let recorded = match sweepers {
            Sweepers::Two => {
                let (one, other) = tokio::join!(app.sweep(&lease, batch), app.sweep(&lease, batch));
                one? + other?
            }
            Sweepers::Superseded if app.sweep(&earlier, batch).await? > 0 => {
                return Err(AppError::Inside(
                    "a lease that is over was enough".to_owned(),
                ));
            }
            Sweepers::One | Sweepers::Superseded => app.sweep(&lease, batch).await?,
        };
        rounds += 1;
        if recorded == 0 || most.is_some() {
            return Ok(rounds);
        }
    }
}
