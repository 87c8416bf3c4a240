//! Messages as files, for demonstrations and for a mail program that collects them. A file's name is the message's id
//! and says nothing; sent again, it is the same file.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;

use lettre::message::Mailbox;

use super::letter::letter;
use super::{Notice, Outcome};

/// A folder that messages are put in.
#[derive(Debug)]
pub struct Folder {
    folder: PathBuf,
    sender: Mailbox,
}

impl Folder {
    /// Messages from this sender go to this folder, which is made where it is missing.
    pub fn new(folder: PathBuf, sender: Mailbox) -> Self {
        Self { folder, sender }
    }

    pub(super) fn send(&self, notice: &Notice) -> Outcome {
        let Some(letter) = letter(notice, &self.sender) else {
            return Outcome::Refused;
        };
        match self.put(&notice.id.simple().to_string(), &letter.formatted()) {
            Ok(()) => Outcome::Sent,
            Err(error) => {
                tracing::warn!(error.kind = %error.kind(), "the folder for mail takes nothing");
                Outcome::Unreachable
            }
        }
    }

    /// A file is there whole or not at all.
    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let half = self.folder.join(format!("{name}.part"));
        let mut file = File::create(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(half, self.folder.join(format!("{name}.eml")))
    }
}
