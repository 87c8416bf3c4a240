//! The same page in other languages, each under its own name.

use maud::{Markup, html};

use super::{Content, classes, present};

/// A language. The one that the page is in is not a link.
#[derive(Debug, Clone, Default)]
pub struct LanguageLink<'a> {
    pub text: Content,
    /// Its code, such as `cy`.
    pub language: &'a str,
    pub href: String,
    pub current: bool,
    pub classes: &'a str,
}

/// The languages.
#[derive(Debug, Clone, Default)]
pub struct LanguageNavigation<'a> {
    pub items: Vec<LanguageLink<'a>>,
    pub classes: &'a str,
}

/// The list of languages.
#[must_use]
pub fn language_navigation(navigation: &LanguageNavigation) -> Markup {
    html! {
        nav class=(classes(&["govuk-language-navigation", navigation.classes])) aria-label="Language" {
            ul class="govuk-language-navigation__list" {
                @for item in &navigation.items {
                    li class="govuk-language-navigation__list-item" { (link(item)) }
                }
            }
        }
    }
}

fn link(item: &LanguageLink) -> Markup {
    let language = present(item.language);
    html! {
        @if item.current || item.href.is_empty() {
            span class=(classes(&["govuk-language-navigation__text", item.classes])) aria-current="true" lang=[language] { (item.text) }
        } @else {
            a class=(classes(&["govuk-language-navigation__link", item.classes])) href=(item.href) rel="alternate" lang=[language] hreflang=[language] { (item.text) }
        }
    }
}
