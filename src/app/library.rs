//! Workflow files from a folder, or from the copy in the binary.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::Embed;

use crate::engine::calendar::Calendar;
use crate::engine::definition::builtin::BUILT_IN;
use crate::engine::definition::finding::{File, Finding, Severity};
use crate::engine::definition::record::Record;
use crate::engine::definition::{self, Definition, Library};
use crate::engine::scenario::{NOTHING, Scenario};

/// The copy in the binary, for an installation without a `workflows` folder.
#[derive(Embed)]
#[folder = "workflows/"]
struct Shipped;

/// Reads `dir`, or, when it is not there and was not asked for by name, the copy in the binary.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn load(dir: &Path, asked_for: bool) -> io::Result<Library> {
    if !dir.is_dir() && !asked_for {
        return Ok(shipped());
    }
    from_folder(dir)
}

/// Every workflow file below a folder; findings show them as `dir/…`.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn from_folder(dir: &Path) -> io::Result<Library> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![dir.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if is_workflow(&path) {
                let within = path
                    .strip_prefix(dir)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .replace('\\', "/");
                let text = std::fs::read_to_string(&path)?;
                files.insert(
                    within,
                    File {
                        path: path.to_string_lossy().into_owned(),
                        text,
                    },
                );
            }
        }
    }
    Ok(Library(files))
}

fn is_workflow(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("yaml" | "md")) && path.file_name().is_none_or(|name| name != "README.md")
}

fn shipped() -> Library {
    let paths = Shipped::iter().filter(|path| is_workflow(Path::new(path.as_ref())));
    let files = paths.filter_map(|path| {
        let text = String::from_utf8(Shipped::get(&path)?.data.into_owned()).ok()?;
        Some((
            path.to_string(),
            File {
                path: format!("workflows/{path}"),
                text,
            },
        ))
    });
    Library(files.collect())
}

/// The folder that holds `schemes`, `records` … for a file given by name: the nearest one above it that has `schemes`.
pub fn root_of(file: &Path) -> Option<PathBuf> {
    let above = file.ancestors().skip(1);
    above
        .filter(|folder| !folder.as_os_str().is_empty() || folder.join("schemes").is_dir())
        .find(|folder| folder.join("schemes").is_dir())
        .map(Path::to_path_buf)
}

/// One scheme of a library, read and checked.
pub struct Read {
    pub path: String,
    pub definition: Option<Definition>,
    pub findings: Vec<Finding>,
}

/// Reads and checks every scheme of a library.
pub fn schemes(library: &Library) -> Vec<Read> {
    let paths: Vec<String> = library
        .under("schemes")
        .map(|(path, _)| path.to_owned())
        .collect();
    let read = paths.into_iter().map(|path| {
        let (definition, findings) = definition::read(library, &path);
        Read {
            path,
            definition,
            findings,
        }
    });
    read.collect()
}

/// What is wrong with the files that no scheme names: broken forms and calendars, and scenarios of actions that do not exist.
pub fn others(library: &Library, schemes: &[Read]) -> Vec<Finding> {
    let records = library
        .under("records")
        .filter_map(|(_, file)| file.read::<Record>().err());
    let calendars = library
        .under("calendars")
        .filter_map(|(_, file)| calendar_fault(file));
    let mut findings: Vec<Finding> = records.chain(calendars).collect();
    for (file, read) in scenarios(library) {
        match read {
            Ok(scenario) => findings.extend(unknown_actions(&file, &scenario, schemes)),
            Err(finding) => findings.push(finding),
        }
    }
    findings
}

fn calendar_fault(file: &File) -> Option<Finding> {
    let text = Calendar::read(&file.text).err()?;
    Some(file.finding(Severity::Error, 1, 1, text))
}

fn unknown_actions(file: &File, scenario: &Scenario, schemes: &[Read]) -> Vec<Finding> {
    let path = format!("schemes/{}.yaml", &*scenario.scheme);
    let Some(read) = schemes.iter().find(|read| read.path == path) else {
        return vec![file.error(&scenario.scheme, "There is no such scheme")];
    };
    let Some(definition) = &read.definition else {
        return Vec::new();
    };
    let known = |name: &str| {
        definition.scheme.actions.has(name) || BUILT_IN.contains(&name) || name == NOTHING
    };
    let unknown = scenario.steps.iter().filter(|step| !known(&step.does));
    unknown
        .map(|step| file.error(&step.does, format!("There is no action `{}`", step.does)))
        .collect()
}

/// A scenario with its file, or why it cannot be read.
pub fn scenarios(library: &Library) -> Vec<(File, Result<Scenario, Finding>)> {
    library
        .under("scenarios")
        .map(|(_, file)| (file.clone(), file.read()))
        .collect()
}

/// Plays one scenario; what comes out otherwise is a finding.
pub fn play(file: &File, scenario: &Scenario, definitions: &[Read]) -> Vec<Finding> {
    let named = definitions
        .iter()
        .find(|read| read.path == format!("schemes/{}.yaml", &*scenario.scheme));
    let Some(read) = named else {
        return vec![file.error(&scenario.scheme, "There is no such scheme")];
    };
    let Some(definition) = &read.definition else {
        return vec![file.error(
            &scenario.scheme,
            "This scheme has errors; see `clares-law workflow check`",
        )];
    };
    let failures = scenario.play(definition).into_iter();
    failures
        .map(|failure| file.finding(Severity::Error, failure.line, failure.column, failure.text))
        .collect()
}
