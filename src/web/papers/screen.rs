//! A paper on a page: read on the screen, and printed with each of its sheets on a page of its own.

use maud::{Markup, html};

use super::{Block, Paper, Sheet};
use crate::web::components::{Row, SummaryList, summary_list};
use crate::web::form::shown;

/// All but the heading, which is that of the page.
pub fn shown(paper: &Paper) -> Markup {
    html! {
        @for sheet in &paper.sheets { (drawn(sheet, &paper.made)) }
    }
}

fn drawn(sheet: &Sheet, made: &str) -> Markup {
    html! {
        section class="app-sheet" {
            p class="app-sheet__made" { (made) }
            h2 class="govuk-heading-m" { (sheet.heading) }
            @if !sheet.open.is_empty() {
                p class="govuk-body app-sheet__open" {
                    a class="govuk-link" href=(sheet.open) { "Open it" span class="govuk-visually-hidden" { ": " (sheet.heading) } }
                }
            }
            @for block in &sheet.blocks { (block_of(block)) }
        }
    }
}

fn block_of(block: &Block) -> Markup {
    match block {
        Block::Heading(text) => html! { h3 class="govuk-heading-s" { (text) } },
        Block::Name(text) => html! { h4 class="app-sheet__name" { (text) } },
        Block::Line(pieces) => html! { p class="govuk-body" { (shown::line(pieces)) } },
        Block::Words(text) => html! { div class="app-reason" { (shown::lines(text)) } },
        Block::List(lines) => html! {
            ul class="govuk-list govuk-list--bullet" { @for pieces in lines { li { (shown::line(pieces)) } } }
        },
        Block::Rows(rows) => {
            let rows = rows.iter().map(|(key, said)| Row {
                key: key.as_str().into(),
                value: shown::drawn(said).into(),
                ..Row::default()
            });
            summary_list(&SummaryList {
                rows: rows.collect(),
                classes: "app-answers",
                ..SummaryList::default()
            })
        }
    }
}
