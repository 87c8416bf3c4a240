//! `disclosure-verify`: checks an evidence pack on a machine that knows nothing of the service: no database, no network, no account.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use clares_law::ledger::head::Verifier;
use clares_law::ledger::pack::{Fault, Pack, PackedLog};

/// The pack is not what was signed.
const FAULT: u8 = 1;
/// Something could not be read at all.
const CANNOT_READ: u8 = 2;

/// Checks that an evidence pack is what was recorded: nothing altered, nothing put in, nothing left out.
#[derive(Debug, Parser)]
#[command(name = "disclosure-verify", version)]
struct Arguments {
    /// The folder of the pack
    pack: PathBuf,
    /// A file with keys that you trust, one a line. The pack's own key says only who the pack says it is from
    #[arg(long = "key", value_name = "FILE", required = true)]
    keys: Vec<PathBuf>,
    /// A file with a head of a log that you kept earlier: the log of today has to begin with what it held then
    #[arg(long = "head", value_name = "FILE")]
    heads: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let (text, code) = match checked(&Arguments::parse()) {
        Ok(Ok(found)) => (found, 0),
        Ok(Err(fault)) => (format!("BAD: {fault}"), FAULT),
        Err(error) => (format!("{error:#}"), CANNOT_READ),
    };
    // Where nobody reads the words, the code still tells.
    let _ = writeln!(io::stdout(), "{text}");
    ExitCode::from(code)
}

fn checked(arguments: &Arguments) -> anyhow::Result<Result<String, Fault>> {
    let mut keys = Vec::new();
    for path in &arguments.keys {
        for line in read(path)?.lines().filter(|line| !line.trim().is_empty()) {
            let key = Verifier::read(line);
            keys.push(key.with_context(|| format!("{}: this is no key", path.display()))?);
        }
    }
    let held = arguments.heads.iter().map(|path| read(path));
    let held = held.collect::<anyhow::Result<Vec<_>>>()?;
    let pack = opened(&arguments.pack)?;
    Ok(pack.check(&keys, &held).map(|found| {
        let logs = found.logs.iter();
        let logs: Vec<_> = logs.map(|(log, size)| format!("{log} ({size})")).collect();
        format!(
            "GOOD: {} events and {} looks, as they stand in the signed logs {}",
            found.events,
            found.looks,
            logs.join(", ")
        )
    }))
}

fn opened(folder: &Path) -> anyhow::Result<Pack> {
    let mut pack = Pack {
        events: read(&folder.join(Pack::EVENTS))?,
        looks: read(&folder.join(Pack::LOOKS))?,
        logs: Vec::new(),
    };
    let logs = folder.join("logs");
    let listed = fs::read_dir(&logs).with_context(|| logs.display().to_string())?;
    for entry in listed {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "head")
        {
            pack.logs.push(PackedLog {
                entries: read(&path.with_extension("entries"))?,
                head: read(&path)?,
            });
        }
    }
    Ok(pack)
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}
