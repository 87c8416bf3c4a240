//! The meetings of a series, called by themselves as long ahead as their authority says. Its place in the series is what makes a
//! meeting's id: moved, called off or over, it is that meeting still, and no other node and no later day calls it again.

use std::sync::Arc;

use fail::fail_point;
use jiff::Timestamp;
use uuid::Builder;

use super::super::App;
use super::super::digest::digest;
use super::super::error::AppError;
use super::super::sealing::Ring;
use super::stream::{Loaded, append};
use crate::domain::id::MeetingId;
use crate::engine::command::Actor;
use crate::engine::definition::series::Series;
use crate::engine::meeting::event::Sitting;
use crate::engine::meeting::table::Meeting;
use crate::store::leases::{self, Lease};
use crate::store::{Tx, installation, meetings};

/// The name under which the database keeps what nobody outside can guess its meetings' ids without.
const SECRET: &str = "series";

/// A meeting that a series has at an authority.
#[derive(Clone)]
struct Due {
    authority: String,
    series: Series,
    sitting: Sitting,
}

impl App {
    /// Calls the meetings of every series that are not called yet; answers how many. One that cannot be called holds up no other.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn call_series(self: &Arc<Self>, lease: &Lease) -> Result<usize, AppError> {
        let mut called = Ok(0);
        for due in self.not_called().await? {
            let (due, lease) = (due.clone(), lease.clone());
            let done = self.detached(move |app| {
                let (due, lease) = (due.clone(), lease.clone());
                async move { app.call(&due, &lease).await }
            });
            match done.await {
                Ok(true) => called = called.map(|called| called + 1),
                Ok(false) | Err(AppError::Stale(_)) => {}
                Err(error) => {
                    tracing::error!(error.inside = %error, "a meeting of a series cannot be called");
                    called = Err(error);
                }
            }
        }
        called
    }

    async fn not_called(&self) -> Result<Vec<Due>, AppError> {
        let now = self.clock.now();
        let mut tx = self.db.begin_read().await?;
        let secret = installation::get(&mut tx, SECRET).await?;
        let mut missing = Vec::new();
        for (authority, own) in self.definitions.authorities() {
            let zone = self.definitions.zone(authority);
            for series in &own.series {
                for sitting in series.to_come(now, &zone) {
                    let due = Due {
                        authority: authority.clone(),
                        series: series.clone(),
                        sitting,
                    };
                    let is_called = match &secret {
                        Some(secret) => is_called(&mut tx, due.id(secret)).await?,
                        None => false,
                    };
                    if !is_called {
                        missing.push(due);
                    }
                }
            }
        }
        Ok(missing)
    }

    /// Answers whether it was called: not where somebody was quicker, the forum does not meet, or another node has the lease now.
    async fn call(&self, due: &Due, lease: &Lease) -> Result<bool, AppError> {
        let edition = match self.in_force(&due.authority, &due.series.scheme) {
            Err(AppError::NotFound) => return Ok(false),
            edition => edition?,
        };
        let definition = &edition.definition;
        let mut tx = self.db.begin_write().await?;
        let secret = self.chance.id().to_string();
        let secret = installation::settle(&mut tx, SECRET, &secret).await?;
        let id = due.id(&secret);
        if definition.meets().is_none() || is_called(&mut tx, id).await? {
            return Ok(false);
        }
        let loaded = Loaded {
            id,
            edition: edition.hash.clone(),
            meeting: Meeting::default(),
            history: Vec::new(),
            ring: Ring::default(),
        };
        let happened = vec![due.series.convened(&due.authority, due.sitting.clone())];
        let (clock, now) = (Actor::clock(), self.clock.now());
        let meeting = append(
            self,
            &mut tx,
            definition,
            loaded,
            &clock,
            happened.clone(),
            now,
        )
        .await?;
        self.tell_of(&mut tx, definition, id, &meeting, &happened)
            .await?;
        self.bring_waiting(&mut tx, &meeting.authority, &meeting.scheme)
            .await?;
        // Last, so that the row of the lease is locked for a moment only.
        if !leases::keep(&mut tx, lease).await? {
            return Ok(false);
        }
        fail_point!("series.before_commit");
        tx.commit().await?;
        fail_point!("series.after_commit");
        Ok(true)
    }
}

impl Due {
    fn id(&self, secret: &str) -> MeetingId {
        id_of(
            secret,
            &self.authority,
            &self.series,
            self.sitting.starts_at,
        )
    }
}

/// The id of the meeting that a series has at this time. It stays with the meeting, whenever that is held in the end.
fn id_of(secret: &str, authority: &str, series: &Series, starts_at: Timestamp) -> MeetingId {
    let starts_at = starts_at.to_string();
    let place = [secret, authority, &series.scheme, &series.name, &starts_at];
    let hash = digest(place.map(str::as_bytes));
    let half = u128::from_str_radix(&hash[..32], 16).expect("a digest is hexadecimal");
    MeetingId(Builder::from_custom_bytes(half.to_be_bytes()).into_uuid())
}

async fn is_called(tx: &mut Tx, id: MeetingId) -> Result<bool, AppError> {
    Ok(meetings::get(tx, id.0).await?.is_some())
}
