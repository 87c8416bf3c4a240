//! A workflow file as keys with what stands below them, line by line.

use std::sync::Arc;

use crate::engine::definition::finding::{File, Finding, Origin, Severity};

/// A key with its value, and what stands below it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub key: String,
    /// The line of the key, without its indent.
    pub head: Line,
    pub body: Body,
    /// Whether it comes from an included part; a scheme's own entries stand before those.
    pub part: bool,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    pub indent: usize,
    /// Whether the indent holds a tab.
    pub tab: bool,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub enum Body {
    Map(Vec<Entry>),
    /// A scalar or a list: replaced as a whole.
    Whole(Vec<Line>),
}

/// A file on its way to entries.
pub struct Reading<'a> {
    file: &'a File,
    lines: Vec<Line>,
    next: usize,
}

impl<'a> Reading<'a> {
    pub fn of(file: &'a File) -> Self {
        let path: Arc<str> = Arc::from(file.path.as_str());
        let lines = file.text.lines().zip(1..).map(|(text, line)| Line {
            text: text.trim().to_owned(),
            indent: text.len() - text.trim_start().len(),
            tab: text[..text.len() - text.trim_start().len()].contains('\t'),
            origin: Origin {
                path: Arc::clone(&path),
                line,
            },
        });
        Self {
            file,
            lines: lines.collect(),
            next: 0,
        }
    }

    /// The entries that stand at this indent, up to a line further left.
    pub fn entries(&mut self, indent: usize, part: bool) -> Result<Vec<Entry>, Finding> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(line) = self.content() {
            if line.indent < indent {
                break;
            }
            if line.tab {
                return Err(line.error(self.file, "Indent with spaces, not with a tab"));
            }
            let key = key(&line.text).filter(|_| line.indent == indent);
            let Some(key) = key else {
                let text = "A file that shares with others is written with one key a line, two spaces of indent and lists below their key";
                return Err(line.error(self.file, text));
            };
            if entries.iter().any(|known| known.key == key) {
                return Err(line.error(
                    self.file,
                    format!("`{key}` stands here twice; remove one of them"),
                ));
            }
            self.next += 1;
            let body = self.body(&line, &key, part)?;
            entries.push(Entry {
                key,
                head: line,
                body,
                part,
            });
        }
        Ok(entries)
    }

    fn body(&mut self, head: &Line, key: &str, part: bool) -> Result<Body, Finding> {
        let value = head.text[key.len()..].trim_start_matches(['"', '\'', ':', ' ']);
        let below = self.content().filter(|line| line.indent > head.indent);
        match below {
            Some(first) if value.is_empty() && !first.text.starts_with("- ") => {
                Ok(Body::Map(self.entries(first.indent, part)?))
            }
            _ => Ok(Body::Whole(
                self.whole(head.indent, value.starts_with(['|', '>'])),
            )),
        }
    }

    /// Everything further right, as it stands; in a text block blank lines and `#` belong to it.
    fn whole(&mut self, indent: usize, block: bool) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(line) = self.lines.get(self.next) {
            let blank = line.text.is_empty() || (!block && line.text.starts_with('#'));
            if !blank && line.indent <= indent {
                break;
            }
            if block || !blank {
                lines.push(line.clone());
            }
            self.next += 1;
        }
        lines
    }

    /// The next line that is neither blank nor a comment.
    fn content(&mut self) -> Option<Line> {
        let empty = |line: &Line| line.text.is_empty() || line.text.starts_with('#');
        while self.lines.get(self.next).is_some_and(empty) {
            self.next += 1;
        }
        self.lines.get(self.next).cloned()
    }
}

impl Line {
    pub fn error(&self, file: &File, text: impl Into<String>) -> Finding {
        let column = self.indent as u64 + 1;
        file.finding(Severity::Error, self.origin.line, column, text)
    }
}

/// What stands before the colon.
fn key(text: &str) -> Option<String> {
    if let Some(quote) = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))
    {
        let (key, rest) = text[1..].split_once(quote)?;
        return rest.starts_with(':').then(|| key.to_owned());
    }
    let end = text
        .find(": ")
        .or_else(|| text.strip_suffix(':').map(str::len))?;
    let key = &text[..end];
    (!key.starts_with(['-', '{', '[', '&', '*', '?'])).then(|| key.to_owned())
}
