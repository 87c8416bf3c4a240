//! A node while it runs: its doors, its worker, and an orderly stop.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::config::Operators;
use crate::app::App;
use crate::mail::Mailer;
use crate::{web, worker};

/// How long requests and steps that run may take to finish once a stop was asked for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The addresses that a node answers on. They are opened first, so that a wrong one is told at once.
pub struct Doors {
    service: Option<TcpListener>,
    operators: Option<TcpListener>,
}

impl Doors {
    /// # Errors
    /// When one of the addresses cannot be listened on.
    pub async fn open(service: Option<SocketAddr>, operators: &Operators) -> anyhow::Result<Self> {
        Ok(Self {
            service: bound(service).await?,
            operators: bound(operators.operators).await?,
        })
    }

    /// The address of the service.
    ///
    /// # Errors
    /// When this node has none.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        let service = self.service.as_ref().context("this node serves no pages")?;
        Ok(service.local_addr()?)
    }

    /// Runs until somebody asks for a stop: then nothing new is accepted, what runs is finished, leases are given back and
    /// the database is closed. `secure`: cookies travel over TLS only.
    ///
    /// # Errors
    /// When a door breaks.
    pub async fn run(self, app: Arc<App>, mailer: Arc<Mailer>, secure: bool) -> anyhow::Result<()> {
        let (stop, stopped) = watch::channel(false);
        let pages = web::router(Arc::clone(&app), secure);
        let figures = web::health::operators(Arc::clone(&app));
        let running = async {
            tokio::try_join!(
                answer(self.service, pages, stopped.clone()),
                answer(self.operators, figures, stopped.clone()),
                async {
                    worker::run(Arc::clone(&app), mailer, stopped.clone()).await;
                    Ok(())
                },
            )?;
            app.db.close().await;
            Ok(())
        };
        let patience = async {
            stop_asked().await;
            tracing::info!("a stop was asked for");
            stop.send_replace(true);
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            done = running => done,
            () = patience => bail!("something that ran did not finish within {PATIENCE:?}"),
        }
    }
}

async fn bound(address: Option<SocketAddr>) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = address else {
        return Ok(None);
    };
    let bound = TcpListener::bind(address).await;
    bound
        .map(Some)
        .with_context(|| format!("cannot listen on {address}"))
}

async fn answer(
    door: Option<TcpListener>,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let Some(door) = door else { return Ok(()) };
    let stop = async move {
        let _ = stopped.wait_for(|stop| *stop).await; // an error means that nobody can ask any more
    };
    let served = axum::serve(door, router).with_graceful_shutdown(stop);
    served.into_future().await.context("the server stopped")
}

/// Ctrl-C, or the signal that service managers send.
async fn stop_asked() {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            return tracing::error!(error.kind = %error.kind(), "cannot listen for signals");
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
