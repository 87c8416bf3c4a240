//! The real program as a process of its own, which a campaign may kill at any moment.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use super::client::Client;

/// How often a service that starts is asked whether it answers, and how many times.
const EVERY: Duration = Duration::from_millis(20);
const TIMES: u32 = 3_000;

/// A running service. Dropped, it is killed.
#[derive(Debug)]
pub struct Service {
    child: Child,
}

impl Service {
    /// Starts the program on a port, with its data folder, its workflow files and its database. It need not answer yet.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub fn spawn(port: u16, data: &Path, workflows: &Path, database: &str) -> anyhow::Result<Self> {
        let log = data.join("service.log");
        let log = File::options().create(true).append(true).open(log)?;
        let child = Command::new(env!("CARGO_BIN_EXE_clares-law"))
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args([Path::new("--data"), data])
            .args([Path::new("--workflows"), workflows])
            .env("DATABASE_URL", database)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("the service cannot be started")?;
        Ok(Self { child })
    }

    /// Waits until it answers.
    ///
    /// # Errors
    /// When it ends instead, or does not answer within a minute.
    pub async fn answers(&mut self, client: &Client) -> anyhow::Result<()> {
        for _ in 0..TIMES {
            if client.is_live().await {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the service ended at once with {status}");
            }
            tokio::time::sleep(EVERY).await;
        }
        bail!("the service did not answer within a minute")
    }

    /// Ends it as `kill -9` does, without a chance to finish anything.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.end()
    }

    fn end(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.end(); // it may have ended by itself
    }
}
