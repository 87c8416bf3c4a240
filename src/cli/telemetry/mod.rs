//! The log: plain lines on standard error, no personal data. `RUST_LOG` sets how much.
//! A line has a text that stands in the source, and fields that are on a list; nothing else gets out, whatever is asked for.
//! Start here; `fields` has the list, `line` is what a line looks like.

mod fields;
mod line;

use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

pub use fields::ALLOWED;

/// Starts the log. A second start, as in tests, changes nothing.
pub fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,clares_law=info"));
    let _ = tracing::subscriber::set_global_default(writing_to(std::io::stderr, filter));
    std::panic::set_hook(Box::new(panicked));
}

/// What writes the log to this place.
pub fn writing_to<W>(place: W, filter: EnvFilter) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .log_internal_errors(false) // its own complaint goes to the same place, and panics where that is full
        .with_writer(place)
        .fmt_fields(fields::Allowed)
        .event_format(line::Line)
        .finish()
}

/// Tells of a panic by its place alone: its message may hold personal data. The request it happened in is known by its id.
pub fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::error!(panic.at = place, "a panic");
}
