//! `clares-law workflow`: check, draw and test what a scheme owner has written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};

use super::config::{Place, Workflows};
use super::publish::publish;
use super::{CANNOT_READ, FINDINGS, editions};
use crate::app::library;
use crate::engine::definition::finding::{Finding, Severity};
use crate::engine::definition::{Definition, Library, explain, graph};
use crate::web::components::state_picture;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what is wrong with workflow files, where, and what to do about it
    Check {
        /// Files to check; the folders beside them are used as well. Default: everything under --workflows
        files: Vec<PathBuf>,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Draw a scheme: its states and the ways between them
    Graph {
        /// The scheme's name, which is that of its file, or the file
        scheme: String,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Tell a scheme in plain words, as Markdown
    Explain {
        /// The scheme's name, which is that of its file, or the file
        scheme: String,
        /// For whom: the officers' handbook, or the public page 'what happens next'
        #[arg(long = "for", value_enum, default_value_t)]
        reader: Reader,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Publish an edition: cases received from its day on go by it, and it never changes again
    Publish {
        /// The scheme's file
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Say in plain words what changes from one edition to another
    Diff {
        /// The edition before: a scheme's name or a scheme file
        old: String,
        /// The edition after
        new: String,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Play an edition over every open case of its scheme: who would be stranded, which due dates would move. Nothing is
    /// written
    Rehearse {
        /// The edition: a scheme file or a scheme's name
        edition: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        workflows: Workflows,
    },
    /// Move open cases to a published edition: one person proposes, another confirms, and --undo leads back
    Migrate(editions::Migrate),
    /// Play the scenarios and say what came out otherwise
    Test {
        /// Scenario files; default: all under --workflows
        files: Vec<PathBuf>,
        #[command(flatten)]
        workflows: Workflows,
    },
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Format {
    /// A text that other programs draw
    #[default]
    Mermaid,
    /// A picture
    Svg,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Reader {
    Public,
    #[default]
    Staff,
}

pub fn run(command: Command) -> ExitCode {
    let done = match command {
        Command::Check { files, workflows } => check(&files, &workflows),
        Command::Graph {
            scheme,
            format,
            workflows,
        } => told(&scheme, &workflows, |definition| drawn(definition, format)),
        Command::Explain {
            scheme,
            reader,
            workflows,
        } => told(&scheme, &workflows, |definition| match reader {
            Reader::Public => explain::public(definition).markdown(),
            Reader::Staff => explain::handbook(definition).markdown(),
        }),
        Command::Diff {
            old,
            new,
            workflows,
        } => editions::diff(&old, &new, &workflows),
        Command::Rehearse {
            edition,
            place,
            workflows,
        } => editions::named(&edition, &workflows).and_then(|definition| {
            super::in_runtime(editions::rehearse(definition, &place, &workflows))
                .map_err(|error| worded(&error))
        }),
        Command::Migrate(asked) => {
            super::in_runtime(editions::migrate(asked)).map_err(|error| worded(&error))
        }
        Command::Test { files, workflows } => test(&files, &workflows),
        Command::Publish {
            file,
            place,
            workflows,
        } => super::in_runtime(publish(&file, &place, &workflows)).map_err(|error| worded(&error)),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::from(CANNOT_READ)
    })
}

fn worded(error: &anyhow::Error) -> String {
    format!("{error:#}")
}

type Done = Result<ExitCode, String>;

/// The libraries to look at, each with the files asked for; none named means all of it.
fn chosen(
    files: &[PathBuf],
    workflows: &Workflows,
) -> Result<Vec<(Library, Option<String>)>, String> {
    if files.is_empty() {
        return Ok(vec![(workflows.load()?, None)]);
    }
    files.iter().map(|file| one_file(file, workflows)).collect()
}

pub(super) fn one_file(
    file: &Path,
    workflows: &Workflows,
) -> Result<(Library, Option<String>), String> {
    if file.is_dir() {
        let library =
            library::from_folder(file).map_err(|error| format!("{}: {error}", file.display()))?;
        return Ok((library, None));
    }
    std::fs::read_to_string(file)
        .map_err(|error| format!("{}: cannot be read: {error}", file.display()))?;
    if let Some(root) = library::root_of(file) {
        let library =
            library::from_folder(&root).map_err(|error| format!("{}: {error}", root.display()))?;
        let within = file
            .strip_prefix(&root)
            .map_err(|error| error.to_string())?;
        return Ok((library, Some(within.to_string_lossy().into_owned())));
    }
    // A scheme that stands alone is checked with the folders of --workflows beside it.
    let mut library = workflows.load()?;
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let within = format!("schemes/{name}");
    let path = file.to_string_lossy().into_owned();
    library.0.insert(
        within.clone(),
        crate::engine::definition::finding::File::new(path, text),
    );
    Ok((library, Some(within)))
}

fn check(files: &[PathBuf], workflows: &Workflows) -> Done {
    let mut findings = Vec::new();
    let mut schemes = 0;
    for (library, only) in chosen(files, workflows)? {
        let one_scheme = only.as_ref().filter(|only| only.starts_with("schemes/"));
        let mut read = library::schemes(&library);
        read.retain(|read| one_scheme.is_none_or(|only| *only == read.path));
        schemes += read.len();
        let mut found = Vec::new();
        if one_scheme.is_none() {
            found.extend(library::others(&library, &read));
        }
        found.extend(read.into_iter().flat_map(|read| read.findings));
        let shown = only.as_ref().filter(|_| one_scheme.is_none());
        if let Some(file) = shown.and_then(|only| library.0.get(only)) {
            found.retain(|finding| finding.file == file.path);
        }
        findings.extend(found);
    }
    if files.iter().all(|file| file.is_dir()) && schemes == 0 {
        return Err("There is no scheme to check: the folder `schemes` is empty".to_owned());
    }
    Ok(report(
        findings,
        &format!("checked {}", counted(schemes, "edition")),
    ))
}

fn test(files: &[PathBuf], workflows: &Workflows) -> Done {
    let mut findings = Vec::new();
    let mut played = 0;
    for (library, only) in chosen(files, workflows)? {
        let definitions = library::schemes(&library);
        let shown = only
            .as_ref()
            .and_then(|only| library.0.get(only))
            .map(|file| file.path.clone());
        for (file, read) in library::scenarios(&library) {
            if shown.as_ref().is_some_and(|path| *path != file.path) {
                continue;
            }
            played += 1;
            match read {
                Ok(scenario) => {
                    let found = library::play(&file, &scenario, &definitions);
                    println!(
                        "{} {}",
                        if found.is_empty() { "holds " } else { "FAILS " },
                        scenario.scenario
                    );
                    findings.extend(found);
                }
                Err(finding) => findings.push(finding),
            }
        }
    }
    if played == 0 {
        return Err("There is no scenario to play".to_owned());
    }
    Ok(report(
        findings,
        &format!("played {}", counted(played, "scenario")),
    ))
}

fn drawn(definition: &Definition, format: Format) -> String {
    match format {
        Format::Mermaid => graph::mermaid(definition),
        Format::Svg => {
            let title = &definition.scheme.name;
            let picture = graph::picture(definition, None);
            state_picture(&picture, title).into_string()
        }
    }
}

/// Prints what is told of a scheme, or why it cannot be.
fn told(scheme: &str, workflows: &Workflows, tell: impl Fn(&Definition) -> String) -> Done {
    let as_file = Path::new(scheme);
    let (library, path) = if as_file.is_file() {
        one_file(as_file, workflows)?
    } else {
        (workflows.load()?, Some(format!("schemes/{scheme}.yaml")))
    };
    let read = library::schemes(&library)
        .into_iter()
        .find(|read| Some(&read.path) == path.as_ref());
    let Some(read) = read else {
        let known: Vec<_> = library
            .under("schemes")
            .map(|(_, file)| file.stem().to_owned())
            .collect();
        return Err(format!(
            "There is no scheme {scheme}; there is: {}",
            known.join(", ")
        ));
    };
    match read.definition {
        Some(definition) => {
            println!("{}", tell(&definition).trim_end());
            Ok(ExitCode::SUCCESS)
        }
        None => Ok(report(read.findings, "not told")),
    }
}

/// Prints findings; only errors count against the files. What is unconfirmed is listed as a warning.
fn report(mut findings: Vec<Finding>, what: &str) -> ExitCode {
    // What editions share is found once for each of them.
    findings.sort_by(|one, other| {
        (&one.file, one.line, one.column, &one.text).cmp(&(
            &other.file,
            other.line,
            other.column,
            &other.text,
        ))
    });
    findings.dedup();
    for finding in &findings {
        println!("{finding}");
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    println!(
        "{what}: {errors} errors, {} warnings",
        findings.len() - errors
    );
    if errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    }
}

/// `1 edition`, `2 editions`.
fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
