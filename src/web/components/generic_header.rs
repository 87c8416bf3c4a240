//! The bar with the service's name; made for services that are not on gov.uk.

use maud::{Markup, html};

use super::{Content, classes, present};

/// The name, and where it leads (empty means `/`). Empty `container` means the page's width.
#[derive(Debug, Clone, Default)]
pub struct GenericHeader<'a> {
    pub name: Content,
    pub href: &'a str,
    pub classes: &'a str,
    pub container: &'a str,
}

/// The bar.
#[must_use]
pub fn generic_header(header: &GenericHeader) -> Markup {
    let container = present(header.container).unwrap_or("govuk-width-container");
    html! {
        div class=(classes(&["govuk-generic-header", header.classes])) {
            div class=(classes(&["govuk-generic-header__container", container])) {
                div class="govuk-generic-header__logo" {
                    a href=(present(header.href).unwrap_or("/")) class="govuk-generic-header__homepage-link" { (header.name) }
                }
            }
        }
    }
}
