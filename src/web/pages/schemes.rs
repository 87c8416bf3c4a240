//! The schemes of the installation: where their open cases stand, the editions known, what nobody has confirmed, and the handbook.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};

use super::problem::Problem;
use super::{agreements, frame};
use crate::app::App;
use crate::app::schemes::{EditionRow, SchemeView};
use crate::engine::definition::Definition;
use crate::engine::definition::doubts::doubts;
use crate::engine::definition::explain;
use crate::engine::definition::graph::{Ways, picture, ways};
use crate::web::components::state_picture::ABOUT;
use crate::web::components::{
    Cell, Column, Content, Details, Table, contents, details, explained, scroll_region,
    state_picture, table, unconfirmed_because,
};
use crate::web::layout::{SCHEMES, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::words::{count, date};

pub async fn all(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
) -> Result<Markup, Problem> {
    let schemes = app.see_schemes(&person.actor)?;
    let body = html! {
        ul class="govuk-list" {
            @for edition in &schemes {
                @let scheme = &edition.definition.scheme;
                li {
                    a class="govuk-link" href=(address(&edition.definition)) { (scheme.name) }
                    p class="app-quiet" { "Edition " (*scheme.edition) ", in force from " (date(scheme.effective_from)) }
                }
            }
        }
        (agreements::section(&app, &person))
    };
    let page = StaffPage {
        title: "Schemes",
        heading: "Schemes",
        body,
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

pub async fn one(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(scheme): Path<String>,
) -> Result<Markup, Problem> {
    let view = app.see_scheme(&person.actor, &scheme).await?;
    let definition = &view.edition.definition;
    let ways = ways(definition);
    let body = html! {
        p class="govuk-body" {
            a class="govuk-link" href={ (address(definition)) "/handbook" } { "Handbook" }
            ": this scheme in plain words, with every step, time limit and rule."
        }
        h2 class="govuk-heading-m" { "Where the open cases are" }
        (states(definition, &ways, &view))
        h2 class="govuk-heading-m" { "The scheme as a picture" }
        p class="govuk-body" { (ABOUT) }
        (letters(definition, &ways))
        (scroll_region("The scheme as a picture", &state_picture(&picture(definition, Some(&view.cases)), &definition.scheme.name)))
        h2 class="govuk-heading-m" { "Editions" }
        (editions(&view))
        h2 class="govuk-heading-m" { "Not confirmed" }
        (open_points(definition))
    };
    let page = StaffPage {
        title: "Scheme",
        heading: &definition.scheme.name,
        back: SCHEMES,
        body,
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

pub async fn handbook(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(scheme): Path<String>,
) -> Result<Markup, Problem> {
    let view = app.see_scheme(&person.actor, &scheme).await?;
    let definition = &view.edition.definition;
    let document = explain::handbook(definition);
    let page = StaffPage {
        title: "Handbook",
        heading: &document.title,
        back: &address(definition),
        body: html! {
            div class="app-explained" { (contents(&document)) (explained(&document)) }
        },
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

fn address(definition: &Definition) -> String {
    format!("{SCHEMES}/{}", &*definition.scheme.scheme)
}

/// Each state with its open cases, by phase: all that the picture says of them.
fn states(definition: &Definition, ways: &Ways, view: &SchemeView) -> Markup {
    let open = ways.states.iter().filter(|(_, state)| !state.end);
    let rows = open.map(|(name, state)| {
        let cases = view.cases.get(*name).copied().unwrap_or(0);
        vec![
            words(&state.label),
            words(state.phase.label()),
            number(cases),
        ]
    });
    let here = |name: &&String| definition.scheme.states.has(name);
    let elsewhere = view.cases.iter().filter(|(name, _)| !here(name));
    let elsewhere: i64 = elsewhere.map(|(_, cases)| cases).sum();
    let earlier = (elsewhere > 0).then(|| {
        vec![
            words("A state of another edition"),
            words(""),
            number(elsewhere),
        ]
    });
    let all: i64 = view.cases.values().sum();
    html! {
        p class="govuk-body" { (count(all, "open case")) "." }
        (table(&Table {
            caption: "Open cases by state".into(),
            caption_classes: "govuk-visually-hidden",
            head: vec![
                column("State"),
                column("Phase"),
                Column { text: "Open cases".into(), numeric: true, ..Column::default() },
            ],
            rows: rows.chain(earlier).collect(),
            row_headers: true,
            classes: "app-states",
        }))
    }
}

fn column(text: &str) -> Column<'_> {
    Column {
        text: text.into(),
        ..Column::default()
    }
}

fn words(text: &str) -> Cell<'static> {
    Content::from(text).into()
}

fn number(cases: i64) -> Cell<'static> {
    Cell {
        text: cases.to_string().into(),
        numeric: true,
        ..Cell::default()
    }
}

/// What the letters of the picture stand for.
fn letters(definition: &Definition, ways: &Ways) -> Markup {
    let each = ways.letters.iter();
    let each = each.map(|(name, letter)| format!("{letter} {}", definition.state_label(name)));
    let each: Vec<_> = each.collect();
    html! {
        @if !each.is_empty() { p class="govuk-body" { "The letters: " (each.join(", ")) "." } }
    }
}

fn editions(view: &SchemeView) -> Markup {
    let day = |row: &EditionRow| {
        row.effective_from
            .parse()
            .map_or(row.effective_from.clone(), date)
    };
    let rows = view.editions.iter().map(|row| {
        let now = row.hash == view.edition.hash;
        let label = html! { (row.edition) @if now { " – in force now" } };
        let short = row.hash.get(..12).unwrap_or(&row.hash);
        let cells: [Content; 3] = [
            label.into(),
            day(row).into(),
            html! { code { (short) } }.into(),
        ];
        cells.into_iter().map(Cell::from).collect()
    });
    table(&Table {
        caption: "Editions known here".into(),
        caption_classes: "govuk-visually-hidden",
        head: ["Edition", "In force from", "Fingerprint"]
            .map(column)
            .into(),
        rows: rows.collect(),
        row_headers: true,
        classes: "app-states",
    })
}

/// Folded away, because there can be many: how many is said before.
fn open_points(definition: &Definition) -> Markup {
    let doubts = doubts(definition);
    let list = html! {
        ul class="govuk-list govuk-list--bullet" {
            @for doubt in &doubts {
                li { (doubt.what) " ‘" (doubt.label) "’ " (unconfirmed_because(&doubt.unconfirmed.sentence())) }
            }
        }
    };
    let many = count(i64::try_from(doubts.len()).unwrap_or(i64::MAX), "rule");
    html! {
        @if doubts.is_empty() {
            p class="govuk-body" { "Every rule has a source." }
        } @else {
            (details(&Details {
                summary: format!("{many} that no source confirms").into(),
                body: list.into(),
                ..Details::default()
            }))
        }
    }
}
