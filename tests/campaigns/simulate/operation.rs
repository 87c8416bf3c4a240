//! What happens in a simulation, one thing at a time. Every number is a choice among what there is at that moment, so
//! that a sequence from which some were taken out still means something.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::faults::{self, Fault};
use super::server::Weather;

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Somebody applies or refers.
    Apply { door: u16, fill: u32, slip: Slip },
    /// Somebody does what is offered to them.
    Act {
        case: u16,
        who: u16,
        what: u16,
        fill: u32,
        slip: Slip,
        manner: Manner,
    },
    /// A proposal is confirmed or sent back by whoever may.
    Answer { case: u16, who: u16, back: bool },
    /// A record that has been filled in is amended.
    Amend {
        case: u16,
        who: u16,
        record: u16,
        fill: u32,
    },
    /// Somebody proposes to move a case to another edition.
    Move { case: u16, who: u16, edition: u16 },
    /// Somebody does what they may not.
    Trespass {
        case: u16,
        who: u16,
        what: u16,
        how: Trespass,
    },
    /// A command that was sent before comes again.
    Again { command: u16, how: Again },
    /// Time passes.
    Wait { minutes: u32 },
    /// The machine's clock is put to another time.
    Jump { seconds: i64 },
    /// The clock comes near the next change to or from summer time.
    Turn { spring: bool, minutes: i32 },
    /// What is due is recorded: wholly, or only so many cases.
    Sweep {
        most: Option<u8>,
        sweepers: Sweepers,
    },
    /// The next time this point is reached, the process crashes.
    Doom { point: u8, left: Left },
    /// The process ends and begins again.
    Restart { left: Left },
    /// Another edition is published.
    Publish { edition: u16 },
    /// Somebody joins an authority.
    Hire { authority: u16, role: u16 },
    /// The rows are made anew from history.
    Rebuild,
    /// Messages leave, at most so many.
    Post { weather: Weather, most: u8 },
    /// A person decides on a message that did not arrive, or may not have.
    Decide { message: u16, again: bool },
    /// Messages that are held are released.
    Release,
    /// Somebody leaves an authority, and somebody else takes over.
    Leave { who: u16 },
}

/// What is wrong with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slip {
    Nothing,
    UnknownField,
    MissingField,
    WrongKind,
    TooLong,
    Unprintable,
    NoReason,
}

/// How a command is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    Calm,
    /// Without a key and without saying which version was seen.
    Bare,
    Stale,
    HangUp,
    TwiceAtOnce,
    TwoActors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trespass {
    OtherAuthority,
    OtherRole,
    OwnProposal,
    Stranger,
    UnknownCase,
    UnknownAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    Same,
    OtherBody,
    OtherActor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sweepers {
    One,
    Two,
    /// Before it, one whose lease is over.
    Superseded,
}

/// What a process leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// The files as they lie, the log of the last writes beside them.
    Killed,
    /// A store closed in order.
    Closed,
    /// The same, and nothing of the definitions stays in memory.
    Cold,
    /// The same as killed, in another place.
    Moved,
}

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

/// The operations of a seed; together they take at least `days`.
pub fn drawn(seed: u64, days: u32) -> Vec<Operation> {
    let mut chance = Rng::with_seed(seed);
    let mut minutes = 0;
    let mut operations = Vec::new();
    while minutes < i64::from(days * DAY) {
        let next = one(&mut chance);
        minutes += match &next {
            Operation::Wait { minutes } => i64::from(*minutes),
            Operation::Jump { seconds } => seconds / 60,
            _ => 0,
        };
        let seldom = seldom_reached(&next, &mut chance);
        operations.push(next);
        operations.extend(seldom);
    }
    operations
}

/// Cases begin and editions come so seldom that a crash planned for it would wait for years.
fn seldom_reached(planned: &Operation, chance: &mut Rng) -> Option<Operation> {
    let Operation::Doom { point, .. } = planned else {
        return None;
    };
    match faults::point(*point) {
        Fault::CrashIntakeBefore | Fault::CrashIntakeAfter => Some(Operation::Apply {
            door: chance.u16(..),
            fill: chance.u32(..),
            slip: Slip::Nothing,
        }),
        Fault::CrashPublishBefore | Fault::CrashPublishAfter => Some(Operation::Publish {
            edition: chance.u16(..),
        }),
        Fault::CrashOutboxClaimed | Fault::CrashOutboxSent | Fault::CrashOutboxNoted => {
            Some(Operation::Post {
                weather: weather(chance),
                most: chance.u8(1..60),
            })
        }
        _ => None,
    }
}

