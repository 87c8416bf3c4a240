//! A disk in a file, whose content at one instant can be looked at: an ext4 file system in an image that lies on an XFS
//! which can copy a file at once. Such a copy holds what the disk held, and nothing that was only in the machine's memory.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use tempfile::TempDir;

/// Bytes of the disk, and of what holds its copies.
const DISK: u64 = 256 << 20;
const HOLDER: u64 = 1 << 30;

/// A disk that is mounted. Dropped, it is taken apart.
#[derive(Debug)]
pub struct Disk {
    // In the order in which they must go.
    inner: Mount,
    outer: Mount,
    copies: PathBuf,
    _folder: TempDir,
}

impl Disk {
    /// Makes one.
    ///
    /// # Errors
    /// What the machine lacks: root, loop devices, XFS with reflink or the program that makes one.
    pub fn make() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        sparse(&at("outer.img"), HOLDER)?;
        run(
            "mkfs.xfs",
            [
                OsStr::new("-q"),
                "-m".as_ref(),
                "reflink=1".as_ref(),
                at("outer.img").as_ref(),
            ],
        )?;
        let outer = Mount::new(&at("outer.img"), at("outer"))?;
        let image = outer.path().join("disk.img");
        sparse(&image, DISK)?;
        run("mkfs.ext4", [OsStr::new("-q"), image.as_ref()])?;
        let inner = Mount::new(&image, at("inner"))?;
        Ok(Self {
            inner,
            outer,
            copies: at("copy"),
            _folder: folder,
        })
    }

    /// Where its files are.
    pub fn path(&self) -> &Path {
        self.inner.path()
    }

    /// Takes the power away and starts again, so to speak: what the disk holds at this instant, mounted elsewhere, while
    /// the disk itself goes on.
    ///
    /// # Errors
    /// When it cannot be copied, or the file system in the copy cannot be mounted.
    pub fn cut(&self) -> anyhow::Result<Mount> {
        let copy = self.outer.path().join("copy.img");
        let image = self.outer.path().join("disk.img");
        run(
            "cp",
            [
                OsStr::new("--reflink=always"),
                image.as_ref(),
                copy.as_ref(),
            ],
        )?;
        Mount::new(&copy, self.copies.clone())
    }
}

/// A small file system of its own in a folder, which is soon full.
///
/// # Errors
/// What the machine lacks: root, or loop devices.
pub fn small(folder: &Path, bytes: u64) -> anyhow::Result<Mount> {
    let image = folder.join("small.img");
    sparse(&image, bytes)?;
    // Nothing is kept back for root, who may be the one that serves here.
    run(
        "mkfs.ext4",
        [
            OsStr::new("-q"),
            "-m".as_ref(),
            "0".as_ref(),
            image.as_ref(),
        ],
    )?;
    Mount::new(&image, folder.join("small"))
}

/// An image that is mounted. Dropped, it is not any more.
#[derive(Debug)]
pub struct Mount(PathBuf);

impl Mount {
    /// Mounts an image on a folder, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be mounted.
    pub fn new(image: &Path, on: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&on)?;
        run(
            "mount",
            [
                OsStr::new("-o"),
                "loop".as_ref(),
                image.as_ref(),
                on.as_ref(),
            ],
        )?;
        Ok(Self(on))
    }

    /// Where its files are.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // A file that is still open must not keep the loop device for ever.
        let _ = run("umount", [OsStr::new("--lazy"), self.0.as_ref()]);
    }
}

fn sparse(path: &Path, length: u64) -> anyhow::Result<()> {
    Ok(std::fs::File::create(path)?.set_len(length)?)
}

fn run<'a>(program: &str, arguments: impl IntoIterator<Item = &'a OsStr>) -> anyhow::Result<()> {
    let done = Command::new(program).args(arguments).output();
    let done = done.with_context(|| format!("{program} cannot be run"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{program}: {}", said.trim());
    Ok(())
}
