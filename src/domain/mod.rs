//! The words of the trade: plain values, each made only by its `parse`, whose error is the sentence the person reads.
//! No input or output, no clock and no chance here, and nothing of any one scheme.
//! Start with `person`, then `contact` and `check`; `refusal` is how every floor says no.

pub mod check;
pub mod class;
pub mod contact;
pub mod date;
pub mod ground;
pub mod id;
pub mod likeness;
pub mod look;
pub mod person;
pub mod pii;
pub mod reference;
pub mod refusal;
pub mod scope;
pub mod text;
pub mod tie;
