//! The HTML pages without a browser: whole journeys over the real router, by the words on the page.

mod accounts;
mod entries;
mod given;
mod meetings;
mod messages;
mod minutes;
mod pack;
mod papers;
mod public;
mod readers;
pub mod sound;
mod staff;
mod table;
mod together;

use clares_law::domain::id::CaseId;

fn address(case: CaseId) -> String {
    format!("/staff/cases/{case}")
}
