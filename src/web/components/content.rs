//! What goes inside an element: words, which are escaped, or markup that is already safe.

use maud::{Markup, Render, html};

use crate::engine::definition::wording::Wording;

/// Words or markup. Made from text it escapes; made from [`Markup`] it does not. The default is empty, which means 'not given'.
#[derive(Debug, Clone, Default)]
pub struct Content(Markup);

impl Content {
    /// True when there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.0.is_empty()
    }

    /// Itself, or other words when there is nothing to show.
    pub(super) fn or(&self, words: &str) -> Self {
        if self.is_empty() {
            words.into()
        } else {
            self.clone()
        }
    }
}

impl Render for Content {
    fn render_to(&self, buffer: &mut String) {
        self.0.render_to(buffer);
    }
}

impl From<&str> for Content {
    fn from(words: &str) -> Self {
        Self(html! { (words) })
    }
}

impl From<String> for Content {
    fn from(words: String) -> Self {
        Self::from(words.as_str())
    }
}

impl From<&Wording> for Content {
    fn from(wording: &Wording) -> Self {
        Self(html! { (wording) })
    }
}

/// On a page in another language than English every wording says what language it is in (WCAG 3.1.2).
impl Render for Wording {
    fn render_to(&self, buffer: &mut String) {
        let text: &str = self;
        match self.language() {
            None => text.render_to(buffer),
            Some(language) => html! { span lang=(language) { (text) } }.render_to(buffer),
        }
    }
}

impl From<Markup> for Content {
    fn from(markup: Markup) -> Self {
        Self(markup)
    }
}
