//! Reads Rust source as text, closely enough to say which top-level modules a file names.
//!
//! Not a parser: comments and literals are blanked, then paths are looked for.

use std::path::{Path, PathBuf};

/// One source file: its path below `src/`, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

/// All Rust files below `src`, in order of path.
pub fn read(src: &Path) -> Vec<Source> {
    let mut folders = vec![src.to_path_buf()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with("node_modules") => {}
                true => folders.push(path),
                false if path.extension().is_some_and(|ending| ending == "rs") => files.push(path),
                false => {}
            }
        }
    }
    files.sort();
    let below = |file: &Path| {
        file.strip_prefix(src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/")
    };
    files
        .iter()
        .map(|file| Source {
            path: below(file),
            text: std::fs::read_to_string(file).unwrap(),
        })
        .collect()
}

/// A name below the crate's root that a file uses, and the line where it does.
pub struct Import {
    pub module: String,
    pub line: usize,
    /// Reached by `super::`. From a nested module such a path may still be at home, so the name decides.
    pub climbed: bool,
}

/// Everything the source names below the crate's root, by `crate::`, by `clares_law::` or by climbing there.
pub fn imports(source: &Source) -> Vec<Import> {
    let code = code_only(&source.text);
    let climb = "super::".repeat(depth(&source.path));
    let mut found = Vec::new();
    for root in ["crate::", "clares_law::", &climb] {
        for (at, _) in code.match_indices(root) {
            if continues_a_path(&code[..at]) {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let climbed = root == climb;
            let modules = first_names(&code[at + root.len()..]).into_iter();
            found.extend(modules.map(|module| Import {
                module,
                line,
                climbed,
            }));
        }
    }
    found
}

/// How many modules a file lies below the crate's root: `web/mod.rs` 1, `web/pages/queue.rs` 3.
fn depth(path: &str) -> usize {
    path.split('/').filter(|part| *part != "mod.rs").count()
}

/// True after `$`, `::` or part of a name: then `crate::` is not the beginning of a path of this crate.
fn continues_a_path(before: &str) -> bool {
    before.ends_with(|c: char| c.is_alphanumeric() || "_:$".contains(c))
}

/// The first name of a path, or of each path in a group: `a::b` is a; `{a::{b, c}, d}` is a and d.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let mut depth = 0_usize;
    let mut names = Vec::new();
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    names
}

/// The text with comments and literals blanked, line by line as it was.
pub fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (blank, after) = rest.split_at(not_code(rest));
        if blank.is_empty() {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(blank.chars().map(|c| if c == '\n' { c } else { ' ' }));
            rest = after;
        }
    }
    code
}

/// How many bytes of a comment or literal the text begins with; 0 when it begins with code.
fn not_code(text: &str) -> usize {
    let until = |end: &str, from: usize| {
        text[from..]
            .find(end)
            .map_or(text.len(), |at| from + at + end.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        return if raw[hashes..].starts_with('"') {
            until(&format!("\"{}", "#".repeat(hashes)), hashes + 2)
        } else {
            0
        };
    }
    if let Some(literal) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = literal.find(|c| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        return end.map_or(text.len(), |at| at + 2);
    }
    // A quotation mark as a character would otherwise open a text.
    ["'\"'", "'\\\"'"]
        .iter()
        .find(|literal| text.starts_with(**literal))
        .map_or(0, |literal| literal.len())
}
