//! A heading whose level depends on where it stands in the page.

use maud::{Markup, html};

use super::Content;

/// A heading of level 1 to 6 (others are brought into that range), with a class and, unless empty, an id.
pub(super) fn heading(level: u8, id: &str, class: &str, text: &Content) -> Markup {
    let id = super::present(id);
    html! {
        @match level {
            0 | 1 => h1 id=[id] class=(class) { (text) },
            2 => h2 id=[id] class=(class) { (text) },
            3 => h3 id=[id] class=(class) { (text) },
            4 => h4 id=[id] class=(class) { (text) },
            5 => h5 id=[id] class=(class) { (text) },
            _ => h6 id=[id] class=(class) { (text) },
        }
    }
}
