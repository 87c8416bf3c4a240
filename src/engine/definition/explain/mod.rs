//! What a definition says, in plain words for two readers: the public page 'what happens next' and the officer's handbook.
//! Nothing of a case and nothing of HTML may come in here; what is explained comes from the definition alone.
//! Start with `Document`, then `public` (short, names nothing) and `handbook` (everything, section by section).

mod action;
mod at_hand;
mod forum;
mod handbook;
mod keeping;
mod public;
mod saying;
mod state;

use std::fmt::Write;

pub use handbook::handbook;
pub use public::public;

use super::wording::Wording;
use super::yaml::Unconfirmed;

/// A text for people: a title and what stands below it.
#[derive(Debug, Default)]
pub struct Document {
    pub title: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug)]
pub enum Block {
    /// Level 2 to 4; the title is level 1. `id` is what a link in the same text leads to.
    Heading {
        level: u8,
        text: String,
        id: String,
    },
    Paragraph(Line),
    List(Vec<Line>),
    /// What comes one after the other.
    Steps(Vec<Line>),
}

/// A sentence or two.
#[derive(Debug, Default, Clone)]
pub struct Line {
    /// The heading that tells more: its words, which come before the text, and its id.
    pub more: Option<(String, String)>,
    /// What the definition itself says, in its reader's words; it comes before the text.
    pub said: Option<Wording>,
    pub text: String,
    /// Why no source confirms it (L15). With an empty text it is said of the whole that the line stands in.
    pub unconfirmed: Option<String>,
}

impl Line {
    pub(super) fn doubted(text: impl Into<String>, doubt: Option<&Unconfirmed>) -> Self {
        Self {
            text: text.into(),
            unconfirmed: doubt.map(saying::doubt),
            ..Self::default()
        }
    }
}

impl<T: Into<String>> From<T> for Line {
    fn from(text: T) -> Self {
        Self::doubted(text, None)
    }
}

impl Document {
    fn heading(&mut self, level: u8, text: &str, id: impl Into<String>) {
        self.blocks.push(Block::Heading {
            level,
            text: text.to_owned(),
            id: id.into(),
        });
    }

    fn say(&mut self, line: impl Into<Line>) {
        self.blocks.push(Block::Paragraph(line.into()));
    }

    /// Nothing at all for no lines.
    fn list(&mut self, lines: Vec<Line>) {
        if !lines.is_empty() {
            self.blocks.push(Block::List(lines));
        }
    }

    /// The text in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n", self.title);
        for block in &self.blocks {
            text.push('\n');
            match block {
                Block::Heading {
                    level, text: words, ..
                } => {
                    let _ = writeln!(text, "{} {words}", "#".repeat(usize::from(*level))); // a String takes everything
                }
                Block::Paragraph(line) => text.extend([marked(line), "\n".to_owned()]),
                Block::List(lines) => {
                    text.extend(lines.iter().map(|line| format!("- {}\n", marked(line))));
                }
                Block::Steps(lines) => {
                    let steps = (1..).zip(lines);
                    text.extend(steps.map(|(place, line)| format!("{place}. {}\n", marked(line))));
                }
            }
        }
        text
    }
}

fn marked(line: &Line) -> String {
    let more = line.more.iter().map(|(words, _)| format!("**{words}**."));
    let said = line.said.as_deref().unwrap_or_default();
    let text =
        Some(format!("{said}{}", line.text).replace('\n', " ")).filter(|text| !text.is_empty());
    let doubt = line.unconfirmed.iter();
    let doubt = doubt.map(|why| format!("*Not confirmed: {why}*"));
    more.chain(text).chain(doubt).collect::<Vec<_>>().join(" ")
}
