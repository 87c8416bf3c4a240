//! Any workflow: a checked definition, a case folded from its events, and what may be done to it next.
//! It knows no scheme, no database, no clock and no chance: the same input gives the same events, for ever.
//! Start with `decide` (a command becomes events or a refusal), then `evolve` (an event changes the case) and `effects`
//! (what must follow); `definition` is what they go by, `facts` what its conditions may ask.

pub mod calendar;
pub mod case;
pub mod clocks;
pub mod command;
pub mod cut;
pub mod decide;
pub mod definition;
pub mod draft;
pub mod due;
pub mod effects;
pub mod event;
pub mod evolve;
pub mod facts;
pub mod given;
pub mod guards;
pub mod limit;
pub mod meeting;
pub mod migration;
pub mod offers;
pub mod parties;
pub mod queues;
pub mod rehearsal;
pub mod retention;
pub mod scenario;
pub mod schedule;
pub mod second_person;
pub mod years;
