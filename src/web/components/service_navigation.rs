//! The bar of links beneath the header.

use maud::{Markup, html};

use super::{Content, classes, present};

/// A link of the bar. `current` is the page itself, `active` its section.
#[derive(Debug, Clone, Default)]
pub struct NavLink {
    pub text: Content,
    pub href: String,
    pub current: bool,
    pub active: bool,
}

/// The bar. `end` stands at its right end, in line with the links on wide screens when `end_inline`.
#[derive(Debug, Clone, Default)]
pub struct ServiceNavigation<'a> {
    pub name: &'a str,
    pub href: &'a str,
    pub links: Vec<NavLink>,
    pub end: Markup,
    pub end_inline: bool,
    /// On phones the links fold under 'Menu'; `None` folds two or more.
    pub folds: Option<bool>,
    pub menu: &'a str,
    pub menu_spoken: &'a str,
    pub links_label: &'a str,
    pub links_classes: &'a str,
    pub links_id: &'a str,
    pub label: &'a str,
    pub classes: &'a str,
}

/// The bar.
#[must_use]
pub fn service_navigation(bar: &ServiceNavigation) -> Markup {
    let class = classes(&["govuk-service-navigation", bar.classes]);
    html! {
        @if bar.name.is_empty() && bar.end.0.is_empty() {
            div class=(class) data-module="govuk-service-navigation" { (inside(bar)) }
        } @else {
            section aria-label=(present(bar.label).unwrap_or("Service information")) class=(class)
                data-module="govuk-service-navigation" { (inside(bar)) }
        }
    }
}

fn inside(bar: &ServiceNavigation) -> Markup {
    let inline = if bar.end_inline {
        "govuk-service-navigation__inlining-container"
    } else {
        ""
    };
    html! {
        div class=(classes(&["govuk-width-container", inline])) {
            div class="govuk-service-navigation__container" {
                (service_name(bar))
                @if !bar.links.is_empty() { (links(bar)) }
            }
            (bar.end)
        }
    }
}

fn service_name(bar: &ServiceNavigation) -> Markup {
    html! {
        @if !bar.name.is_empty() {
            span class="govuk-service-navigation__service-name" {
                @match present(bar.href) {
                    Some(href) => a href=(href) class="govuk-service-navigation__link" { (bar.name) },
                    None => span class="govuk-service-navigation__text" { (bar.name) },
                }
            }
        }
    }
}

fn links(bar: &ServiceNavigation) -> Markup {
    let menu = present(bar.menu).unwrap_or("Menu");
    let id = present(bar.links_id).unwrap_or("navigation");
    let spoken = present(bar.menu_spoken).filter(|spoken| *spoken != menu);
    html! {
        nav aria-label=(present(bar.links_label).unwrap_or(menu))
            class=(classes(&["govuk-service-navigation__wrapper", bar.links_classes])) {
            @if bar.folds.unwrap_or(bar.links.len() > 1) {
                button type="button" class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle"
                    aria-controls=(id) aria-label=[spoken] hidden aria-hidden="true" { (menu) }
            }
            ul class="govuk-service-navigation__list" id=(id) { @for item in &bar.links { (link(item)) } }
        }
    }
}

fn link(item: &NavLink) -> Markup {
    let here = item.current || item.active;
    let state = if here {
        "govuk-service-navigation__item--active"
    } else {
        ""
    };
    let aria = here.then_some(if item.current { "page" } else { "true" });
    let words = html! {
        @if here { strong class="govuk-service-navigation__active-fallback" { (item.text) } } @else { (item.text) }
    };
    html! {
        li class=(classes(&["govuk-service-navigation__item", state])) {
            @match present(&item.href) {
                Some(href) => a class="govuk-service-navigation__link" href=(href) aria-current=[aria] { (words) },
                None => span class="govuk-service-navigation__text" aria-current=[aria] { (words) },
            }
        }
    }
}
