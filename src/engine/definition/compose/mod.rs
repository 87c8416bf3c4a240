//! Sharing between workflow files: `extends`, `includes`, `without`, `adds` and `after`. What comes out is one flat text,
//! of which every line still knows the file it was written in, so that findings keep their place; nothing is read from disk.
//! Start with `compose`, then `lay_over`; `entries` makes keys of lines.

mod entries;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Library;
use super::finding::{File, Finding, Origin};
use entries::{Body, Entry, Line, Reading};

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
    let sharing = sharing(library, &entries, &file.path);
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
    // A scheme's own form extends the one in the folder above, which all schemes share.
    let folder = path.split('/').next().unwrap_or_default();
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
            let mut taken = joined(library, &at, part, open)?;
            settle(&mut taken, part);
            fill(&mut under, taken);
        }
    }
    open.pop();
    lay_over(&mut under, own, file)?;
    Ok(under)
}

/// Says of entries and what stands below them whether they come from an included part. What comes through `extends` is
/// the base's own, wherever the base has it from.
fn settle(entries: &mut [Entry], part: bool) {
    for entry in entries {
        entry.part = part;
        if let Body::Map(below) = &mut entry.body {
            settle(below, part);
        }
    }
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
    add(under, &mut own, file)?;
    for mut entry in own {
        let place = place_of(under, &mut entry, file)?;
        let Some(at) = under.iter().position(|known| known.key == entry.key) else {
            under.insert(place, cleared(entry, file)?);
            continue;
        };
        // What a part says stands where the file that includes it names it.
        let moves = under[at].part && !entry.part;
        let known = &mut under[at];
        known.head = entry.head;
        known.part = entry.part;
        match (&mut known.body, entry.body) {
            (Body::Map(known), Body::Map(own)) => lay_over(known, own, file)?,
            (Body::Map(_), Body::Whole(_)) if known.head.text.ends_with('}') => {
                let text = "Write this with one key a line; in braces it would stand instead of all that is shared here";
                return Err(known.head.error(file, text));
            }
            (body, own) => *body = own,
        }
        if moves {
            let known = under.remove(at);
            under.insert(end(under, false), known);
        }
    }
    Ok(())
}

/// Adds the items under `adds` to the lists of the same name.
fn add(under: &mut [Entry], own: &mut Vec<Entry>, file: &File) -> Result<(), Finding> {
    let Some(place) = own.iter().position(|entry| entry.key == "adds") else {
        return Ok(());
    };
    let Entry { head, body, .. } = own.remove(place);
    let Body::Map(lists) = body else {
        return Err(head.error(file, "Under `adds` stand the lists that get further items"));
    };
    for list in lists {
        let known = under.iter_mut().find(|known| known.key == list.key);
        match (known.map(|known| &mut known.body), list.body) {
            (Some(Body::Whole(items)), Body::Whole(more)) if is_list(items) && is_list(&more) => {
                let shift = items[0].indent;
                let first = more[0].indent;
                items.extend(more.into_iter().map(|line| Line {
                    indent: line.indent + shift - first.min(line.indent),
                    ..line
                }));
            }
            _ => {
                let text = format!(
                    "There is no list `{}` here to add to; write it out",
                    list.key
                );
                return Err(list.head.error(file, text));
            }
        }
    }
    Ok(())
}

fn is_list(lines: &[Line]) -> bool {
    lines
        .first()
        .is_some_and(|line| line.text.starts_with("- "))
}

/// Where a new entry goes: behind the one that its `after` names, else behind all that are not of a part.
fn place_of(under: &[Entry], entry: &mut Entry, file: &File) -> Result<usize, Finding> {
    let Body::Map(below) = &mut entry.body else {
        return Ok(end(under, entry.part));
    };
    let Some((name, line)) = taken(below, "after").pop() else {
        return Ok(end(under, entry.part));
    };
    if under.iter().any(|known| known.key == entry.key) {
        return Err(line.error(
            file,
            "This stands here already; only what is new can be given a place",
        ));
    }
    let place = under.iter().position(|known| known.key == name);
    place.map(|place| place + 1).ok_or_else(|| {
        line.error(
            file,
            format!("There is no `{name}` here for this to stand behind"),
        )
    })
}

fn end(under: &[Entry], part: bool) -> usize {
    let of_parts = under.iter().position(|known| known.part && !part);
    of_parts.unwrap_or(under.len())
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

/// For every other file, the entries that come from it.
fn sharing(library: &Library, entries: &[Entry], own: &str) -> Vec<Sharing> {
    let mut shared: Vec<Sharing> = Vec::new();
    for section in entries {
        let Body::Map(named) = &section.body else {
            continue;
        };
        for entry in named {
            let mut files = BTreeSet::new();
            files_of(entry, &mut files);
            let changed = files.contains(own);
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
    // Findings show a file by where it lies on this machine; an edition is the same wherever it lies.
    for sharing in &mut shared {
        let known = library.0.iter().find(|(_, file)| file.path == sharing.from);
        if let Some((path, _)) = known {
            sharing.from.clone_from(path);
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
