//! `clares-law export-access-log`: who looked at what, a JSON object a line, for whoever inspects it.

use std::io::{self, Write as _};

use anyhow::bail;
use clap::Args;
use jiff::civil::Date;

use super::config::{Place, Workflows};
use super::opened::{existing, inside};
use crate::app::error::AppError;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The first day, such as 2026-11-01, as days are in the authority
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Date,
    /// The last day; it is included
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Date,
    /// The sign-in name of whoever answers for it. The looks of their authority's people are exported
    #[arg(long, value_name = "SIGN_IN_NAME")]
    by: String,
    /// Why, in their own words; it is kept
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    workflows: Workflows,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "this is no date; write one as 2026-11-30".to_owned())
}

pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let app = existing(&arguments.place, &arguments.workflows).await?;
    let actor = match app.account_named(&arguments.by).await {
        Err(AppError::NotFound) => bail!("there is no account {} that is open", arguments.by),
        found => found.map_err(inside)?,
    };
    let days = (arguments.from, arguments.to);
    let mut export = match app.export_log(&actor, days, &arguments.reason).await {
        Err(AppError::Unmet(sentences)) => bail!("{}", sentences.join("; ")),
        begun => begun.map_err(inside)?,
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    loop {
        let looks = app.next_looks(&mut export).await.map_err(inside)?;
        if looks.is_empty() {
            break;
        }
        for look in looks {
            serde_json::to_writer(&mut out, &look)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(())
}
