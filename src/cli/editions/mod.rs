//! `clares-law workflow diff`, `rehearse` and `migrate`: what happens when an edition of a scheme changes.
//! Nothing is decided here. Start with `diff`, which needs no installation; the other two look at open cases.

mod migrate;
mod rehearse;

pub use migrate::{Migrate, migrate};
pub use rehearse::rehearse;

use std::path::Path;
use std::process::ExitCode;

use super::config::Workflows;
use super::workflow::one_file;
use crate::engine::definition::authority::scheme_of;
use crate::engine::definition::{self, Definition, Library, diff};

/// Says what changes from one edition to another.
pub fn diff(old: &str, new: &str, workflows: &Workflows) -> Result<ExitCode, String> {
    let (old, new) = (named(old, workflows)?, named(new, workflows)?);
    let changes = diff::diff(&old, &new);
    println!("From {} to {}", title(&old), title(&new));
    if changes.is_empty() {
        println!("Nothing changes: both say the same.");
    } else {
        let count = changes.len();
        let plural = if count == 1 { "" } else { "s" };
        println!("\n{}\n{count} change{plural}", diff::report(&changes));
    }
    Ok(ExitCode::SUCCESS)
}

fn title(definition: &Definition) -> String {
    let scheme = &definition.scheme;
    format!(
        "{}, edition {}, in force from {}",
        scheme.name, scheme.edition, scheme.effective_from
    )
}

/// A sound edition, given by its file, by the scheme's name, or as `SCHEME@EDITION`.
pub fn named(name: &str, workflows: &Workflows) -> Result<Definition, String> {
    let as_file = Path::new(name);
    let (library, path) = if as_file.is_file() {
        one_file(as_file, workflows)?
    } else {
        let library = workflows.load()?;
        let path = path_of(&library, name);
        (library, path)
    };
    let path = path.filter(|path| path.starts_with("schemes/"));
    let path =
        path.ok_or_else(|| format!("There is no scheme {name}; there is: {}", known(&library)))?;
    let (definition, _) = definition::read(&library, &path);
    definition.ok_or_else(|| format!("{name} has errors; run `clares-law workflow check`"))
}

/// The file of a scheme, or of the edition that it or its owner calls so.
fn path_of(library: &Library, name: &str) -> Option<String> {
    let path = format!("schemes/{name}.yaml");
    if library.0.contains_key(&path) {
        return Some(path);
    }
    let (scheme, edition) = name.split_once('@')?;
    let editions = library
        .under("schemes")
        .filter(|(path, _)| scheme_of(path) == scheme);
    let mut read = editions.filter_map(|(path, _)| definition::read(library, path).0);
    let called = read.find(|definition| *definition.scheme.edition == *edition);
    called.map(|definition| definition.path)
}

fn known(library: &Library) -> String {
    let names: Vec<_> = library
        .under("schemes")
        .map(|(_, file)| file.stem().to_owned())
        .collect();
    names.join(", ")
}