fn one(chance: &mut Rng) -> Operation {
    let number = |chance: &mut Rng| chance.u16(..);
    match chance.u8(0..114) {
        0..4 => Operation::Apply {
            door: number(chance),
            fill: chance.u32(..),
            slip: slip(chance),
        },
        4..41 => Operation::Act {
            case: number(chance),
            who: number(chance),
            what: number(chance),
            fill: chance.u32(..),
            slip: slip(chance),
            manner: manner(chance),
        },
        41..50 => Operation::Answer {
            case: number(chance),
            who: number(chance),
            back: chance.u8(0..5) == 0,
        },
        50..52 => Operation::Amend {
            case: number(chance),
            who: number(chance),
            record: number(chance),
            fill: chance.u32(..),
        },
        52..54 => Operation::Move {
            case: number(chance),
            who: number(chance),
            edition: number(chance),
        },
        54..57 => Operation::Trespass {
            case: number(chance),
            who: number(chance),
            what: number(chance),
            how: *choice(
                chance,
                &[
                    Trespass::OtherAuthority,
                    Trespass::OtherRole,
                    Trespass::OwnProposal,
                    Trespass::Stranger,
                    Trespass::UnknownCase,
                    Trespass::UnknownAction,
                ],
            ),
        },
        57..60 => Operation::Again {
            command: number(chance),
            how: *choice(chance, &[Again::Same, Again::OtherBody, Again::OtherActor]),
        },
        60..79 => Operation::Wait {
            minutes: wait(chance),
        },
        79..81 => Operation::Jump {
            seconds: jump(chance),
        },
        81..82 => Operation::Turn {
            spring: chance.bool(),
            minutes: chance.i32(-90..90),
        },
        82..92 => Operation::Sweep {
            most: (chance.u8(0..4) == 0).then(|| chance.u8(1..4)),
            sweepers: match chance.u8(0..12) {
                0 => Sweepers::Two,
                1 => Sweepers::Superseded,
                _ => Sweepers::One,
            },
        },
        92..96 => Operation::Doom {
            point: chance.u8(..),
            left: match chance.u8(0..6) {
                0 => Left::Moved,
                1..3 => Left::Closed,
                _ => Left::Killed,
            },
        },
        96..97 => Operation::Restart {
            left: match chance.u8(0..32) {
                0..3 => Left::Cold,
                3..6 => Left::Moved,
                6..18 => Left::Killed,
                _ => Left::Closed,
            },
        },
        97..98 => Operation::Publish {
            edition: number(chance),
        },
        98..99 => Operation::Hire {
            authority: number(chance),
            role: number(chance),
        },
        99..100 => Operation::Rebuild,
        which => of_the_post(which - 100, chance),
    }
}

/// What happens to messages, once a case has called for them.
fn of_the_post(which: u8, chance: &mut Rng) -> Operation {
    match which {
        0..8 => Operation::Post {
            weather: weather(chance),
            most: chance.u8(1..60),
        },
        8..11 => Operation::Decide {
            message: chance.u16(..),
            again: chance.bool(),
        },
        11..13 => Operation::Release,
        _ => Operation::Leave {
            who: chance.u16(..),
        },
    }
}

fn choice<'a, T>(chance: &mut Rng, among: &'a [T]) -> &'a T {
    &among[chance.usize(..among.len())]
}

fn weather(chance: &mut Rng) -> Weather {
    if chance.bool() {
        return Weather::Fair;
    }
    *choice(
        chance,
        &[
            Weather::Down,
            Weather::Busy,
            Weather::Harsh,
            Weather::CutAfter,
            Weather::CutBefore,
            Weather::Frozen,
        ],
    )
}

fn slip(chance: &mut Rng) -> Slip {
    if chance.u8(0..10) > 0 {
        return Slip::Nothing;
    }
    *choice(
        chance,
        &[
            Slip::UnknownField,
            Slip::MissingField,
            Slip::WrongKind,
            Slip::TooLong,
            Slip::Unprintable,
            Slip::NoReason,
        ],
    )
}

fn manner(chance: &mut Rng) -> Manner {
    if chance.u8(0..8) > 0 {
        return Manner::Calm;
    }
    *choice(
        chance,
        &[
            Manner::Bare,
            Manner::Stale,
            Manner::HangUp,
            Manner::TwiceAtOnce,
            Manner::TwoActors,
        ],
    )
}

fn wait(chance: &mut Rng) -> u32 {
    match chance.u8(0..20) {
        0..4 => chance.u32(1..HOUR),
        4..8 => chance.u32(HOUR..12 * HOUR),
        8..12 => chance.u32(12 * HOUR..4 * DAY),
        12..17 => chance.u32(4 * DAY..14 * DAY),
        17..19 => chance.u32(14 * DAY..30 * DAY),
        _ => chance.u32(30 * DAY..60 * DAY),
    }
}

fn jump(chance: &mut Rng) -> i64 {
    const HOUR: i64 = 60 * 60;
    const DAY: i64 = 24 * HOUR;
    match chance.u8(0..4) {
        0 => chance.i64(1..90),
        1 => -chance.i64(1..90),
        2 => chance.i64(DAY..9 * DAY),
        _ => -chance.i64(HOUR..5 * DAY),
    }
}
