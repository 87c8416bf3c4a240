//! The forum's meetings: `asking` is the one way in which anything about a meeting changes, `seeing` the one way in which it is looked
//! at and `list` all of them, `following` what it does to its cases, `hearing` who was there for one, `papers` what of it is shown to whom,
//! `pack` what leaves on paper and `settled` the reasons in it, `room` what is told of it in numbers, `stream` its history and rows,
//! `agenda` which case comes to which meeting, `contacts` whom it turns to at each agency, `telling` who is told of it; `series`,
//! `chasing` and `ratifying` are what happens by itself, `partnership` how the agencies work together. What may happen in the room is
//! decided in `engine::meeting`; a case is decided through its own write door, in the same transaction. Start with `asking`.

mod agenda;
mod asking;
mod chasing;
mod contacts;
mod following;
mod hearing;
mod list;
mod pack;
mod papers;
mod partnership;
mod ratifying;
mod room;
mod seeing;
mod series;
mod settled;
pub mod stream;
mod telling;

pub use crate::store::meetings::{MeetingRow, PromiseRow};
pub use agenda::{Choice, Waiting};
pub use asking::MeetingRequest;
pub use contacts::{
    Change, Contact, Contacts, ForumPeople, Lapse, NAMED_AS, NAMED_WHO, Naming, OfAgency, Place,
};
pub use list::{Meetings, Told};
pub use pack::{Lock, Minutes, Pack};
pub use partnership::{Line, Partnership, Share};
pub use room::AtItem;
pub use seeing::{ItemView, MeetingView};
pub use settled::Settled;
pub(super) use stream::MEETING;
pub(super) use telling::appointment;
