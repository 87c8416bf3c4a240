//! A slow line between two ends on this machine, which may break at any byte and at any moment.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How bad the line is.
#[derive(Clone, Debug)]
pub struct Line {
    /// Milliseconds by which whatever is sent is late.
    pub late: Range<u64>,
    /// How many of a hundred connections break after some bytes, and how many after some time.
    pub breaks: (u8, u8),
    /// Bytes after which one breaks.
    pub bytes: Range<usize>,
    /// Milliseconds after which one breaks.
    pub time: Range<u64>,
}

/// A line in use. Dropped, it carries nothing any more.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    broken: Arc<AtomicUsize>,
    _carrying: JoinSet<()>,
}

/// When one connection breaks.
#[derive(Clone, Copy, Debug)]
struct Fate {
    bytes: usize,
    time: Duration,
}

impl Proxy {
    /// Carries to a target, such as `127.0.0.1:5432`.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn start(
        target: &str,
        line: Line,
        chance: &mut fastrand::Rng,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let broken = Arc::new(AtomicUsize::new(0));
        let mut carrying = JoinSet::new();
        carrying.spawn(accept(
            listener,
            target.to_owned(),
            line,
            chance.fork(),
            Arc::clone(&broken),
        ));
        Ok(Self {
            address,
            broken,
            _carrying: carrying,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections it has broken.
    pub fn broken(&self) -> usize {
        self.broken.load(Ordering::Relaxed)
    }
}

async fn accept(
    listener: TcpListener,
    target: String,
    line: Line,
    mut chance: fastrand::Rng,
    broken: Arc<AtomicUsize>,
) {
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        let fate = fate(&line, &mut chance);
        let (target, late, chance) = (target.clone(), line.late.clone(), chance.fork());
        let broken = Arc::clone(&broken);
        connections.spawn(async move {
            let Ok(far) = TcpStream::connect(target).await else {
                return;
            };
            if carry(near, far, late, fate, chance).await {
                broken.fetch_add(1, Ordering::Relaxed);
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

fn fate(line: &Line, chance: &mut fastrand::Rng) -> Fate {
    const NEVER: Duration = Duration::from_hours(1);
    let drawn = chance.u8(..100);
    let (by_bytes, by_time) = line.breaks;
    Fate {
        bytes: if drawn < by_bytes {
            chance.usize(line.bytes.clone())
        } else {
            usize::MAX
        },
        time: if (by_bytes..by_bytes + by_time).contains(&drawn) {
            Duration::from_millis(chance.u64(line.time.clone()))
        } else {
            NEVER
        },
    }
}

/// Carries both ways until one end is done or the connection breaks; then both ends find it closed. Answers whether it
/// broke.
async fn carry(
    near: TcpStream,
    far: TcpStream,
    late: Range<u64>,
    fate: Fate,
    mut chance: fastrand::Rng,
) -> bool {
    let left = AtomicUsize::new(fate.bytes);
    let (near_reads, near_writes) = near.into_split();
    let (far_reads, far_writes) = far.into_split();
    let there = one_way(near_reads, far_writes, late.clone(), &left, chance.fork());
    let back = one_way(far_reads, near_writes, late, &left, chance);
    tokio::select! {
        broke = there => broke,
        broke = back => broke,
        () = tokio::time::sleep(fate.time) => true,
    }
}

/// Carries one way, piece by piece. Answers whether it ended because no more bytes may pass.
async fn one_way(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    late: Range<u64>,
    left: &AtomicUsize,
    mut chance: fastrand::Rng,
) -> bool {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let read = match from.read(&mut piece).await {
            Ok(read) if read > 0 => read,
            _ => return false,
        };
        tokio::time::sleep(Duration::from_millis(chance.u64(late.clone()))).await;
        let pass = read.min(left.load(Ordering::Relaxed));
        left.fetch_sub(pass, Ordering::Relaxed);
        if to.write_all(&piece[..pass]).await.is_err() {
            return false;
        }
        if pass < read {
            return true;
        }
    }
}
