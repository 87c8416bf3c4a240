//! Settings: flag, variable, default. The doc comments are the operator's manual.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::app::key_store::{KeyStore, RootKey};
use crate::app::library;
use crate::engine::definition::Library;
use crate::engine::definition::roles::Banned;
use crate::mail::folder::Folder;
use crate::mail::smtp::Smtp;
use crate::mail::{Mailer, SetUpError, sender};

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
    /// The database of the keys, apart from the other and from its backups. Default: the file keys.db in the data folder
    #[arg(long, value_name = "URL", env = "KEYS_URL", hide_env_values = true)]
    pub keys_url: Option<String>,
    /// The file of the root key (an age identity), which opens all keys. Default: the file root.key in the data folder, made at the first
    /// start. Keep a copy apart from both databases. Or give the identity itself in the variable `ROOT_KEY`
    #[arg(long, value_name = "FILE", env = "ROOT_KEY_FILE")]
    pub root_key: Option<PathBuf>,
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

impl Place {
    /// Where the keys are.
    pub fn keys(&self) -> KeyStore {
        let usual = KeyStore::of(&self.data);
        #[expect(
            clippy::disallowed_methods,
            reason = "a secret is no flag: others on the machine see those"
        )]
        let given = std::env::var("ROOT_KEY").ok();
        let given = given.filter(|text| !text.is_empty());
        let file = self.root_key.clone().map(RootKey::File);
        KeyStore {
            database: self
                .keys_url
                .clone()
                .filter(|url| !url.is_empty())
                .unwrap_or(usual.database),
            root: given
                .map(|text| RootKey::Given(text.into()))
                .or(file)
                .unwrap_or(usual.root),
        }
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
    #[command(flatten)]
    pub mail: Mail,
}

/// How messages leave. They are neutral and go to accounts of the staff directory only.
#[derive(Debug, Clone, Args)]
pub struct Mail {
    /// Where messages go: `smtps://HOST` (TLS), `smtp://HOST` (STARTTLS, demanded), `smtp+unencrypted://HOST` (for a
    /// server on this machine), `folder:DIR` (a file each), or `log` (nowhere; the log says that one was sent). A server
    /// may have a port, and a sign-in: `smtps://NAME:PASSWORD@HOST:PORT`, odd characters as %XX. Give a password by the
    /// variable, which others on the machine cannot see
    #[arg(
        long = "mail",
        value_name = "WHERE",
        env = "MAIL_URL",
        hide_env_values = true,
        default_value = "log"
    )]
    pub to: String,
    /// The sender of messages, as ADDRESS or `NAME <ADDRESS>`: as neutral as they are. Needed unless mail goes to the log
    #[arg(long = "mail-from", value_name = "ADDRESS", env = "MAIL_FROM")]
    pub from: Option<String>,
    /// A file of certificates in PEM that the mail server may show, beside the usual ones
    #[arg(long = "mail-ca", value_name = "FILE")]
    pub certificates: Option<PathBuf>,
    /// How many seconds the mail server may take for each of: a connection, the names, the text. A server that stays silent
    /// longer after the text leaves the message in doubt
    #[arg(long = "mail-timeout", value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub timeout: u16,
}

impl Mail {
    /// The way that messages leave.
    ///
    /// # Errors
    /// A sentence that repeats nothing of the settings: they may hold a password.
    pub fn mailer(&self, library: &Library) -> Result<Arc<Mailer>, String> {
        let mailer = self.checked(library).map_err(|error| error.to_string())?;
        Ok(Arc::new(mailer))
    }

    fn checked(&self, library: &Library) -> Result<Mailer, SetUpError> {
        if self.to.is_empty() || self.to == "log" {
            return Ok(Mailer::Log);
        }
        let from = self.from.as_deref().unwrap_or_default();
        let sender = sender(from)?;
        let banned = library.0.get("messages/banned.yaml");
        let banned: Option<Banned> = banned.and_then(|file| file.read().ok());
        if banned.is_some_and(|banned| banned.first_in(from).is_some()) {
            return Err(SetUpError::Telling);
        }
        if let Some(folder) = self.to.strip_prefix("folder:") {
            return Ok(Mailer::Folder(Folder::new(folder.into(), sender)));
        }
        let certificates = self.certificates.as_ref().map(std::fs::read).transpose();
        let certificates = certificates.map_err(|_| SetUpError::Certificates)?;
        let certificates = certificates.unwrap_or_default();
        let patience = Duration::from_secs(self.timeout.into());
        let smtp = Smtp::new(&self.to, sender, &certificates, patience)?;
        Ok(Mailer::Smtp(Box::new(smtp)))
    }
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
    #[command(flatten)]
    pub mail: Mail,
}
