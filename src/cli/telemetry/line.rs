//! What a line of the log looks like: when, how grave, in which request, from where, and what.

use std::fmt;

use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// What stands for the words of a library: nobody here has read them, and a mail library, say, repeats whole letters.
const OF_A_LIBRARY: &str = "a library has something to say";

/// Writes a line.
pub(super) struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let about = event.metadata();
        SystemTime.format_time(&mut writer)?;
        write!(writer, " {:>5} ", about.level())?;
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if is_ours(span.metadata()) {
                let extensions = span.extensions();
                let fields = extensions.get::<FormattedFields<N>>();
                let fields = fields.map_or("", |fields| fields.fields.as_str());
                write!(writer, "{}{{{fields}}} ", span.name())?;
            }
        }
        write!(writer, "{}: ", about.target())?;
        if is_ours(about) {
            context.format_fields(writer.by_ref(), event)?;
        } else {
            let line = about.line().unwrap_or_default();
            write!(writer, "{OF_A_LIBRARY} at line {line}")?;
        }
        writeln!(writer)
    }
}

fn is_ours(about: &Metadata<'_>) -> bool {
    let root = about.target().split("::").next();
    root == Some(env!("CARGO_CRATE_NAME"))
}
