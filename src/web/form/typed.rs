//! What somebody typed, kept as it was: whatever is wrong with it, it can be shown again (L17).

use crate::domain::pii::withheld;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// The fields of a form as they were sent, in order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

withheld!(Typed);

/// A form's own key, if what was sent can be one.
pub fn own_key(sent: &str) -> Option<String> {
    (16..=64).contains(&sent.len()).then(|| sent.to_owned())
}

impl Typed {
    /// Reads pairs; line breaks become those of the house.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        let plain = |(name, value): (String, String)| (name, value.replace("\r\n", "\n"));
        Self(pairs.into_iter().map(plain).collect())
    }

    /// The first value of this name; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Removes a name and answers its values.
    pub fn take(&mut self, name: &str) -> Vec<String> {
        let (taken, left) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|(key, _)| key == name);
        self.0 = left;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    pub fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many rows of a list have something in them, counted to the last: `homes.0.address` …
    pub fn rows(&self, list: &str) -> usize {
        let filled = self.0.iter().filter(|(_, value)| !value.trim().is_empty());
        counted(list, filled)
    }

    /// How many rows of a list were on the page, empty ones among them.
    pub fn rows_sent(&self, list: &str) -> usize {
        counted(list, self.0.iter())
    }

    /// Gives a list one row more.
    pub fn add_row(&mut self, list: &str) {
        let next = self.rows_sent(list);
        self.put(format!("{list}.{next}."), "");
    }

    /// Takes a row with all that is in it out of a list; those behind it move up.
    pub fn remove_row(&mut self, list: &str, row: usize) {
        let pairs = std::mem::take(&mut self.0).into_iter();
        let kept = pairs.filter_map(|(name, value)| match row_of(&name, list) {
            Some((place, _)) if place == row => None,
            Some((place, part)) if place > row => {
                Some((format!("{list}.{}.{part}", place - 1), value))
            }
            _ => Some((name, value)),
        });
        self.0 = kept.collect();
    }
}

fn counted<'a>(list: &str, pairs: impl Iterator<Item = &'a (String, String)>) -> usize {
    let rows = pairs.filter_map(|(name, _)| Some(row_of(name, list)?.0));
    rows.max().map_or(0, |last| last.saturating_add(1))
}

/// The row of a list that a name belongs to, and its part in it.
fn row_of<'a>(name: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let rest = name.strip_prefix(list)?.strip_prefix('.')?;
    let (row, part) = rest.split_once('.')?;
    Some((row.parse().ok()?, part))
}

/// A form that was posted.
#[derive(Debug)]
pub struct Sent(pub Typed);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        type Pairs = axum::Form<Vec<(String, String)>>;
        match Pairs::from_request(request, state).await {
            Ok(axum::Form(pairs)) => Ok(Self(Typed::new(pairs))),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(rejection.into_response())
            }
            Err(rejection) => {
                let words = "What was sent could not be read as a form. Go back and send it again.";
                Err((rejection.status(), words).into_response())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_to_the_last_that_holds_something() {
        let mut typed = Typed::default();
        assert_eq!(typed.rows("homes"), 0);
        typed.put("homes.0.address", "");
        typed.put("homes.2.from", "2021");
        typed.put("homestead.7.from", "2021");
        typed.put("homes.x.from", "2021");
        assert_eq!(typed.rows("homes"), 3);
    }

    #[test]
    fn a_row_that_is_taken_out_takes_nothing_else_with_it() {
        let pairs = [
            ("homes.0.address", "A"),
            ("homestead.1.address", "H"),
            ("homes.1.address", "B"),
            ("homes.2.from-year", "2021"),
            ("homes.2.to", ""),
        ];
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut typed = Typed::new(pairs.into_iter().map(pair).collect());
        assert_eq!((typed.rows("homes"), typed.rows_sent("homes")), (3, 3));
        typed.remove_row("homes", 1);
        let left = [
            ("homes.0.address", "A"),
            ("homestead.1.address", "H"),
            ("homes.1.from-year", "2021"),
            ("homes.1.to", ""),
        ];
        assert_eq!(typed.pairs().collect::<Vec<_>>(), left);
        typed.add_row("homes");
        assert_eq!((typed.rows("homes"), typed.rows_sent("homes")), (2, 3));
    }

    #[test]
    fn what_is_taken_is_gone() {
        let mut typed = Typed::new(vec![
            ("a".into(), "1\r\n2".into()),
            ("b".into(), "x".into()),
            ("a".into(), "3".into()),
        ]);
        assert_eq!(typed.take("a"), ["1\n2", "3"]);
        assert_eq!(typed.pairs().collect::<Vec<_>>(), [("b", "x")]);
    }
}
