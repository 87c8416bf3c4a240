//! A fixture's options, read the way the templates read them: what is missing is empty, numbers are words.

use clares_law::web::components::Content;
use maud::PreEscaped;
use serde_json::Value;

#[derive(Clone, Copy)]
pub struct Options<'a>(&'a Value);

impl<'a> Options<'a> {
    pub fn new(value: &'a Value) -> Self {
        Self(value)
    }

    pub fn at(self, key: &str) -> Self {
        Self(&self.0[key])
    }

    /// The group of options under that key, if it is given at all.
    pub fn given(self, key: &str) -> Option<Self> {
        self.0.get(key).filter(|value| value.is_object()).map(Self)
    }

    pub fn str(self, key: &str) -> &'a str {
        self.0[key].as_str().unwrap_or_default()
    }

    /// Words, or a number or truth value written as words; `None` when not given.
    pub fn words(self, key: &str) -> Option<String> {
        match &self.0[key] {
            Value::Null => None,
            Value::String(words) => Some(words.clone()),
            other => Some(other.to_string()),
        }
    }

    /// True when that option is there and false: turned off, not merely left out.
    pub fn off(self, key: &str) -> bool {
        self.maybe(key) == Some(false)
    }

    pub fn flag(self, key: &str) -> bool {
        self.maybe(key).unwrap_or_default()
    }

    pub fn maybe(self, key: &str) -> Option<bool> {
        self.0[key].as_bool()
    }

    pub fn number<N: TryFrom<u64>>(self, key: &str) -> Option<N> {
        self.0[key]
            .as_u64()
            .and_then(|number| N::try_from(number).ok())
    }

    /// The content under `html`, or else `text`.
    pub fn content(self) -> Content {
        self.content_at("html", "text")
    }

    pub fn content_at(self, html: &str, text: &str) -> Content {
        match self.str(html) {
            "" => self.words(text).unwrap_or_default().into(),
            html => PreEscaped(html.to_owned()).into(),
        }
    }

    /// The entries of a list that are not empty or false.
    pub fn list(self, key: &str) -> Vec<Self> {
        let items = self.0[key]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let filled = |item: &&Value| match item {
            Value::Object(options) => !options.is_empty(),
            other => other.is_array(),
        };
        items.iter().filter(filled).map(Self).collect()
    }

    /// The same for a list that is itself an entry of a list.
    pub fn entries(self) -> Vec<Self> {
        self.0
            .as_array()
            .map(|items| items.iter().map(Self).collect())
            .unwrap_or_default()
    }

    pub fn words_list(self, key: &str) -> Vec<&'a str> {
        let items = self.0[key]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        items.iter().filter_map(Value::as_str).collect()
    }
}
