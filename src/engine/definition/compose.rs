//! Sharing between workflow files: `extends`, `includes` and `without`. What comes out is one flat text, of which every
//! line still knows the file it was written in. Texts are joined line by line, so that findings keep their place.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Library;
use super::finding::{File, Finding, Origin, Severity};

/// The folder of the files that `includes` names.
const PARTS: &str = "parts";

/// What a scheme has from one other file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    /// The other file's path in the library.
    pub from: String,
    /// Taken over as they stand there, as `section.name`.
    pub unchanged: Vec<String>,
    /// Taken over in part.
    pub changed: Vec<String>,
}

/// A key with its value, and what stands below it.
#[derive(Debug, Clone)]
struct Entry {
    key: String,
    /// The line of the key, without its indent.
    head: Line,
    body: Body,
    /// Whether it comes from an included part; a scheme's own entries stand before those.
    part: bool,
}

#[derive(Debug, Clone)]
struct Line {
    text: String,
    indent: usize,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Body {
    Map(Vec<Entry>),
    /// A scalar or a list: replaced as a whole.
    Whole(Vec<Line>),
}

/// The file at `path` with all that it extends and includes. A file that shares nothing comes out as it is.
///
/// # Errors
/// Where a file named does not exist, leads back to itself, or takes away what is not there.
pub fn compose(library: &Library, path: &str) -> Result<(File, Vec<Sharing>), Finding> {
    let Some(file) = library.0.get(path) else {
        return Err(File::missing(path));
    };
    if !shares(file) {
        return Ok((file.clone(), Vec::new()));
    }
    let entries = joined(library, path, false, &mut Vec::new())?;
    let sharing = sharing(&entries, &file.path);
    let mut writing = Writing::default();
    writing.entries(&entries, 0);
    let composed = File {
        path: file.path.clone(),
        text: writing.text,
        origins: Some(Arc::from(writing.origins)),
    };
    Ok((composed, sharing))
}

fn shares(file: &File) -> bool {
    let named = |line: &str| line.starts_with("extends:") || line.starts_with("includes:");
    file.text.lines().any(named)
}

/// The entries of a file over those it extends and includes. `open` are the files on the way here.
fn joined(
    library: &Library,
    path: &str,
    part: bool,
    open: &mut Vec<String>,
) -> Result<Vec<Entry>, Finding> {
    let Some(file) = library.0.get(path) else {
        return Err(File::missing(path));
    };
    open.push(path.to_owned());
    let mut own = Reading::of(file).entries(0, part)?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut under = Vec::new();
    for (key, folder, part) in [("extends", folder, part), ("includes", PARTS, true)] {
        for (name, line) in taken(&mut own, key) {
            let at = format!("{folder}/{name}.yaml");
            if !library.0.contains_key(&at) {
                let text = format!("There is no {at}; add it, or name one that exists");
                return Err(line.error(file, text));
            }
            if open.contains(&at) {
                return Err(line.error(file, format!("{at} leads back to this file")));
            }
            fill(&mut under, joined(library, &at, part, open)?);
        }
    }
    open.pop();
    lay_over(&mut under, own, file)?;
    Ok(under)
}

/// Takes the names listed under a key out of the entries.
fn taken(entries: &mut Vec<Entry>, key: &str) -> Vec<(String, Line)> {
    let Some(place) = entries.iter().position(|entry| entry.key == key) else {
        return Vec::new();
    };
    let entry = entries.remove(place);
    let value = entry.head.text[key.len() + 1..].trim().to_owned();
    if !value.is_empty() {
        return vec![(bare(&value), entry.head)];
    }
    let Body::Whole(lines) = entry.body else {
        return Vec::new();
    };
    let items = lines.into_iter().filter_map(|line| {
        let name = bare(line.text.strip_prefix("- ")?);
        Some((name, line))
    });
    items.collect()
}

/// A name without quotes or a comment behind it.
fn bare(text: &str) -> String {
    let text = text.split(" #").next().unwrap_or(text).trim();
    text.trim_matches(['"', '\'']).to_owned()
}

/// Adds what is not there yet; what is there stands.
fn fill(under: &mut Vec<Entry>, more: Vec<Entry>) {
    for entry in more {
        match under.iter_mut().find(|known| known.key == entry.key) {
            None => under.push(entry),
            Some(known) => {
                if let (Body::Map(known), Body::Map(more)) = (&mut known.body, entry.body) {
                    fill(known, more);
                }
            }
        }
    }
}

/// Writes a file's own entries over the others.
fn lay_over(under: &mut Vec<Entry>, mut own: Vec<Entry>, file: &File) -> Result<(), Finding> {
    for (name, line) in taken(&mut own, "without") {
        let place = under.iter().position(|entry| entry.key == name);
        let Some(place) = place else {
            return Err(line.error(
                file,
                format!("There is no `{name}` here to be without; leave this out"),
            ));
        };
        under.remove(place);
    }
    for entry in own {
        let Some(known) = under.iter_mut().find(|known| known.key == entry.key) else {
            let first_of_parts = under.iter().position(|known| known.part && !entry.part);
            under.insert(first_of_parts.unwrap_or(under.len()), cleared(entry, file)?);
            continue;
        };
        known.head = entry.head;
        match (&mut known.body, entry.body) {
            (Body::Map(known), Body::Map(own)) => lay_over(known, own, file)?,
            (body, own) => *body = own,
        }
    }
    Ok(())
}

/// A new entry; nothing stands below it that could be taken away.
fn cleared(entry: Entry, file: &File) -> Result<Entry, Finding> {
    let Entry {
        key,
        head,
        body,
        part,
    } = entry;
    let body = match body {
        Body::Map(own) => {
            let mut under = Vec::new();
            lay_over(&mut under, own, file)?;
            Body::Map(under)
        }
        whole @ Body::Whole(_) => whole,
    };
    Ok(Entry {
        key,
        head,
        body,
        part,
    })
}

/// The flat text in the making, and where each line was written.
#[derive(Default)]
struct Writing {
    text: String,
    origins: Vec<Origin>,
}

impl Writing {
    fn entries(&mut self, entries: &[Entry], depth: usize) {
        for entry in entries {
            self.line(depth * 2, &entry.head);
            match &entry.body {
                Body::Map(below) => self.entries(below, depth + 1),
                Body::Whole(lines) => {
                    let first = lines.iter().map(|line| line.indent).min().unwrap_or(0);
                    for line in lines {
                        self.line((depth + 1) * 2 + line.indent.saturating_sub(first), line);
                    }
                }
            }
        }
    }

