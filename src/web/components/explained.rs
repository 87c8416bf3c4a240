//! A definition told in words, as headings, paragraphs and lists.

use maud::{Markup, html};

use super::unconfirmed_because;
use crate::engine::definition::explain::{Block, Document, Line};

/// Everything below the title.
#[must_use]
pub fn explained(document: &Document) -> Markup {
    html! { @for block in &document.blocks { (one(block)) } }
}

/// Links to the headings of the second level.
#[must_use]
pub fn contents(document: &Document) -> Markup {
    let headings = document.blocks.iter().filter_map(|block| match block {
        Block::Heading { level: 2, text, id } => Some((text, id)),
        _ => None,
    });
    html! {
        nav aria-label="Contents" {
            ul class="govuk-list" {
                @for (text, id) in headings { li { a class="govuk-link" href={ "#" (id) } { (text) } } }
            }
        }
    }
}

fn one(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading { level: 2, text, id } => h2 class="govuk-heading-m" id=(id) { (text) },
            Block::Heading { level: 3, text, id } => h3 class="govuk-heading-s" id=(id) { (text) },
            Block::Heading { text, id, .. } => h4 class="govuk-heading-s" id=(id) { (text) },
            Block::Paragraph(said) => p class="govuk-body" { (line(said)) },
            Block::List(lines) => ul class="govuk-list govuk-list--bullet" { (items(lines)) },
            Block::Steps(lines) => ol class="govuk-list govuk-list--number" { (items(lines)) },
        }
    }
}

fn items(lines: &[Line]) -> Markup {
    html! { @for item in lines { li { (line(item)) } } }
}

fn line(line: &Line) -> Markup {
    html! {
        @if let Some((words, id)) = &line.more { a class="govuk-link" href={ "#" (id) } { (words) } ". " }
        @if let Some(said) = &line.said { (said) }
        (line.text)
        @if let Some(why) = &line.unconfirmed { " " (unconfirmed_because(why)) }
    }
}
