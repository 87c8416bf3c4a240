//! Links between the pages of a long list.

use maud::{Markup, html};

use super::{Content, classes, present};

/// 'Previous' or 'Next'. An empty text shows that word; `label` says what is there.
#[derive(Debug, Clone, Default)]
pub struct PageLink {
    pub href: String,
    pub text: Content,
    pub label: String,
}

/// A numbered page, or a gap. An empty `spoken` is read as 'Page' and the number.
#[derive(Debug, Clone)]
pub enum PageItem {
    Page {
        number: String,
        href: String,
        current: bool,
        spoken: String,
    },
    Gap,
}

/// The links. Without `items` the two big ones stand alone.
#[derive(Debug, Clone, Default)]
pub struct Pagination<'a> {
    pub previous: Option<PageLink>,
    pub next: Option<PageLink>,
    pub items: Vec<PageItem>,
    pub landmark: &'a str,
    pub classes: &'a str,
}

/// The links.
#[must_use]
pub fn pagination(pages: &Pagination) -> Markup {
    let block = pages.items.is_empty() && (pages.previous.is_some() || pages.next.is_some());
    let shape = if block { "govuk-pagination--block" } else { "" };
    html! {
        nav class=(classes(&["govuk-pagination", shape, pages.classes]))
            aria-label=(present(pages.landmark).unwrap_or("Pagination")) {
            @if let Some(link) = &pages.previous {
                div class="govuk-pagination__prev" {
                    a class="govuk-link govuk-pagination__link" href=(link.href) rel="prev" {
                        (arrow_previous()) (words(link, "Previous", block))
                    }
                }
            }
            @if !pages.items.is_empty() {
                ul class="govuk-pagination__list" { @for item in &pages.items { (page_item(item)) } }
            }
            @if let Some(link) = &pages.next {
                div class="govuk-pagination__next" {
                    a class="govuk-link govuk-pagination__link" href=(link.href) rel="next" {
                        @if block { (arrow_next()) (words(link, "Next", block)) }
                        @else { (words(link, "Next", block)) (arrow_next()) }
                    }
                }
            }
        }
    }
}

fn words(link: &PageLink, default: &str, block: bool) -> Markup {
    let decorated = if block && link.label.is_empty() {
        "govuk-pagination__link-title--decorated"
    } else {
        ""
    };
    html! {
        " "
        span class=(classes(&["govuk-pagination__link-title", decorated])) {
            @if link.text.is_empty() {
                (default) span class="govuk-visually-hidden" { " page" }
            } @else {
                (link.text)
            }
        }
        " "
        @if block && !link.label.is_empty() {
            span class="govuk-visually-hidden" { ":" } " "
            span class="govuk-pagination__link-label" { (link.label) }
        }
    }
}

fn page_item(item: &PageItem) -> Markup {
    match item {
        PageItem::Gap => html! {
            li class="govuk-pagination__item govuk-pagination__item--ellipsis" { "⋯" }
        },
        PageItem::Page {
            number,
            href,
            current,
            spoken,
        } => {
            let state = if *current {
                "govuk-pagination__item--current"
            } else {
                ""
            };
            let plain = format!("Page {number}");
            html! {
                li class=(classes(&["govuk-pagination__item", state])) {
                    a class="govuk-link govuk-pagination__link" href=(href) aria-label=(present(spoken).unwrap_or(&plain))
                        aria-current=[current.then_some("page")] { (number) }
                }
            }
        }
    }
}

fn arrow_previous() -> Markup {
    html! {
        svg class="govuk-pagination__icon govuk-pagination__icon--prev" xmlns="http://www.w3.org/2000/svg" height="13"
            width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13" {
            path d="m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z" {}
        }
    }
}

fn arrow_next() -> Markup {
    html! {
        svg class="govuk-pagination__icon govuk-pagination__icon--next" xmlns="http://www.w3.org/2000/svg" height="13"
            width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13" {
            path d="m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z" {}
        }
    }
}
