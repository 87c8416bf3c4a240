//! Workflow files from a folder, or from the copy in the binary.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::Embed;

use super::access::Access;
use crate::engine::calendar::Calendar;
use crate::engine::definition::agreement;
use crate::engine::definition::authority::{self, Authority, scheme_of};
use crate::engine::definition::builtin::BUILT_IN;
use crate::engine::definition::compose::compose;
use crate::engine::definition::finding::{File, Finding, Severity};
use crate::engine::definition::record::Record;
use crate::engine::definition::{self, Definition, Library, words};
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

/// Every workflow file below a folder; findings show them as `dir/…`. A folder inside a folder of workflow files, like
/// `examples`, has schemes of its own and may use the forms, roles, calendars and messages of the one above.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn from_folder(dir: &Path) -> io::Result<Library> {
    let above = dir.canonicalize()?;
    let above = above
        .parent()
        .filter(|above| above.join("schemes").is_dir());
    let mut files = above.map_or(Ok(BTreeMap::new()), files_below)?;
    files.retain(|path, _| {
        USED_FROM_ABOVE
            .iter()
            .any(|folder| path.starts_with(folder))
    });
    let guarded = files.remove(BANNED);
    files.extend(files_below(dir)?);
    files.extend(guarded.map(|guarded| (BANNED.to_owned(), guarded)));
    Ok(Library(files))
}

/// The words that nothing outside the sign-in may hold: a folder inside another cannot make its own, shorter list.
const BANNED: &str = "messages/banned.yaml";

/// What a folder inside another may use of it.
const USED_FROM_ABOVE: [&str; 5] = ["records/", "parts/", "calendars/", "messages/", "policy/"];

fn files_below(dir: &Path) -> io::Result<BTreeMap<String, File>> {
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
                files.insert(within, File::new(path.to_string_lossy(), text));
            }
        }
    }
    Ok(files)
}

fn is_workflow(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("yaml" | "md" | "cedar" | "cedarschema"))
        && path.file_name().is_none_or(|name| name != "README.md")
}

