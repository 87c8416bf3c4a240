//! HAProxy, as an operator would set it: it sends work to nodes that say that they are ready.

use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use super::Installation;
use super::node::free_port;

/// What stands in its file above the nodes. A node that is marked down loses its connections at once, so that nobody waits
/// for a frozen one.
const SETTINGS: &str = "
global
    maxconn 1000
defaults
    mode http
    timeout connect 1s
    timeout client 30s
    timeout server 30s
    timeout check 1s
    option redispatch
";

/// A running balancer. Dropped, it is ended.
#[derive(Debug)]
pub struct Balancer {
    child: Child,
    port: u16,
}

impl Balancer {
    /// Starts one before these ports and waits until it lets somebody through.
    ///
    /// # Errors
    /// When HAProxy is not there or does not start.
    pub async fn start(installation: &Installation, nodes: &[u16]) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut text = format!("{SETTINGS}listen service\n    bind 127.0.0.1:{port}\n");
        text += "    option httpchk GET /health/ready\n";
        for node in nodes {
            writeln!(
                text,
                "    server node-{node} 127.0.0.1:{node} check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions"
            )?;
        }
        let file = installation.data().join("haproxy.cfg");
        std::fs::write(&file, text)?;
        let child = Command::new("haproxy")
            .args(["-db", "-q", "-f"])
            .arg(file)
            .stdin(Stdio::null())
            .spawn()
            .context("HAProxy cannot be started: Debian's package haproxy has it")?;
        let balancer = Self { child, port };
        balancer.lets_through().await?;
        Ok(balancer)
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    async fn lets_through(&self) -> anyhow::Result<()> {
        let asked = format!("{}/health/live", self.address());
        for _ in 0..200 {
            let answer = reqwest::get(&asked).await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("HAProxy let nobody through within 20 seconds")
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended by itself
        let _ = self.child.wait();
    }
}
