//! Which fields the log may show. A field that is not on the list is left out and counted.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

/// The fields of the log. What each holds is an id of our own making, a number, a word of a closed list, or a text that
/// stands in the source; none holds what somebody said, typed or is called.
pub const ALLOWED: [&str; 37] = [
    "case.id",
    "check.broken",
    "check.differing",
    "check.events",
    "check.histories",
    "check.stuck",
    "clock.ahead_seconds",
    "clock.jumped_seconds",
    "epoch.cause",
    "epoch.number",
    "error.inside",
    "error.kind",
    "event.seq",
    "forum.scheme",
    "history.fault",
    "http.method",
    "http.milliseconds",
    "http.route",
    "http.status",
    "ledger.fault",
    "ledger.log",
    "look.id",
    "mail.characters",
    "mail.code",
    "mail.fault",
    "mail.recipient_kind",
    "meeting.id",
    "oversight.told",
    "panic.at",
    "request.id",
    "sign_in.failures",
    "store.fault",
    "store.statement",
    "stream.id",
    "sweep.failures",
    "task.name",
    "worker.node",
];

/// Where the text of a line stands among its fields.
const TEXT: &str = "message";

/// Writes the text of a line and the fields that are on the list: `a text name=value name=value`.
pub struct Allowed;

impl<'writer> FormatFields<'writer> for Allowed {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut told = Told {
            writer,
            written: Ok(()),
            before: "",
            left_out: 0,
        };
        fields.record(&mut told);
        told.end()
    }
}

struct Told<'writer> {
    writer: Writer<'writer>,
    written: fmt::Result,
    before: &'static str,
    left_out: u32,
}

impl Told<'_> {
    fn put(&mut self, name: &str, value: &dyn fmt::Debug) -> fmt::Result {
        self.writer.write_str(self.before)?;
        self.before = " ";
        if name != TEXT {
            write!(self.writer, "{name}=")?;
        }
        on_one_line(&mut self.writer, &format!("{value:?}"))
    }

    fn end(mut self) -> fmt::Result {
        self.written?;
        if self.left_out > 0 {
            write!(
                self.writer,
                "{}fields.left_out={}",
                self.before, self.left_out
            )?;
        }
        Ok(())
    }
}

impl Visit for Told<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() != TEXT && !ALLOWED.contains(&field.name()) {
            self.left_out += 1;
        } else if self.written.is_ok() {
            self.written = self.put(field.name(), value);
        }
    }
}

/// A line that is really two could pass for an event that never was.
fn on_one_line(writer: &mut Writer<'_>, text: &str) -> fmt::Result {
    for c in text.chars() {
        if c.is_control() {
            write!(writer, "{}", c.escape_default())?;
        } else {
            writer.write_char(c)?;
        }
    }
    Ok(())
}
