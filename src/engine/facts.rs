//! The facts of a case, as the conditions of its definition ask for them.

use jiff::Timestamp;

use super::case::{Case, Running};
use super::clocks;
use super::command::Actor;
use super::definition::Definition;
use super::definition::condition::{Fact, Facts, LAST_DAY, TODAY};
use super::definition::facts::answer;
use super::definition::record::{Answers, Record};
use crate::domain::person::Party;

/// A form that is being filled in.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    pub record: &'a Record,
    pub answers: &'a Answers,
    pub now: Timestamp,
}

/// The facts of a case when somebody asks to do something.
#[derive(Clone, Copy)]
pub struct CaseFacts<'a> {
    pub definition: &'a Definition,
    pub case: &'a Case,
    pub actor: &'a Actor,
    pub form: Option<Filling<'a>>,
}

impl Facts for CaseFacts<'_> {
    fn fact(&self, path: &[String]) -> Option<Fact> {
        let case = self.case;
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match names[..] {
            ["case", "route"] => Some(Fact::text(&case.route)),
            ["case", "capacity"] => Some(Fact::text(&case.capacity)),
            ["case", "state"] => Some(Fact::text(&case.state)),
            ["case", "phase"] => Some(Fact::text(
                self.definition.scheme.states.get(&case.state)?.phase.name(),
            )),
            ["case", "outcome"] => Some(case.outcome.as_deref().map_or(Fact::Null, Fact::text)),
            ["case", "pending"] => Some(
                case.pending
                    .as_ref()
                    .map_or(Fact::Null, |waits| Fact::text(&waits.action)),
            ),
            ["party", party, "known"] => Some(Fact::Yes(self.party_known(party)?)),
            ["record", name, field] => {
                let record = self.definition.records.get(name)?;
                answer(
                    record,
                    case.records.get(name).map(|filing| &filing.answers),
                    field,
                )
            }
            ["count", action] => Some(Fact::Number(case.count(action).into())),
            ["flag", flag] => Some(Fact::Yes(case.has_flag(flag))),
            ["clock", clock, "running"] => Some(Fact::Yes(case.running(clock).is_some())),
            ["clock", clock, "overdue"] => {
                Some(Fact::Yes(case.running(clock).is_some_and(Running::is_late)))
            }
            ["clock", clock, LAST_DAY] => self.last_day(clock),
            ["case", TODAY] => {
                let today = self.form?.now.to_zoned(self.definition.zone.clone());
                Some(Fact::text(&today.date().to_string()))
            }
            ["actor", "role"] => Some(Fact::text(&self.actor.role)),
            ["actor", "agency"] => Some(Fact::text(&self.actor.agency)),
            ["this", field] => {
                let form = self.form?;
                answer(form.record, Some(form.answers), field)
            }
            _ => None,
        }
    }
}

impl CaseFacts<'_> {
    /// A limit asks nothing of the form, so it is told nothing of it.
    fn last_day(&self, clock: &str) -> Option<Fact> {
        let now = self.form?.now;
        let facts = Self {
            form: None,
            ..*self
        };
        let last = clocks::last_day(self.definition, self.case, clock, now, &facts);
        last.ok().map(|day| Fact::text(&day.to_string()))
    }

    fn party_known(&self, name: &str) -> Option<bool> {
        let party = Party::ALL.into_iter().find(|party| party.name() == name)?;
        let known = self.definition.records.iter().any(|(record_name, record)| {
            let field = record.person(party);
            let filing = self.case.records.get(record_name);
            field
                .zip(filing)
                .is_some_and(|(field, filing)| filing.answers.contains_key(&**field))
        });
        Some(known)
    }
}
