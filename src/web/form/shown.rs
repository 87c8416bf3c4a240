//! Answers on a page, for those who read them; `said` has the words.

use maud::{Markup, html};
use serde_json::Value;

use super::said::{self, Marks, Piece, Said};
use crate::engine::definition::record::{Answers, Field, Record};
use crate::web::components::{Row, SummaryList, summary_list};

/// What was answered, field by field, and in one line what was not: blank would look broken.
pub fn record(record: &Record, answers: &Answers) -> Markup {
    let answered = record.fields.iter().filter_map(|(name, field)| {
        let value = answers.get(&**name)?;
        Some(Row {
            key: (&field.label).into(),
            value: shown(field, value).into(),
            ..Row::default()
        })
    });
    let open = record
        .fields
        .iter()
        .filter(|(name, _)| !answers.contains_key(&***name));
    let open: Vec<_> = open.map(|(_, field)| &*field.label).collect();
    html! {
        (summary_list(&SummaryList { rows: answered.collect(), classes: "app-answers", ..SummaryList::default() }))
        @if !open.is_empty() { p class="app-quiet" { "Not answered: " (open.join(" · ")) } }
    }
}

/// One answer.
pub fn shown(field: &Field, value: &Value) -> Markup {
    drawn(&said::said(field, value))
}

/// A name with what else is known: other names, and when born.
pub fn person(value: &Value) -> Markup {
    drawn(&said::person(value))
}

/// The agreed way, with what must never be done.
pub fn contact(value: &Value) -> Markup {
    drawn(&said::contact(value))
}

/// Text as it was written, with its line breaks.
pub fn lines(text: &str) -> Markup {
    html! { div class="app-lines" { (text) } }
}

/// Words that were said, on a page.
pub fn drawn(said: &Said) -> Markup {
    match said {
        Said::Text(text) => html! { (text) },
        Said::Lines(text) => lines(text),
        Said::List(marks, items) => {
            let classes = match marks {
                Marks::None => "govuk-list",
                Marks::Bullets => "govuk-list govuk-list--bullet",
                Marks::Checks => "govuk-list app-checks",
                Marks::Entries => "govuk-list govuk-list--spaced app-entries",
            };
            html! { ul class=(classes) { @for item in items { li { (line(item)) } } } }
        }
    }
}

/// The words of a line, on a page.
pub fn line(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @match piece {
                Piece::Plain(text) => (text),
                Piece::Strong(text) => strong { (text) },
                Piece::Quiet(text) => span class="app-quiet" { (text) },
            }
        }
    }
}
