//! One turn of a random walk: how long nothing happens, who acts, what is done, and with which answers.

use clares_law::engine::command::{Actor, Command};
use clares_law::engine::definition::builtin::{AMEND, CONFIRM, NOTE, SEND_BACK};
use clares_law::engine::definition::record::{Answers, Field, Kind};
use clares_law::engine::offers::{Offer, offers};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::support::world::{Walk, answers, dsdas, no_answers, person};

/// The roles that act in the scheme.
pub const ROLES: [&str; 7] = [
    "intake",
    "verifier",
    "supervisor",
    "coordinator",
    "chair",
    "member",
    "discloser",
];

/// How many people there are of each role.
const EACH: usize = 3;

/// Who walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// Several people of each role.
    Many,
    /// Three people, each of whom has every role.
    Few,
    /// One account with every role, from the first day.
    Alone,
    /// One account with every role, which comes to a case that others began.
    Newcomer,
}

impl Cast {
    /// The nth person of a role, when the walk begins.
    pub fn name(self, role: &str, number: usize) -> String {
        match self {
            Self::Many | Self::Newcomer => format!("{role}-{number}"),
            Self::Few => format!("person-{number}"),
            Self::Alone => "only".to_owned(),
        }
    }

    /// The nth person of a role who walks.
    pub fn person(self, role: &str, number: usize) -> Actor {
        let id = if self == Self::Newcomer {
            "only".to_owned()
        } else {
            self.name(role, number)
        };
        person(&id, role)
    }
}

#[derive(Debug, Clone)]
pub struct Turn {
    pub minutes: i64,
    who: Index,
    does: Does,
    changes: Vec<Change>,
    /// Nine in ten give a reason.
    reason: bool,
}

#[derive(Debug, Clone, Copy)]
enum Does {
    /// One of the offered actions that lead on.
    Move(Index),
    /// One of the offered actions that do not.
    Stay(Index),
    /// Any action at all, offered or not.
    Any(Index, Index),
    Confirm(Index),
    SendBack(Index),
    Note,
    Amend(Index, Index),
    LookAtClocks,
}

/// An answer that differs from the example.
#[derive(Debug, Clone, Copy)]
struct Change {
    field: Index,
    /// What becomes of it; every eighth value drops it.
    how: u8,
}

pub fn any_turn() -> BoxedStrategy<Turn> {
    let minutes = prop_oneof![6 => 1..600_i64, 3 => 600..4_320_i64, 1 => 4_320..28_800_i64];
    let does = prop_oneof![
        8 => any::<Index>().prop_map(Does::Move),
        4 => any::<Index>().prop_map(Does::Stay),
        5 => any::<Index>().prop_map(Does::Confirm),
        1 => any::<(Index, Index)>().prop_map(|(action, role)| Does::Any(action, role)),
        1 => any::<Index>().prop_map(Does::SendBack),
        1 => Just(Does::Note),
        2 => any::<(Index, Index)>().prop_map(|(record, role)| Does::Amend(record, role)),
        1 => Just(Does::LookAtClocks),
    ];
    let change = any::<(Index, u8)>().prop_map(|(field, how)| Change { field, how });
    let changes = prop_oneof![3 => Just(Vec::new()), 2 => prop::collection::vec(change, 1..4)];
    let turn = (
        minutes,
        any::<Index>(),
        does,
        changes,
        prop::bool::weighted(0.9),
    );
    turn.prop_map(|(minutes, who, does, changes, reason)| Turn {
        minutes,
        who,
        does,
        changes,
        reason,
    })
    .boxed()
}

/// Every role with what it is offered, the form-dependent conditions counted as possible.
pub fn offered(walk: &Walk, cast: Cast) -> Vec<(&'static str, Offer)> {
    let of = |role| offers(dsdas(), &walk.case, &cast.person(role, 1), walk.now);
    ROLES
        .iter()
        .flat_map(|role| of(role).into_iter().map(move |offer| (*role, offer)))
        .collect()
}

/// Whether an offer leads the case on: another state, at once or when a second person agrees.
pub fn leads_on(offer: &Offer, state: &str) -> bool {
    let action = dsdas().scheme.actions.get(&offer.action);
    action.is_some_and(|action| action.to.as_deref().is_some_and(|to| to != state))
}

