//! Events in the making: what an action does to the state, the flags and the clocks, one event after the other.

use jiff::Timestamp;

use super::case::Case;
use super::clocks;
use super::command::Actor;
use super::definition::Definition;
use super::definition::record::Answers;
use super::definition::scheme::{Action, Clock};
use super::event::{Confirmation, Event, Filed, Recorded};
use super::evolve::evolve;
use super::facts::CaseFacts;
use crate::domain::refusal::Refusal;

/// An event that is to be recorded, and who brought it about.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    pub actor: Actor,
    pub event: Event,
}

/// An action about to take effect.
pub struct Effected {
    pub rationale: String,
    pub filed: Option<Filed>,
    pub outcome: Option<String>,
    pub confirmed: Option<Confirmation>,
}

/// The edition that a case is to go by.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The hash of the edition that the case goes by.
    pub own: &'a str,
    pub hash: &'a str,
    pub definition: &'a Definition,
}

/// Events in the making, and the case as it would be after them.
pub struct Draft<'a> {
    pub definition: &'a Definition,
    /// The edition that the case is to go by, where that is what is asked.
    pub target: Option<Target<'a>>,
    pub case: Case,
    pub actor: Actor,
    pub now: Timestamp,
    pub happened: Vec<Happening>,
}

impl<'a> Draft<'a> {
    pub fn new(definition: &'a Definition, case: Case, actor: Actor, now: Timestamp) -> Self {
        Self {
            definition,
            target: None,
            case,
            actor,
            now,
            happened: Vec::new(),
        }
    }

    pub fn push(&mut self, event: Event) {
        self.push_by(self.actor.clone(), event);
    }

    fn push_by(&mut self, actor: Actor, event: Event) {
        let recorded = Recorded {
            seq: self.case.version + 1,
            at: self.now,
            actor,
            event,
        };
        self.case = evolve(std::mem::take(&mut self.case), &recorded);
        self.happened.push(Happening {
            actor: recorded.actor,
            event: recorded.event,
        });
    }

    /// Warnings and breaches that nobody has noticed yet come first, so that no action hides them (L6).
    pub fn catch_up(&mut self) {
        while let Some(event) = clocks::next_due_event(self.definition, &self.case, self.now) {
            self.push_by(Actor::clock(), event);
        }
    }

    /// Why a reason must be given, if it must (L3).
    pub fn reason_needed(&self, name: &str, action: &Action) -> Option<String> {
        if self.definition.needs_reason(action) {
            return Some("Give the reason, in your own words".to_owned());
        }
        let late = self.case.clocks.iter().find(|run| {
            run.is_running()
                && run.is_late()
                && self.stops(&run.clock, Some(name), action.to.as_deref())
        })?;
        Some(format!(
            "{} ran late: give the reason for the delay",
            self.definition.clock_label(&late.clock)
        ))
    }

    fn stops(&self, clock: &str, action: Option<&str>, state: Option<&str>) -> bool {
        let ends = state.is_some_and(|state| self.definition.is_end(state));
        let declared = self.definition.scheme.clocks.get(clock);
        ends || declared.is_some_and(|clock| clock.stops_by(action, state))
    }

    /// The action takes effect: the state, the flags, the clocks.
    pub fn take_effect(
        &mut self,
        name: &str,
        action: &Action,
        effected: Effected,
    ) -> Result<(), Refusal> {
        let from = self.case.state.clone();
        let to = action
            .to
            .as_ref()
            .map(ToString::to_string)
            .filter(|state| *state != from);
        let filed_answers = effected
            .filed
            .as_ref()
            .map(|filed| filed.answers.clone())
            .unwrap_or_default();
        self.push(Event::Acted {
            action: name.to_owned(),
            from,
            ended: to
                .as_deref()
                .is_some_and(|state| self.definition.is_end(state)),
            to: to.clone(),
            rationale: effected.rationale,
            filed: effected.filed,
            outcome: effected.outcome,
            route: action.route.as_ref().map(ToString::to_string),
            set_aside: self.set_aside(action),
            told: action
                .tells
                .iter()
                .map(|(capacity, message)| (capacity.to_string(), message.to_string()))
                .collect(),
            confirmed: effected.confirmed,
        });
        for flag in action.raises.iter() {
            self.raise(flag)?;
        }
        for flag in action
            .lowers
            .iter()
            .filter(|flag| self.case.has_flag(flag))
            .collect::<Vec<_>>()
        {
            self.push(Event::FlagLowered {
                flag: flag.to_string(),
            });
        }
        self.transfer(action, &filed_answers);
        self.move_clocks(action, &filed_answers)?;
        self.run_clocks(Some(name), to.as_deref())
    }

