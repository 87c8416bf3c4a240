//! One node: the real program, which a campaign may kill or freeze.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use super::Installation;

/// What lends a program another clock, in Debian's package faketime; the loader fills in the folder of this machine.
const FAKETIME: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Pages and worker.
    Serve,
    /// A worker alone.
    Work,
}

/// A running node. Dropped, it is killed.
#[derive(Debug)]
pub struct Node {
    role: Role,
    name: String,
    service: u16,
    operators: u16,
    child: Child,
}

impl Node {
    /// Starts one and waits until it is ready.
    ///
    /// # Errors
    /// When it does not get ready.
    pub async fn start(
        installation: &Installation,
        role: Role,
        number: usize,
    ) -> anyhow::Result<Self> {
        let (service, operators) = (free_port()?, free_port()?);
        let name = format!("node-{number}");
        let mut node = Self {
            child: spawn(installation, role, &name, service, operators)?,
            role,
            name,
            service,
            operators,
        };
        node.ready().await?;
        Ok(node)
    }

    /// Starts a node whose clock is two minutes ahead, and sees that it says so and is not ready (D5).
    ///
    /// # Errors
    /// When it gets ready, or says something else.
    pub async fn refused_for_its_clock(installation: &Installation) -> anyhow::Result<()> {
        let (service, operators, name) = (0, free_port()?, "node-ahead".to_owned());
        let mut command = command(installation, Role::Work, &name, service, operators)?;
        let child = command.env("LD_PRELOAD", FAKETIME).env("FAKETIME", "+2m");
        let mut node = Self {
            child: child.spawn()?,
            role: Role::Work,
            name,
            service,
            operators,
        };
        let refused = node.ready_within(50).await;
        let because = match refused {
            Ok(()) => bail!("a node whose clock is two minutes ahead got ready"),
            Err(error) => error.to_string(),
        };
        ensure!(
            because.contains("The clock of this node is wrong"),
            "{because}"
        );
        Ok(())
    }

    /// The port of its pages, if it has any.
    pub fn service(&self) -> Option<u16> {
        (self.role == Role::Serve).then_some(self.service)
    }

    /// Ends it without a chance to finish anything, starts it again and waits until it is ready.
    ///
    /// # Errors
    /// When it does not get ready again.
    pub async fn kill_and_restart(&mut self, installation: &Installation) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        let (service, operators) = (self.service, self.operators);
        self.child = spawn(installation, self.role, &self.name, service, operators)?;
        self.ready().await
    }

    /// Stops its time in the middle of whatever it does, and lets it go on afterwards as if nothing had been.
    ///
    /// # Errors
    /// When it cannot be stopped, or does not get ready again.
    pub async fn freeze(&mut self, lasts: Duration) -> anyhow::Result<()> {
        self.signal("-STOP")?;
        tokio::time::sleep(lasts).await;
        self.signal("-CONT")?;
        self.ready().await
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        self.ready_within(600).await
    }

    /// Waits so many tenths of a second.
    async fn ready_within(&mut self, tenths: u32) -> anyhow::Result<()> {
        let asked = format!("http://127.0.0.1:{}/health/ready", self.operators);
        let mut last = String::new();
        for _ in 0..tenths {
            if let Ok(answer) = reqwest::get(&asked).await {
                if answer.status().is_success() {
                    return Ok(());
                }
                last = answer.text().await?;
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended at once with {status}", self.name);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("{} did not get ready: {last}", self.name)
    }

    fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()?;
        ensure!(sent.success(), "{} cannot be sent {signal}", self.name);
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended by itself
        let _ = self.child.wait();
    }
}

/// A port that nobody has now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn spawn(
    installation: &Installation,
    role: Role,
    name: &str,
    service: u16,
    operators: u16,
) -> anyhow::Result<Child> {
    let mut command = command(installation, role, name, service, operators)?;
    command.spawn().context("the program cannot be started")
}

fn command(
    installation: &Installation,
    role: Role,
    name: &str,
    service: u16,
    operators: u16,
) -> anyhow::Result<Command> {
    let log = installation.data().join(format!("{name}.log"));
    let log = File::options().create(true).append(true).open(log)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_clares-law"));
    match role {
        Role::Serve => command.args(["serve", "--listen", &format!("127.0.0.1:{service}")]),
        Role::Work => command.arg("work"),
    };
    command
        .args(["--operators", &format!("127.0.0.1:{operators}")])
        .args([Path::new("--data"), installation.data()])
        .args([Path::new("--workflows"), &installation.workflows()])
        .env("DATABASE_URL", installation.served_from())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    Ok(command)
}