impl Turn {
    /// The command of this turn, or nothing when only the clocks are looked at or nobody is offered anything.
    pub fn command(
        &self,
        walk: &Walk,
        cast: Cast,
        offers: &[(&'static str, Offer)],
    ) -> Option<Command> {
        let scheme = &dsdas().scheme;
        let (action, role, record) = match self.does {
            Does::LookAtClocks => return None,
            Does::Move(pick) | Does::Stay(pick) => {
                let moves = matches!(self.does, Does::Move(_));
                let fits = |offer: &&(&str, Offer)| {
                    let own = scheme.actions.has(&offer.1.action);
                    own && offer.1.allowed && leads_on(&offer.1, &walk.case.state) == moves
                };
                let fitting: Vec<_> = offers.iter().filter(fits).collect();
                let (role, offer) = fitting.get(pick.index(fitting.len().max(1)))?;
                (
                    offer.action.clone(),
                    *role,
                    self.filled(walk, &offer.action),
                )
            }
            Does::Any(action, role) => {
                let name = &*scheme.actions.0[action.index(scheme.actions.0.len())].0;
                (name.to_owned(), *role.get(&ROLES), self.filled(walk, name))
            }
            Does::Confirm(role) => (
                CONFIRM.to_owned(),
                Self::confirmer(walk, role),
                no_answers(),
            ),
            Does::SendBack(role) => (
                SEND_BACK.to_owned(),
                Self::confirmer(walk, role),
                no_answers(),
            ),
            Does::Note => (NOTE.to_owned(), ROLES[0], no_answers()),
            Does::Amend(record, role) => (
                AMEND.to_owned(),
                *role.get(&ROLES),
                self.amendment(walk, record),
            ),
        };
        let rationale = if self.reason {
            "The reason, in my own words"
        } else {
            ""
        };
        Some(Command {
            action,
            record,
            rationale: rationale.to_owned(),
            expected: None,
            actor: cast.person(role, self.who.index(EACH) + 1),
            now: walk.now,
        })
    }

    /// A role that may confirm what waits, or any role.
    fn confirmer(walk: &Walk, role: Index) -> &'static str {
        let waits = walk.case.pending.as_ref();
        let asked = waits.map(|waits| role.get(&waits.confirm_by).as_str());
        let known = asked.and_then(|asked| ROLES.iter().find(|role| **role == asked));
        known.unwrap_or(role.get(&ROLES))
    }

    fn filled(&self, walk: &Walk, action: &str) -> Answers {
        let record = dsdas()
            .scheme
            .actions
            .get(action)
            .and_then(|action| action.record.as_ref());
        let Some(record) = record.and_then(|name| dsdas().records.get(&**name)) else {
            return no_answers();
        };
        let mut filled = record.examples();
        for (name, field) in record
            .fields
            .iter()
            .filter(|(_, field)| field.kind == Kind::Date)
        {
            if field.example.is_some() {
                filled.insert(name.to_string(), day(walk, [3, 18, 33][self.who.index(3)]));
            }
        }
        for change in &self.changes {
            let (name, field) = change.field.get(&record.fields.0);
            match change.value(walk, field, filled.get(&**name)) {
                Some(value) => filled.insert(name.to_string(), value),
                None => filled.remove(&**name),
            };
        }
        filled
    }

    fn amendment(&self, walk: &Walk, record: Index) -> Answers {
        let (name, filing) = walk
            .case
            .records
            .iter()
            .nth(record.index(walk.case.records.len()))
            .unwrap();
        let form = &dsdas().records[name];
        let mut changed = no_answers();
        let one = [Change {
            field: record,
            how: 1,
        }];
        for change in self.changes.iter().chain(&one) {
            let (field_name, field) = change.field.get(&form.fields.0);
            let now = filing.answers.get(&**field_name);
            changed.insert(
                field_name.to_string(),
                change.value(walk, field, now).unwrap_or(Value::Null),
            );
        }
        answers(json!({ "record": name, "answers": changed }))
    }
}

impl Change {
    /// The changed answer; `None` drops it.
    fn value(self, walk: &Walk, field: &Field, now: Option<&Value>) -> Option<Value> {
        let pick = usize::from(self.how);
        if pick.is_multiple_of(8) {
            return None;
        }
        match field.kind {
            Kind::YesNo => Some(json!(now != Some(&json!(true)))),
            Kind::Choice => Some(json!(
                field.options.names().nth(pick % field.options.0.len())?
            )),
            Kind::Choices => Some(json!([field
                .options
                .names()
                .nth(pick % field.options.0.len())?])),
            Kind::Date => Some(day(walk, i64::from(self.how % 40) - 3)),
            Kind::Number => Some(json!(i64::from(self.how))),
            Kind::Text | Kind::LongText => {
                Some(json!(format!("Otherwise than the example, {pick}")))
            }
            Kind::Checks => Some(checked(field, now, pick)),
            Kind::Entries => {
                let one = field.sample()?.get(0)?.clone();
                Some(Value::Array(vec![one; pick % (field.most() + 2)]))
            }
            _ => now.cloned(),
        }
    }
}

/// The same searches, with one row answered otherwise.
fn checked(field: &Field, now: Option<&Value>, pick: usize) -> Value {
    let mut rows = now.and_then(Value::as_object).cloned().unwrap_or_default();
    let row = &*field.rows.0[pick % field.rows.0.len()].0;
    match pick % 4 {
        0 => rows.remove(row),
        1 => rows.insert(
            row.to_owned(),
            json!({ "result": "found", "summary": "Something" }),
        ),
        2 => rows.insert(
            row.to_owned(),
            json!({ "result": "not_available", "reason": "Out of order" }),
        ),
        _ => {
            let nothing = |name: &str| (name.to_owned(), json!({ "result": "nothing_found" }));
            rows = field.rows.names().map(nothing).collect();
            None
        }
    };
    Value::Object(rows)
}

/// The local day so many days from now.
fn day(walk: &Walk, days: i64) -> Value {
    let today: Date = walk.now.to_zoned(dsdas().zone.clone()).date();
    json!((today + days.days()).to_string())
}

pub fn minutes(turn: &Turn) -> SignedDuration {
    SignedDuration::from_mins(turn.minutes)
}
