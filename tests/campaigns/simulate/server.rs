//! The mail server as the world sees it: which messages it took, how often, and what it did wrong with each. It knows what
//! the service may not know, and so can tell when something arrives that must not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clares_law::mail::{Kind, Notice, Outcome};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the mail server is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weather {
    Fair,
    /// Nothing answers.
    Down,
    /// It wants to be asked again later.
    Busy,
    /// It will not have this message.
    Harsh,
    /// The link goes after the last dot; the message has arrived.
    CutAfter,
    /// The link goes after the last dot; the message has not arrived.
    CutBefore,
    /// The message arrives, but whoever sends it is frozen until long after their claim.
    Frozen,
}

/// What the service can know of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known {
    /// It has not arrived.
    #[default]
    Open,
    Arrived,
    /// It may have arrived.
    Doubtful,
}

/// What the server has of a message.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrival {
    pub times: u32,
    pub known: Known,
    /// Whether the server has ever said that it will not have it.
    pub refused: bool,
}

#[derive(Debug, Default)]
struct Inner {
    arrivals: BTreeMap<Uuid, Arrival>,
    /// The messages that were handed over since somebody last looked.
    handed: Vec<Uuid>,
    /// What must not have been handed over, and why.
    wrong: Option<String>,
}

/// Copies are the same server.
#[derive(Debug, Clone, Default)]
pub struct Server(Arc<Mutex<Inner>>);

impl Server {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message is handed over; the Message-ID says which.
    pub fn take(&self, notice: &Notice, weather: Weather) -> Outcome {
        let mut inner = self.inner();
        inner.handed.push(notice.id);
        let arrival = inner.arrivals.entry(notice.id).or_default();
        let kind = notice.recipient.kind();
        let again = match arrival.known {
            Known::Open => false,
            Known::Arrived => true,
            Known::Doubtful => kind == Kind::Agency,
        };
        let wrong = again.then(|| format!("{kind:?} {} comes again: {arrival:?}", notice.id));
        let (outcome, arrives) = match weather {
            Weather::Fair | Weather::Frozen => (Outcome::Sent, true),
            Weather::Down => (Outcome::Unreachable, false),
            Weather::Busy => (Outcome::Deferred, false),
            Weather::Harsh => (Outcome::Refused, false),
            Weather::CutAfter => (Outcome::InDoubt, true),
            Weather::CutBefore => (Outcome::InDoubt, false),
        };
        arrival.times += u32::from(arrives);
        arrival.refused |= outcome == Outcome::Refused;
        match (outcome, weather) {
            (Outcome::InDoubt, _) | (_, Weather::Frozen) => arrival.known = Known::Doubtful,
            (Outcome::Sent, _) => arrival.known = Known::Arrived,
            _ => {}
        }
        inner.wrong = inner.wrong.take().or(wrong);
        outcome
    }

    pub fn of(&self, id: Uuid) -> Arrival {
        self.inner().arrivals.get(&id).copied().unwrap_or_default()
    }

    /// Nobody has noted what came of the last attempt.
    pub fn doubt(&self, id: Uuid) {
        self.inner().arrivals.entry(id).or_default().known = Known::Doubtful;
    }

    /// A person wants it sent, whatever has become of it.
    pub fn open_again(&self, id: Uuid) {
        self.inner().arrivals.entry(id).or_default().known = Known::Open;
    }

    /// What was handed over since the last time, and what of it must not have been.
    pub fn handed(&self) -> (Vec<Uuid>, Option<String>) {
        let mut inner = self.inner();
        (std::mem::take(&mut inner.handed), inner.wrong.take())
    }
}
