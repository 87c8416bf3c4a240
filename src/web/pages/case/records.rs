//! Who the case is about, how they may safely be reached, and the newest version of every record.

use maud::{Markup, html};
use serde_json::Value;

use super::Names;
use crate::app::read::CaseView;
use crate::domain::class::FieldClass;
use crate::domain::person::Party;
use crate::engine::case::Filing;
use crate::engine::definition::record::{Field, Kind, Record};
use crate::web::components::{Content, Details, Row, SummaryList, Tag, details, summary_list, tag};
use crate::web::form::said::{self, Said};
use crate::web::form::shown;
use crate::web::pages::{address, search};
use crate::web::words;

/// Who is named in the case.
pub fn parties(view: &CaseView) -> Vec<(&str, Said)> {
    let parties = Party::ALL.iter().filter_map(|party| {
        let (_, value) = newest(view, |field| field.party == Some(*party))?;
        Some((view.definition.party_label(*party), said::person(value)))
    });
    parties.collect()
}

pub fn people(view: &CaseView) -> Markup {
    let parties = parties(view).into_iter();
    let parties = parties.map(|(label, said)| row(label, shown::drawn(&said)));
    let contact = newest(view, |field| field.kind == Kind::Contact)
        .map(|(_, value)| row("Safe contact", shown::contact(value)));
    let rows: Vec<_> = parties.chain(contact).collect();
    html! {
        section class="app-section" aria-labelledby="people" {
            h2 class="govuk-heading-m" id="people" { "People" }
            @if rows.is_empty() { p class="govuk-body" { "Nobody is named yet." } }
            @else { (summary_list(&SummaryList { rows, classes: "app-answers", ..SummaryList::default() })) }
            @if view.searches {
                p class="govuk-body" { a class="govuk-link" href=(search::address(view.id)) { "Search other cases for the same people" } }
            }
        }
    }
}

fn row(key: &str, value: Markup) -> Row<'static> {
    Row {
        key: key.into(),
        value: value.into(),
        ..Row::default()
    }
}

/// The answer filed last to a field of this kind.
fn newest(view: &CaseView, wanted: impl Fn(&Field) -> bool) -> Option<(&Filing, &Value)> {
    let filed = view
        .case
        .records
        .iter()
        .filter_map(|(name, filing)| Some((view.definition.records.get(name)?, filing)));
    let answers = filed.flat_map(|(record, filing)| {
        record
            .fields
            .iter()
            .map(move |(name, field)| (name, field, filing))
    });
    let wanted = answers.filter(|(_, field, _)| wanted(field));
    let given = wanted.filter_map(|(name, _, filing)| Some((filing, filing.answers.get(&**name)?)));
    given.max_by_key(|(filing, _)| filing.filed_at)
}

/// Every record, newest first and folded, after those that are to be read at once. `back` is the page that it stands on.
pub fn records(view: &CaseView, names: &Names, back: &str, read: &[&str]) -> Markup {
    let filed = view
        .case
        .records
        .iter()
        .filter_map(|(name, filing)| Some((view.definition.records.get(name)?, filing)));
    let mut filed: Vec<(&Record, &Filing)> = filed.collect();
    let is_read = |record: &Record| read.contains(&&*record.record);
    filed.sort_by_key(|(record, filing)| (!is_read(record), std::cmp::Reverse(filing.filed_at)));
    html! {
        section class="app-section" aria-labelledby="records" {
            h2 class="govuk-heading-m" id="records" { "Records" }
            (hidden(view, back))
            @if filed.is_empty() { p class="govuk-body" { "No records yet." } }
            @for (record, filing) in filed { (folded(view, names, (record, filing), is_read(record))) }
        }
    }
}

/// That there is more than this person is shown, so that nobody takes what they see for everything.
fn hidden(view: &CaseView, back: &str) -> Markup {
    let classes: Vec<_> = view.hidden().into_iter().map(FieldClass::label).collect();
    let masked: Vec<_> = view.masked().into_iter().map(FieldClass::label).collect();
    html! {
        @if !classes.is_empty() {
            p class="govuk-body" { "Not shown in your role: " (classes.join(", ")) "." }
        }
        @if !masked.is_empty() {
            p class="govuk-body" {
                "Shown when you have confirmed that it is you: " (masked.join(", ")) ". "
                a class="govuk-link" href=(address::confirm(back)) { "Confirm it is you" }
            }
        }
    }
}

fn folded(
    view: &CaseView,
    names: &Names,
    (record, filing): (&Record, &Filing),
    open: bool,
) -> Markup {
    let zone = &view.definition.zone;
    let by: Vec<_> = filing
        .authors
        .iter()
        .filter_map(|id| names.get(id))
        .map(String::as_str)
        .collect();
    let summary: Content = html! {
        (record.label)
        @if filing.version > 1 { " " (tag(&Tag { text: format!("Version {}", filing.version).into(), classes: "govuk-tag--grey" })) }
    }
    .into();
    let body = html! {
        p class="app-quiet" {
            (words::moment(filing.filed_at, zone))
            @if !by.is_empty() { ", " (by.join(" and ")) }
            @if filing.version > 1 { ". This is version " (filing.version) ", filled in again or amended; the earlier ones are in the history" }
        }
        (shown::record(record, &filing.answers))
    };
    details(&Details {
        summary,
        body: body.into(),
        open,
        classes: "app-record",
        ..Details::default()
    })
}
