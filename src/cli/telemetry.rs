//! The log: plain lines on standard error, no personal data. `RUST_LOG` sets how much.

use tracing_subscriber::EnvFilter;

/// Starts the log. A second start, as in tests, changes nothing. A panic is told by its place alone: its message may hold
/// personal data.
pub fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,clares_law=info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .log_internal_errors(false) // its own complaint goes to the same place, and panics where that is full
        .with_writer(std::io::stderr)
        .try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(panic.at = place, "a panic");
    }));
}
