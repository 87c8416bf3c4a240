//! What every staff page after sign-in shares.

use std::iter;

use maud::Markup;

use crate::app::staff::Person;
use crate::web::components::NavLink;
use crate::web::layout::{
    KEEPING, LOOKS, MEETINGS, MESSAGES, REFERRALS, SCHEMES, STAFF_HOME, StaffPage, Who, staff_page,
};

/// What the page is called on which somebody's day begins. Whoever sees no case has no queues.
pub fn home(person: &Person) -> &'static str {
    if person.only_refers() {
        "Referrals"
    } else {
        "Your queues"
    }
}

/// The page in the staff frame, with who is signed in.
pub fn staff(person: &Person, page: StaffPage) -> Markup {
    let who = Who {
        name: &person.name,
        role: &person.role,
        authority: &person.authority,
    };
    let home = NavLink {
        text: home(person).into(),
        href: STAFF_HOME.to_owned(),
        ..NavLink::default()
    };
    let meetings = person.reads_cases.then(|| NavLink {
        text: "Meetings".into(),
        href: MEETINGS.to_owned(),
        ..NavLink::default()
    });
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
    let keeping = person.reviews_keeping.then(|| NavLink {
        text: "Keeping".into(),
        href: KEEPING.to_owned(),
        ..NavLink::default()
    });
    let referrals = person.refers.then(|| NavLink {
        text: "Your referrals".into(),
        href: REFERRALS.to_owned(),
        ..NavLink::default()
    });
    let more = meetings.into_iter().chain(schemes);
    let more = more.chain(messages).chain(looks).chain(keeping);
    let more = more.chain(referrals);
    staff_page(&StaffPage {
        who: Some(who),
        nav: iter::once(home).chain(more).collect(),
        ..page
    })
}