    /// The records that an action sets aside: all but the application and what it keeps.
    fn set_aside(&self, action: &Action) -> Vec<String> {
        let intake = &self.definition.scheme.intake;
        let records =
            self.case.records.keys().filter(|name| {
                action.afresh && !intake.begins_with(name) && !action.keeps.has(name)
            });
        records.cloned().collect()
    }

    fn transfer(&mut self, action: &Action, answers: &Answers) {
        let Some(word) = &action.transfers else {
            return;
        };
        let named = || answers.get(&**word).and_then(|value| value.as_str());
        let to = match &**word {
            Action::BACK => self.case.came_from.clone(),
            _ => named().map(str::to_owned),
        };
        if let Some(to) = to {
            let from = self.case.authority.clone();
            self.push(Event::Transferred { from, to });
        }
    }

    fn move_clocks(&mut self, action: &Action, answers: &Answers) -> Result<(), Refusal> {
        for clock in action.pauses.iter() {
            let review = answers
                .get("review_on")
                .and_then(|value| value.as_str())
                .and_then(|text| text.parse().ok());
            let review = review.ok_or_else(|| {
                Refusal::unmet("A pause needs the day on which it is looked at again")
            })?;
            if let Some(run) = self.case.running(clock).filter(|run| run.paused.is_none()) {
                self.push(clocks::pause(self.definition, run, review, self.now)?);
            }
        }
        for clock in action.resumes.iter() {
            if let Some(run) = self.case.running(clock).filter(|run| run.paused.is_some()) {
                self.push(clocks::resume(self.definition, run, self.now)?);
            }
        }
        if let Some(extension) = &action.extends
            && let Some(run) = self.case.running(&extension.clock)
        {
            self.push(clocks::extend(self.definition, run, &extension.by)?);
        }
        Ok(())
    }

    /// Stops and starts the clocks that name this action or the state entered. A running clock is never restarted.
    pub fn run_clocks(&mut self, action: Option<&str>, state: Option<&str>) -> Result<(), Refusal> {
        let running = self.case.clocks.iter().filter(|run| run.is_running());
        let stopping = running.filter(|run| self.stops(&run.clock, action, state));
        let stopped: Vec<_> = stopping.map(clocks::stop).collect();
        for event in stopped {
            self.push(event);
        }
        if self.case.ended {
            return Ok(());
        }
        self.start_clocks(|clock| clock.starts_by(action, state))
    }

    /// Raises a flag that is not up, and starts the clocks that name it (`flag NAME`).
    pub fn raise(&mut self, flag: &str) -> Result<(), Refusal> {
        if self.case.has_flag(flag) {
            return Ok(());
        }
        self.push(Event::FlagRaised {
            flag: flag.to_owned(),
        });
        let named = format!("flag {flag}");
        self.start_clocks(|clock| clock.starts_on.has(&named))
    }

    fn start_clocks(&mut self, starts: impl Fn(&Clock) -> bool) -> Result<(), Refusal> {
        let clocks = self.definition.scheme.clocks.iter();
        for (name, _) in clocks.filter(|(_, clock)| starts(clock)) {
            if self.case.running(name).is_some() {
                continue;
            }
            let facts = CaseFacts {
                definition: self.definition,
                case: &self.case,
                actor: &self.actor,
                form: None,
            };
            let started = clocks::start(self.definition, &self.case, name, self.now, &facts)?;
            self.push(started);
        }
        Ok(())
    }
}
