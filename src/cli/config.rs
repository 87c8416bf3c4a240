//! Settings: flag, variable, default. The doc comments are the operator's manual.

use std::net::SocketAddr;
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
        library::load(&dir, self.dir.is_some())
            .map_err(|error| format!("{}: cannot be read: {error}", dir.display()))
    }
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The folder for the database file and the token key. It holds personal data: keep it private
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// The database. Default: the file clares-law.db in the data folder
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl Place {
    /// The address of the database.
    pub fn database(&self) -> String {
        let file = || {
            self.data
                .join("clares-law.db")
                .to_string_lossy()
                .into_owned()
        };
        self.database_url
            .clone()
            .filter(|url| !url.is_empty())
            .unwrap_or_else(file)
    }
}

/// What operators watch.
#[derive(Debug, Clone, Args)]
pub struct Operators {
    /// An address and port for operators alone, with /health/live, /health/ready and /metrics. Default: none
    #[arg(long, value_name = "ADDR:PORT")]
    pub operators: Option<SocketAddr>,
}

/// A worker without pages.
#[derive(Debug, Clone, Args)]
pub struct Work {
    #[command(flatten)]
    pub operators: Operators,
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub workflows: Workflows,
}

/// How the service is served.
#[derive(Debug, Clone, Args)]
pub struct Service {
    /// The address and port to listen on
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub operators: Operators,
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub workflows: Workflows,
}
