//! The box at the top of a page that lists everything to mend.

use maud::{Markup, html};

use super::{Content, classes, present};

/// One thing to mend; `href` is `#` and the id of its field, or empty when there is none.
#[derive(Debug, Clone, Default)]
pub struct ErrorLink {
    pub text: Content,
    pub href: String,
}

/// The box. It takes the focus when the page opens unless `keep_focus` is `Some(true)`.
#[derive(Debug, Clone, Default)]
pub struct ErrorSummary<'a> {
    pub title: Content,
    pub description: Content,
    pub errors: Vec<ErrorLink>,
    pub classes: &'a str,
    pub keep_focus: Option<bool>,
}

/// The box.
#[must_use]
pub fn error_summary(summary: &ErrorSummary) -> Markup {
    html! {
        div class=(classes(&["govuk-error-summary", summary.classes])) data-disable-auto-focus=[summary.keep_focus]
            data-module="govuk-error-summary" {
            div role="alert" {
                h2 class="govuk-error-summary__title" { (summary.title) }
                div class="govuk-error-summary__body" {
                    @if !summary.description.is_empty() { p { (summary.description) } }
                    @if !summary.errors.is_empty() { (list(&summary.errors)) }
                }
            }
        }
    }
}

fn list(errors: &[ErrorLink]) -> Markup {
    html! {
        ul class="govuk-list govuk-error-summary__list" {
            @for error in errors {
                li {
                    @match present(&error.href) {
                        Some(href) => a href=(href) { (error.text) },
                        None => (error.text),
                    }
                }
            }
        }
    }
}