    fn line(&mut self, indent: usize, line: &Line) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(&line.text);
        self.text.push('\n');
        self.origins.push(line.origin.clone());
    }
}

/// A file on its way to entries.
struct Reading<'a> {
    file: &'a File,
    lines: Vec<Line>,
    next: usize,
}

impl<'a> Reading<'a> {
    fn of(file: &'a File) -> Self {
        let path: Arc<str> = Arc::from(file.path.as_str());
        let lines = file.text.lines().zip(1..).map(|(text, line)| Line {
            text: text.trim().to_owned(),
            indent: text.len() - text.trim_start().len(),
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
    fn entries(&mut self, indent: usize, part: bool) -> Result<Vec<Entry>, Finding> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(line) = self.content() {
            if line.indent < indent {
                break;
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
    fn error(&self, file: &File, text: impl Into<String>) -> Finding {
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

/// For every other file, the entries that come from it.
fn sharing(entries: &[Entry], own: &str) -> Vec<Sharing> {
    let mut shared: Vec<Sharing> = Vec::new();
    for section in entries {
        let Body::Map(named) = &section.body else {
            continue;
        };
        for entry in named {
            let mut files = BTreeSet::new();
            files_of(entry, &mut files);
            let changed = files.len() > 1;
            for file in files.into_iter().filter(|file| &**file != own) {
                let name = format!("{}.{}", section.key, entry.key);
                let known = shared.iter().position(|known| *known.from == *file);
                let place = known.unwrap_or_else(|| {
                    shared.push(Sharing {
                        from: file.to_string(),
                        ..Sharing::default()
                    });
                    shared.len() - 1
                });
                let list = if changed {
                    &mut shared[place].changed
                } else {
                    &mut shared[place].unchanged
                };
                list.push(name);
            }
        }
    }
    shared
}

fn files_of(entry: &Entry, files: &mut BTreeSet<Arc<str>>) {
    files.insert(Arc::clone(&entry.head.origin.path));
    match &entry.body {
        Body::Map(below) => below.iter().for_each(|entry| files_of(entry, files)),
        Body::Whole(lines) => files.extend(lines.iter().map(|line| Arc::clone(&line.origin.path))),
    }
}