fn shipped() -> Library {
    let paths = Shipped::iter().filter(|path| is_workflow(Path::new(path.as_ref())));
    let files = paths.filter_map(|path| {
        let text = String::from_utf8(Shipped::get(&path)?.data.into_owned()).ok()?;
        Some((
            path.to_string(),
            File::new(format!("workflows/{path}"), text),
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

/// Reads and checks every edition of every scheme of a library.
pub fn schemes(library: &Library) -> Vec<Read> {
    let (authorities, _) = authority::read(library);
    let paths: Vec<String> = library
        .under("schemes")
        .map(|(path, _)| path.to_owned())
        .collect();
    let read = paths.into_iter().map(|path| {
        let (definition, findings) = definition::read(library, &path);
        let definition = definition.map(|definition| definition.knowing(&authorities));
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
        .filter_map(|(path, _)| broken_form(library, path));
    let calendars = library
        .under("calendars")
        .filter_map(|(_, file)| calendar_fault(file));
    let (authorities, faults) = authority::read(library);
    let mut findings: Vec<Finding> = records.chain(calendars).chain(faults).collect();
    findings.extend(forums_that_do_not_meet(library, &authorities, schemes));
    findings.extend(doors_that_do_not_fit(library, &authorities, schemes));
    findings.extend(twins(schemes));
    findings.extend(words::read(library).1);
    findings.extend(unused_words(library, schemes));
    findings.extend(agreement::read(library).1);
    findings.extend(access_faults(library, schemes));
    for (file, read) in scenarios(library) {
        match read {
            Ok(scenario) => findings.extend(unknown_actions(&file, &scenario, schemes)),
            Err(finding) => findings.push(finding),
        }
    }
    findings
}

/// Series of meetings for the forum of a scheme that has none.
fn forums_that_do_not_meet(
    library: &Library,
    authorities: &BTreeMap<String, Authority>,
    schemes: &[Read],
) -> Vec<Finding> {
    // Of a scheme that cannot be read nobody knows whether it meets.
    let never_meets = |scheme: &str| {
        let read = schemes.iter().filter_map(|read| read.definition.as_ref());
        let mut editions = read.filter(|definition| *definition.scheme.scheme == *scheme);
        let is_known = editions.clone().next().is_some();
        is_known && editions.all(|definition| definition.meets().is_none())
    };
    let all = authorities.values().flat_map(|authority| {
        let series = authority.series.iter();
        series.map(move |series| (authority, series))
    });
    let findings = all.filter_map(|(authority, series)| {
        let file = library
            .0
            .get(&format!("authorities/{}.yaml", authority.name))?;
        let text = format!(
            "The forum of `{}` does not meet: give it `forum: meets:`",
            series.scheme
        );
        never_meets(&series.scheme).then(|| file.error(&series.name, text))
    });
    findings.collect()
}

/// Public addresses of schemes without a public form, and public forms that stand behind no address.
fn doors_that_do_not_fit(
    library: &Library,
    authorities: &BTreeMap<String, Authority>,
    schemes: &[Read],
) -> Vec<Finding> {
    let faces = authorities.values().flat_map(|authority| {
        let faces = authority.schemes.iter();
        faces.map(move |(scheme, face)| (authority, scheme, face))
    });
    let findings = faces.filter_map(|(authority, scheme, face)| {
        let read = schemes.iter().filter_map(|read| read.definition.as_ref());
        let mut editions = read.filter(|definition| *definition.scheme.scheme == **scheme);
        editions.clone().next()?;
        let has_form = editions.any(|edition| edition.scheme.intake.public_form.is_some());
        let text = match (has_form, &face.address) {
            (true, None) => format!("`{scheme}` has a public form: give it an `address` and a `public_name`"),
            (false, Some(_)) => format!("`{scheme}` has no public form, so nobody outside finds it: leave out `address` and `public_name`"),
            _ => return None,
        };
        let file = library.0.get(&format!("authorities/{}.yaml", authority.name))?;
        Some(file.error(scheme, text))
    });
    findings.collect()
}

/// What is wrong with the policies, and with what they show to those who fill in or confirm the forms.
pub fn access_faults(library: &Library, schemes: &[Read]) -> Vec<Finding> {
    match Access::read(library) {
        Ok(access) => {
            let definitions = schemes.iter().filter_map(|read| read.definition.as_ref());
            definitions
                .flat_map(|definition| access.blind(definition))
                .collect()
        }
        Err(findings) => findings,
    }
}

fn broken_form(library: &Library, path: &str) -> Option<Finding> {
    let read = compose(library, path).and_then(|(file, _)| file.read::<Record>());
    read.err()
}

/// Words for what no scheme and no authority says any more; nothing while a scheme cannot be read.
fn unused_words(library: &Library, schemes: &[Read]) -> Vec<Finding> {
    let definitions = schemes.iter().map(|read| read.definition.as_ref());
    let Some(definitions) = definitions.collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let said = definitions.into_iter().flat_map(Definition::said);
    let (authorities, _) = authority::read(library);
    let faces = authorities.values().flat_map(|own| own.schemes.iter());
    let names = faces.filter_map(|(_, face)| face.public_name.as_ref());
    let names = names.map(ToString::to_string);
    words::unused(library, &said.chain(names).collect())
}

fn calendar_fault(file: &File) -> Option<Finding> {
    let text = Calendar::read(&file.text).err()?;
    Some(file.finding(Severity::Error, 1, 1, text))
}

/// Two editions of a scheme under one name, or from one day on: nobody could tell which is meant.
pub fn twins(schemes: &[Read]) -> Vec<Finding> {
    let sound: Vec<_> = schemes
        .iter()
        .filter_map(|read| read.definition.as_ref())
        .collect();
    let mut findings = Vec::new();
    for (place, one) in sound.iter().enumerate() {
        let (scheme, label, day) = (
            &one.scheme.scheme,
            &one.scheme.edition,
            one.scheme.effective_from,
        );
        let others = sound.iter().take(place);
        for other in others.filter(|other| *other.scheme.scheme == **scheme) {
            if *other.scheme.edition == **label || other.scheme.effective_from == day {
                let text = format!(
                    "{} is also edition {} from {day} on; give each its own name and day",
                    other.file().path,
                    &*other.scheme.edition
                );
                findings.push(one.file().error(label, text));
            }
        }
    }
    findings
}

/// The edition in force when the scenario begins.
///
/// # Errors
/// What is wrong with the scheme it names.
pub fn edition_of<'a>(
    file: &File,
    scenario: &Scenario,
    schemes: &'a [Read],
) -> Result<&'a Definition, Finding> {
    let of_scheme = |read: &&Read| scheme_of(&read.path) == &*scenario.scheme;
    let at = &scenario.scheme;
    if !schemes.iter().any(|read| of_scheme(&read)) {
        return Err(file.error(at, "There is no such scheme"));
    }
    let mut sound = Vec::new();
    for read in schemes.iter().filter(of_scheme) {
        let definition = read.definition.as_ref();
        sound.push(definition.ok_or_else(|| {
            file.error(
                at,
                "This scheme has errors; see `clares-law workflow check`",
            )
        })?);
    }
    let day = scenario.received.date();
    let begun = sound
        .into_iter()
        .filter(|definition| definition.scheme.effective_from <= day);
    let newest = begun.max_by_key(|definition| definition.scheme.effective_from);
    newest.ok_or_else(|| {
        file.error(
            at,
            format!("No edition of this scheme was in force on {day}"),
        )
    })
}

fn unknown_actions(file: &File, scenario: &Scenario, schemes: &[Read]) -> Vec<Finding> {
    let definition = match edition_of(file, scenario, schemes) {
        Ok(definition) => definition,
        Err(_) if schemes.iter().any(|read| read.definition.is_none()) => return Vec::new(),
        Err(finding) => return vec![finding],
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
    let definition = match edition_of(file, scenario, definitions) {
        Ok(definition) => definition,
        Err(finding) => return vec![finding],
    };
    let failures = scenario.play(definition).into_iter();
    failures
        .map(|failure| file.finding(Severity::Error, failure.line, failure.column, failure.text))
        .collect()
}
