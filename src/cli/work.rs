//! `clares-law work`: a worker alone, for further nodes.

use super::config::Work;
use super::opened::{existing, inside};
use super::running::Doors;

/// Works beside the nodes that serve the same database.
pub async fn work(work: Work) -> anyhow::Result<()> {
    let doors = Doors::open(None, &work.operators).await?;
    let library = work.workflows.load().map_err(anyhow::Error::msg)?;
    let mailer = work.mail.mailer(&library).map_err(anyhow::Error::msg)?;
    let app = existing(&work.place, &work.workflows).await?;
    app.take_place().await.map_err(inside)?;
    println!("Working");
    doors.run(app, mailer, true).await
}
