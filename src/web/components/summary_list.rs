//! Facts as name and value, each with what can be done about it.

use maud::{Markup, html};

use super::{Content, classes, heading::heading, present};

/// A link such as 'Change'; `about` completes it for those who hear it alone ('name').
#[derive(Debug, Clone, Default)]
pub struct Action {
    pub text: Content,
    pub href: String,
    pub about: String,
}

/// One fact.
#[derive(Debug, Clone, Default)]
pub struct Row<'a> {
    pub key: Content,
    pub value: Content,
    pub actions: Vec<Action>,
    pub classes: &'a str,
}

/// A frame with a title around the list. A `level` of 0 means 2.
#[derive(Debug, Clone, Default)]
pub struct Card<'a> {
    pub title: Content,
    pub level: u8,
    pub actions: Vec<Action>,
    pub classes: &'a str,
}

/// The facts.
#[derive(Debug, Clone, Default)]
pub struct SummaryList<'a> {
    pub rows: Vec<Row<'a>>,
    pub card: Option<Card<'a>>,
    pub classes: &'a str,
}

/// The list, in its card if it has one.
#[must_use]
pub fn summary_list(list: &SummaryList) -> Markup {
    match &list.card {
        None => rows(list),
        Some(card) => html! {
            div class=(classes(&["govuk-summary-card", card.classes])) {
                div class="govuk-summary-card__title-wrapper" {
                    (card_title(card))
                    (card_actions(card))
                }
                div class="govuk-summary-card__content" { (rows(list)) }
            }
        },
    }
}

fn card_title(card: &Card) -> Markup {
    let level = if card.level == 0 { 2 } else { card.level };
    html! {
        @if !card.title.is_empty() { (heading(level, "", "govuk-summary-card__title", &card.title)) }
    }
}

fn card_actions(card: &Card) -> Markup {
    html! {
        @match card.actions.as_slice() {
            [] => {},
            [one] => div class="govuk-summary-card__actions" { (link(one, Some(&card.title))) },
            many => ul class="govuk-summary-card__actions" {
                @for action in many { li class="govuk-summary-card__action" { (link(action, Some(&card.title))) } }
            },
        }
    }
}

fn rows(list: &SummaryList) -> Markup {
    let any_actions = list.rows.iter().any(|row| !row.actions.is_empty());
    let card_title = list.card.as_ref().map(|card| &card.title);
    html! {
        dl class=(classes(&["govuk-summary-list", list.classes])) {
            @for row in &list.rows {
                @let bare = if any_actions && row.actions.is_empty() { "govuk-summary-list__row--no-actions" } else { "" };
                div class=(classes(&["govuk-summary-list__row", bare, row.classes])) {
                    dt class="govuk-summary-list__key" { (row.key) }
                    dd class="govuk-summary-list__value" { (row.value) }
                    (row_actions(&row.actions, card_title))
                }
            }
        }
    }
}

fn row_actions(actions: &[Action], card_title: Option<&Content>) -> Markup {
    html! {
        @match actions {
            [] => {},
            [one] => dd class="govuk-summary-list__actions" { (link(one, card_title)) },
            many => dd class="govuk-summary-list__actions" {
                ul class="govuk-summary-list__actions-list" {
                    @for action in many { li class="govuk-summary-list__actions-list-item" { (link(action, card_title)) } }
                }
            },
        }
    }
}

fn link(action: &Action, card_title: Option<&Content>) -> Markup {
    let card_title = card_title.filter(|title| !title.is_empty());
    html! {
        a class="govuk-link" href=(action.href) {
            (action.text)
            @if !action.about.is_empty() || card_title.is_some() {
                span class="govuk-visually-hidden" {
                    @if let Some(about) = present(&action.about) { " " (about) }
                    @if let Some(title) = card_title { " (" (title) ")" }
                }
            }
        }
    }
}
