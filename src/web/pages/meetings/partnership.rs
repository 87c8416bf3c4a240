//! How the agencies of a forum work together: one question at a time, each with a sentence, a picture and a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use jiff::civil::Date;
use maud::{Markup, html};

use super::super::frame;
use super::super::problem::Problem;
use super::contacts;
use crate::app::App;
use crate::app::meetings::{Line, Partnership, Share};
use crate::web::components::{
    Cell, Column, Content, Table, months_picture, months_picture::MonthsLine, scroll_region, table,
};
use crate::web::layout::{MEETINGS, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::words::count;

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(scheme): Path<String>,
) -> Result<Markup, Problem> {
    let seen = app.see_partnership(&person, &scheme).await?;
    let together = BTreeMap::from([(String::new(), seen.quorate.clone())]);
    let page = StaffPage {
        title: "How the forum works",
        heading: "How the forum works",
        back: MEETINGS,
        body: html! {
            @if seen.convenes {
                p class="govuk-body" {
                    a class="govuk-link" href=(contacts::address(&scheme)) { "Who is named for each agency" }
                }
            }
            p class="govuk-body" { "The last twelve months of: " (seen.definition.scheme.name) }
            (question(&seen, "came", "Who came?", "expected attendances", &seen.came))
            (question(&seen, "senior", "Somebody who can commit the agency was there?", "expected attendances", &seen.senior))
            (question(&seen, "answered", "Whose answers were in on time?", "answers", &seen.answered))
            (question(&seen, "quorate", "Could the forum decide?", "cases", &together))
            (overdue(&seen))
        },
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

/// A question that has an answer for each agency and month.
fn question(
    seen: &Partnership,
    id: &str,
    asked: &str,
    things: &str,
    lines: &BTreeMap<String, Line>,
) -> Markup {
    let sentence = sentence(seen, things, lines);
    let months: Vec<_> = seen.months.iter().copied().map(short).collect();
    let drawn: Vec<_> = lines
        .iter()
        .map(|(agency, line)| drawn(seen, agency, line))
        .collect();
    html! {
        h2 class="govuk-heading-m" { (asked) }
        p class="govuk-body" { (sentence) }
        @if lines.values().any(|line| !line.is_empty()) {
            (scroll_region(asked, &months_picture::months_picture(id, &sentence, &months, &drawn)))
            (scroll_region(&format!("{asked} As a table"), &in_numbers(seen, asked, lines)))
        }
    }
}

/// The whole year in a sentence, with whoever it was least often true of.
fn sentence(seen: &Partnership, things: &str, lines: &BTreeMap<String, Line>) -> String {
    let whole = lines.iter().map(|(agency, line)| (agency, year(line)));
    let whole: Vec<_> = whole.filter(|(_, share)| share.of > 0).collect();
    let all = whole
        .iter()
        .fold(Share::default(), |sum, (_, share)| Share {
            so: sum.so + share.so,
            of: sum.of + share.of,
        });
    if all.of == 0 {
        return "Nothing to count yet.".to_owned();
    }
    let least = whole
        .iter()
        .min_by_key(|(_, share)| u64::from(share.so) * 1000 / u64::from(share.of));
    let least = least.filter(|(_, share)| share.so < share.of && whole.len() > 1);
    let least = least.map_or_else(String::new, |(agency, share)| {
        let label = seen.definition.agency_label(agency);
        format!(" Least often: {label}, {} of {}.", share.so, share.of)
    });
    format!("{} of {} {things}.{least}", all.so, all.of)
}

fn year(line: &Line) -> Share {
    line.values().fold(Share::default(), |sum, share| Share {
        so: sum.so + share.so,
        of: sum.of + share.of,
    })
}

fn drawn(seen: &Partnership, agency: &str, line: &Line) -> MonthsLine {
    let shares = seen
        .months
        .iter()
        .map(|month| line.get(month).map(|share| (share.so, share.of)));
    MonthsLine {
        label: label(seen, agency),
        shares: shares.collect(),
    }
}

fn label(seen: &Partnership, agency: &str) -> String {
    if agency.is_empty() {
        "The forum".to_owned()
    } else {
        seen.definition.agency_label(agency).to_owned()
    }
}

fn in_numbers(seen: &Partnership, asked: &str, lines: &BTreeMap<String, Line>) -> Markup {
    let months = seen.months.iter().map(|month| Column {
        text: short(*month).into(),
        numeric: true,
        ..Column::default()
    });
    let first = Column {
        text: "Agency".into(),
        ..Column::default()
    };
    let rows = lines.iter().map(|(agency, line)| {
        let shares = seen.months.iter().map(|month| {
            let share = line.get(month);
            let text = share.map_or_else(
                || "–".to_owned(),
                |share| format!("{} of {}", share.so, share.of),
            );
            Cell {
                text: text.into(),
                numeric: true,
                ..Cell::default()
            }
        });
        let name = Cell::from(Content::from(label(seen, agency)));
        std::iter::once(name).chain(shares).collect()
    });
    table(&Table {
        caption: asked.into(),
        caption_classes: "govuk-visually-hidden",
        head: std::iter::once(first).chain(months).collect(),
        rows: rows.collect(),
        row_headers: true,
        ..Table::default()
    })
}

/// What is open now: it has no months.
fn overdue(seen: &Partnership) -> Markup {
    const ASKED: &str = "What was promised and is overdue?";
    let late: u32 = seen.overdue.values().map(|share| share.so).sum();
    let open: u32 = seen.overdue.values().map(|share| share.of).sum();
    let sentence = match open {
        0 => "Nothing that was promised is open.".to_owned(),
        _ => format!("{} overdue of {open} open.", count(late.into(), "promise")),
    };
    let lines = seen.overdue.iter();
    let lines: Vec<_> = lines
        .map(|(agency, share)| MonthsLine {
            label: label(seen, agency),
            shares: vec![Some((share.so, share.of))],
        })
        .collect();
    html! {
        h2 class="govuk-heading-m" { (ASKED) }
        p class="govuk-body" { (sentence) }
        @if open > 0 {
            (scroll_region(ASKED, &months_picture::months_picture("promised", &sentence, &["Now".to_owned()], &lines)))
            (scroll_region(&format!("{ASKED} As a table"), &overdue_in_numbers(seen, ASKED)))
        }
    }
}

fn overdue_in_numbers(seen: &Partnership, asked: &str) -> Markup {
    let rows = seen.overdue.iter().map(|(agency, share)| {
        let numbers = [share.so, share.of].map(|number| Cell {
            text: number.to_string().into(),
            numeric: true,
            ..Cell::default()
        });
        let name = Cell::from(Content::from(label(seen, agency)));
        std::iter::once(name).chain(numbers).collect()
    });
    let number = |text: &'static str| Column {
        text: text.into(),
        numeric: true,
        ..Column::default()
    };
    let agency = Column {
        text: "Agency".into(),
        ..Column::default()
    };
    table(&Table {
        caption: asked.into(),
        caption_classes: "govuk-visually-hidden",
        head: vec![agency, number("Overdue"), number("Open")],
        rows: rows.collect(),
        row_headers: true,
        ..Table::default()
    })
}

fn short(month: Date) -> String {
    month.strftime("%b").to_string()
}
