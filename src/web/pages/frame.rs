//! What every staff page after sign-in shares.

use std::iter;

use maud::Markup;

use crate::app::staff::Person;
use crate::web::components::NavLink;
use crate::web::layout::{LOOKS, MESSAGES, SCHEMES, STAFF_HOME, StaffPage, Who, staff_page};

/// The page in the staff frame, with who is signed in.
pub fn staff(person: &Person, page: StaffPage) -> Markup {
    let who = Who {
        name: &person.name,
        role: &person.role,
        authority: &person.authority,
    };
    let home = NavLink {
        text: "Your queues".into(),
        href: STAFF_HOME.to_owned(),
        ..NavLink::default()
    };
    let schemes = person.reads_cases.then(|| NavLink {
        text: "Schemes".into(),
        href: SCHEMES.to_owned(),
        ..NavLink::default()
    });
    let messages = person.minds_messages.then(|| NavLink {
        text: "Messages".into(),
        href: MESSAGES.to_owned(),
        ..NavLink::default()
    });
    let looks = person.reviews_looks.then(|| NavLink {
        text: "Looks".into(),
        href: LOOKS.to_owned(),
        ..NavLink::default()
    });
    let more = schemes.into_iter().chain(messages).chain(looks);
    staff_page(&StaffPage {
        who: Some(who),
        nav: iter::once(home).chain(more).collect(),
        ..page
    })
}
