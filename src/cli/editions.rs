//! `clares-law workflow diff`, `rehearse` and `migrate`: what happens when an edition of a scheme changes.

use std::path::Path;
use std::process::ExitCode;

use super::config::Workflows;
use super::workflow::one_file;
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
        println!("\n{}\n{count} changes", diff::report(&changes));
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

/// A sound edition, given by its file or by the scheme's name.
fn named(name: &str, workflows: &Workflows) -> Result<Definition, String> {
    let as_file = Path::new(name);
    let (library, path) = if as_file.is_file() {
        one_file(as_file, workflows)?
    } else {
        (workflows.load()?, Some(format!("schemes/{name}.yaml")))
    };
    let path = path.filter(|path| library.0.contains_key(path));
    let path =
        path.ok_or_else(|| format!("There is no scheme {name}; there is: {}", known(&library)))?;
    let (definition, _) = definition::read(&library, &path);
    definition.ok_or_else(|| format!("{name} has errors; run `clares-law workflow check`"))
}

fn known(library: &Library) -> String {
    let names: Vec<_> = library
        .under("schemes")
        .map(|(_, file)| file.stem().to_owned())
        .collect();
    names.join(", ")
}
