//! What makes it likely that two records tell of one person: marks that both would carry, each from more than one thing
//! that is known of somebody. A name alone, a town alone or a part of a number is no mark and may never become one.
//! Start with `Mark`; `name`, `address` and `number` make the marks, `plain` takes spelling out of the way.

mod address;
mod name;
mod number;
mod plain;

use std::collections::BTreeSet;
use std::fmt;

use super::person::Person;

/// What a mark is made of, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// A last name with the whole date of birth, or the first and a last name with the year.
    NameAndBirth,
    /// The number by which an employer knows somebody, such as a collar number.
    StaffNumber,
    /// Where somebody lives or has lived.
    Address,
    /// A telephone number.
    Phone,
}

impl Ground {
    pub const ALL: [Self; 4] = [
        Self::NameAndBirth,
        Self::StaffNumber,
        Self::Address,
        Self::Phone,
    ];

    /// The word that is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::NameAndBirth => "name_and_birth",
            Self::StaffNumber => "staff_number",
            Self::Address => "address",
            Self::Phone => "phone",
        }
    }

    /// The ground of a stored word.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.name() == word)
    }
}

/// Something by which a person is known again: two records with one mark in common are likely about one person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    pub ground: Ground,
    /// In one spelling, whatever was typed. Personal data.
    pub value: String,
}

/// Shows what it is made of and not of whom: this may end up in a log.
impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mark")
            .field("ground", &self.ground)
            .finish_non_exhaustive()
    }
}

impl Mark {
    /// The marks in somebody's names and birth. Every last name counts: the present one, earlier ones, each part of a
    /// double one.
    pub fn of_person(person: &Person) -> BTreeSet<Self> {
        all(Ground::NameAndBirth, name::with_birth(person))
    }

    /// The mark in a staff number, without rank and leading noughts; none when it is too short to tell people apart.
    pub fn of_staff_number(text: &str) -> Option<Self> {
        let value = number::of_staff(text)?;
        Some(Self {
            ground: Ground::StaffNumber,
            value,
        })
    }

    /// The marks in an address: the postcode with the number of the house, and the whole of it when it holds a number
    /// and is long enough to be a place of its own.
    pub fn of_address(text: &str) -> BTreeSet<Self> {
        all(Ground::Address, address::places(text))
    }

    /// The marks in a text that holds telephone numbers: each of at least ten digits, the way it is dialled at home.
    pub fn of_phones(text: &str) -> BTreeSet<Self> {
        all(Ground::Phone, number::of_phones(text))
    }
}

fn all(ground: Ground, values: impl IntoIterator<Item = String>) -> BTreeSet<Mark> {
    let values = values.into_iter();
    values.map(|value| Mark { ground, value }).collect()
}
