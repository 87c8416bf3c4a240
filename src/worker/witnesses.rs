//! New heads are offered to witnesses, over plain HTTP: what is said is signed on both sides and names nobody. Where it has to be
//! hidden that it is said, a proxy on this machine puts TLS around it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode, Uri};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::witnesses::Unseen;

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const LONGEST: usize = 16 * 1024;

/// Offers each new head once, and a second time from where a witness says that it is.
///
/// # Errors
/// When a file or the database fails.
pub async fn step(app: &Arc<App>) -> Result<bool, AppError> {
    for unseen in app.unseen_heads().await? {
        offer(app, unseen).await?;
    }
    Ok(false)
}

async fn offer(app: &Arc<App>, mut unseen: Unseen) -> Result<(), AppError> {
    let told = asked(&unseen).await;
    let told = match told
        .as_ref()
        .map(|(code, said)| (*code, said.trim().parse()))
    {
        Some((StatusCode::CONFLICT, Ok(size))) if size != unseen.offer.old => {
            match app.offer(&unseen.log, size).await {
                Ok(offer) => unseen.offer = offer,
                Err(AppError::NotFound) => {
                    denied(&unseen);
                    return Ok(());
                }
                Err(other) => return Err(other),
            }
            asked(&unseen).await
        }
        _ => told,
    };
    match told {
        Some((StatusCode::OK, said)) => {
            let signed = &unseen.offer.signed;
            if app.keep_cosignatures(signed, &said).await? == 0 {
                tracing::warn!(
                    ledger.log = unseen.log,
                    "a witness answered with another key"
                );
            }
        }
        Some((StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY, _)) => denied(&unseen),
        Some((code, _)) => {
            let code = code.as_u16();
            tracing::warn!(
                ledger.log = unseen.log,
                http.status = code,
                "a witness does not sign"
            );
        }
        None => tracing::warn!(ledger.log = unseen.log, "a witness cannot be reached"),
    }
    Ok(())
}

fn denied(unseen: &Unseen) {
    tracing::error!(
        ledger.log = unseen.log,
        "a witness saw another history of this log: keep everything as it is, and compare"
    );
}

/// What a witness answers; none if it cannot be reached.
async fn asked(unseen: &Unseen) -> Option<(StatusCode, String)> {
    let asked = tokio::time::timeout(PATIENCE, posted(unseen));
    asked.await.ok().and_then(Result::ok)
}

async fn posted(unseen: &Unseen) -> anyhow::Result<(StatusCode, String)> {
    let address = unseen.witness.address.as_deref().unwrap_or_default();
    let uri: Uri = format!("{address}/add-checkpoint").parse()?;
    let host = uri.host().unwrap_or_default();
    let link = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await?;
    let (mut sender, connection) = handshake(TokioIo::new(link)).await?;
    let mut behind = JoinSet::new(); // ends with this question
    behind.spawn(connection);
    let host = uri.authority().map(ToString::to_string).unwrap_or_default();
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::post(path)
        .header(HOST, host)
        .header(CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(Body::from(unseen.offer.text()))?;
    let answer = sender.send_request(request).await?;
    let code = answer.status();
    let said = axum::body::to_bytes(Body::new(answer.into_body()), LONGEST).await?;
    Ok((code, String::from_utf8(said.to_vec())?))
}
