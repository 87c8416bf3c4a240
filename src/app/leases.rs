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
        self.write(move |tx| {
            Box::pin(async move { Ok(leases::take(tx, task, node, lasts).await?) })
        })
        .await
    }

    /// Makes a lease last anew; answers whether it is still this node's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_lease(self: &Arc<Self>, lease: &Lease) -> Result<bool, AppError> {
        let lease = lease.clone();
        self.write(move |tx| {
            let lease = lease.clone();
            Box::pin(async move { Ok(leases::keep(tx, &lease).await?) })
        })
        .await
    }

    /// Gives a lease back, so that another node need not wait until it runs out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_back(self: &Arc<Self>, lease: Lease) -> Result<(), AppError> {
        self.write(move |tx| {
            let lease = lease.clone();
            Box::pin(async move { Ok(leases::give_back(tx, &lease).await?) })
        })
        .await
    }
}
