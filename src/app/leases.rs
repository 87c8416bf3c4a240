//! Leave to do what happens by itself: of any number of nodes, one at a time has the lease of a task.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::App;
use super::error::AppError;
use crate::store::leases::{self, Lease};

impl App {
    /// Takes the lease of a task for a node; `None` when another node has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_lease(
        self: &Arc<Self>,
        task: &'static str,
        node: Uuid,
        lasts: Duration,
    ) -> Result<Option<Lease>, AppError> {
        self.detached(move |app| async move {
            let mut tx = app.db.begin_write().await?;
            let lease = leases::take(&mut tx, task, node, lasts).await?;
            tx.commit().await?;
            Ok(lease)
        })
        .await
    }

    /// Makes a lease last anew; answers whether it is still this node's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_lease(self: &Arc<Self>, lease: &Lease) -> Result<bool, AppError> {
        let lease = lease.clone();
        self.detached(move |app| {
            let lease = lease.clone();
            async move {
                let mut tx = app.db.begin_write().await?;
                let kept = leases::keep(&mut tx, &lease).await?;
                tx.commit().await?;
                Ok(kept)
            }
        })
        .await
    }

    /// Gives a lease back, so that another node need not wait until it runs out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_back(self: &Arc<Self>, lease: Lease) -> Result<(), AppError> {
        self.detached(move |app| {
            let lease = lease.clone();
            async move {
                let mut tx = app.db.begin_write().await?;
                leases::give_back(&mut tx, &lease).await?;
                tx.commit().await?;
                Ok(())
            }
        })
        .await
    }
}
