//! A file that must be whole or not there: private, under another name until it is finished and on the disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::digest::hex;

/// What stands behind the name of a file that is not finished.
const UNFINISHED: &str = ".partial";

/// A file on its way. Dropped before it is kept, it is removed.
#[derive(Debug)]
pub struct Partial {
    path: PathBuf,
    to: PathBuf,
}

/// Why a file cannot be begun or kept.
#[derive(Debug, thiserror::Error)]
pub enum PartialError {
    #[error("{} is there already and is not overwritten", .0.display())]
    Taken(PathBuf),
    #[error(
        "{} is there: the same was broken off before, or is running now. Delete it if nothing is running", .0.display()
    )]
    Unfinished(PathBuf),
    #[error("{} is there: what stands in it is not in the database beside it", .0.display())]
    Log(PathBuf),
    #[error("{}: {why}", .path.display())]
    File { path: PathBuf, why: io::Error },
}

impl Partial {
    /// Begins an empty file that only its owner may read, to become `to`.
    ///
    /// # Errors
    /// When either of the two is there already, or the folder cannot be written to.
    pub fn begin(to: &Path) -> Result<Self, PartialError> {
        let to = std::path::absolute(to).map_err(|why| failed(to, why))?;
        refuse_taken(&to)?;
        let path = beside(&to, UNFINISHED);
        match private().open(&path) {
            Ok(_) => Ok(Self { path, to }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(PartialError::Unfinished(path))
            }
            Err(why) => Err(failed(&path, why)),
        }
    }

    /// Where it is while it is not finished.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Brings it to the disk and gives it its name.
    ///
    /// # Errors
    /// When the disk does not take it, or somebody else has taken the name; it is removed then.
    pub fn keep(self) -> Result<(), PartialError> {
        refuse_log(&self.path)?;
        let synced = File::open(&self.path).and_then(|file| file.sync_all());
        synced.map_err(|why| failed(&self.path, why))?;
        refuse_taken(&self.to)?;
        std::fs::rename(&self.path, &self.to).map_err(|why| failed(&self.to, why))?;
        let folder = self.to.parent().unwrap_or(Path::new("/"));
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|why| failed(folder, why))
    }
}

impl Drop for Partial {
    /// With what SQLite keeps beside a database. What is not there any more has been kept.
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            match std::fs::remove_file(beside(&self.path, ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::error!(error.kind = %error.kind(), "an unfinished file could not be removed");
                }
                _ => {}
            }
        }
    }
}

/// Refuses a database that was not closed: its newest part stands in a log beside it.
///
/// # Errors
/// `Log` with the path of the log.
pub fn refuse_log(database: &Path) -> Result<(), PartialError> {
    let log = beside(database, "-wal");
    if log.exists() {
        return Err(PartialError::Log(log));
    }
    Ok(())
}

/// The path with this at its end.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub fn sha256(path: &Path) -> Result<String, PartialError> {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hex(context.finish().as_ref())),
                read => context.update(&buffer[..read]),
            }
        }
    };
    read().map_err(|why| failed(path, why))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

fn refuse_taken(path: &Path) -> Result<(), PartialError> {
    match path.try_exists() {
        Ok(false) => Ok(()),
        Ok(true) => Err(PartialError::Taken(path.to_owned())),
        Err(why) => Err(failed(path, why)),
    }
}

pub(super) fn failed(path: &Path, why: io::Error) -> PartialError {
    PartialError::File {
        path: path.to_owned(),
        why,
    }
}
