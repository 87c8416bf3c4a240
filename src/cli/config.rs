//! Settings: flag, variable, default. The doc comments are the operator's manual.

use std::path::PathBuf;

use clap::Args;

use crate::app::library;
use crate::engine::definition::Library;

/// The folder of workflow files when none is named.
const WORKFLOWS: &str = "workflows";

#[derive(Debug, Clone, Args)]
pub struct Workflows {
    /// The folder of workflow files. Default: ./workflows, or the copy in the binary where that is missing
    #[arg(long = "workflows", value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

impl Workflows {
    /// Reads the files.
    ///
    /// # Errors
    /// A sentence naming the folder that cannot be read.
    pub fn load(&self) -> Result<Library, String> {
        let dir = self.dir.clone().unwrap_or_else(|| PathBuf::from(WORKFLOWS));
        library::load(&dir, self.dir.is_some()).map_err(|error| format!("{}: cannot be read: {error}", dir.display()))
    }
}
