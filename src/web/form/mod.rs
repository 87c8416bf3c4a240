//! Forms that come from a record: its fields as HTML, what was typed as answers, answers as typed, and answers in words (`said`, `shown`).
//! No rule of any scheme and no request handling: what a field may hold is `Record::accept`'s business alone.
//! Start with `typed`, then `read` (typed → answers) and `write` (answers → typed); `fields`, `groups` and `entries` draw.
//!
//! Names on the wire: a field's own name; `field.part` for its parts, `field.0.part` and `field.row.part` for its rows and entries;
//! `field-day` … `field-time` for the boxes of a date. Names with `form-` in front are the page's own.

pub mod dates;
mod entries;
pub mod fields;
mod groups;
pub mod read;
pub mod said;
pub mod shown;
pub mod typed;
pub mod write;

pub use entries::pressed;
pub use fields::{Asked, Audience};
pub use read::read;
pub use typed::{Sent, Typed, own_key};
pub use write::write;
