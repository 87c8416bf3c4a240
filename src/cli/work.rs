//! `clares-law work`: a worker alone, for further nodes.

use super::config::Work;
use super::opened::existing;
use super::running::Doors;
use crate::mail::Mailer;

/// Works beside the nodes that serve the same database.
pub async fn work(work: Work) -> anyhow::Result<()> {
    let doors = Doors::open(None, &work.operators).await?;
    let app = existing(&work.place, &work.workflows).await?;
    println!("Working");
    doors.run(app, Mailer::Log, true).await
}
