//! `clares-law deadline`: when is something due, and why? For one question, or for a file of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use anyhow::{Context as _, anyhow, bail};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::engine::calendar::Calendar;
use crate::engine::due::{Due, TraceDay, due};
use crate::engine::limit::Limit;

/// Work out when a time limit runs out, and show why
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Bank holidays to count with, such as scotland
    #[arg(long, required_unless_present = "batch")]
    calendar: Option<String>,
    /// Start in United Kingdom local time, such as 2026-12-23T15:00
    #[arg(long, required_unless_present = "batch", allow_hyphen_values = true)]
    from: Option<String>,
    /// Such as "24 hours", "45 calendar days", "10 working days" or "1 month"
    #[arg(long, required_unless_present = "batch", allow_hyphen_values = true)]
    limit: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// A CSV file with the columns id, calendar, from and limit; one JSON answer a line
    #[arg(long, value_name = "FILE", requires = "json", conflicts_with_all = ["calendar", "from", "limit"])]
    batch: Option<PathBuf>,
}

/// Answers to `out`, complaints to `complaints`; the result is the exit code: 0 all is well, 1 a value is wrong,
/// 2 the file cannot be read.
///
/// # Errors
/// When an answer cannot be written.
pub fn run(
    args: &Args,
    calendars: &BTreeMap<String, Calendar>,
    out: &mut dyn Write,
    complaints: &mut dyn Write,
) -> io::Result<u8> {
    let Some(path) = &args.batch else {
        let [calendar, from, limit] =
            [&args.calendar, &args.from, &args.limit].map(|value| value.as_deref().unwrap_or(""));
        return match Question::read(calendar, from, limit, calendars).and_then(Question::answer) {
            Ok(answer) if args.json => writeln!(out, "{}", json(&answer)?).map(|()| 0),
            Ok(answer) => write!(out, "{answer}").map(|()| 0),
            Err(error) => writeln!(complaints, "{error:#}").map(|()| 1),
        };
    };
    let rows = File::open(path).map_err(anyhow::Error::from).and_then(rows);
    match rows {
        Ok(rows) => answer_rows(rows, calendars, out, complaints),
        Err(error) => {
            writeln!(complaints, "cannot read {}: {error:#}", path.display())?;
            Ok(2)
        }
    }
}

struct Question<'a> {
    calendar: &'a Calendar,
    from: DateTime,
    limit: Limit,
}

struct Answer<'a> {
    question: Question<'a>,
    due: Due,
}

impl<'a> Question<'a> {
    fn read(
        calendar: &str,
        from: &str,
        limit: &str,
        calendars: &'a BTreeMap<String, Calendar>,
    ) -> anyhow::Result<Self> {
        let calendar = calendars.get(calendar).with_context(|| {
            let known: Vec<&str> = calendars.keys().map(String::as_str).collect();
            format!(
                "calendar: there is none of that name; there are {}",
                known.join(", ")
            )
        })?;
        Ok(Self {
            calendar,
            from: local_time(from).context("from")?,
            limit: limit.parse().context("limit")?,
        })
    }

    fn answer(self) -> anyhow::Result<Answer<'a>> {
        let zone = local_zone();
        // 'Compatible': of October's two the first, and March's missing hour comes an hour later.
        let start = zone.to_timestamp(self.from).context("from")?;
        let due = due(self.limit, start, &zone, self.calendar)?;
        Ok(Answer {
            question: self,
            due,
        })
    }
}

fn local_zone() -> TimeZone {
    TimeZone::get("Europe/London").expect("the time zones are built in")
}

/// A date and a time without an offset, for the place is given.
fn local_time(text: &str) -> anyhow::Result<DateTime> {
    let Some((_, time)) = text.split_once('T') else {
        bail!("a date and a time are needed, such as 2026-12-23T15:00");
    };
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b':' || byte == b'.';
    Some(text)
        .filter(|_| time.contains(':') && time.bytes().all(plain))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| anyhow!("write a date and a United Kingdom local time, without an offset, like 2026-12-23T15:00"))
}

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question {
            calendar,
            from,
            limit,
        } = &self.question;
        match self.due.date {
            Some(date) => writeln!(f, "Due by the end of {}", date.strftime("%A %-d %B %Y"))?,
            None => writeln!(
                f,
                "Due on {}",
                self.due
                    .at
                    .to_zoned(local_zone())
                    .strftime("%A %-d %B %Y at %H:%M:%S %Z")
            )?,
        }
        writeln!(
            f,
            "{limit} from {}; {}, edition {}\n",
            from.strftime("%A %-d %B %Y at %H:%M"),
            calendar.name(),
            calendar.edition()
        )?;
        if self.due.date.is_some() {
            line(
                f,
                from.date(),
                "-",
                "It starts; counting begins on the next day",
            )?;
        }
        for day in &self.due.trace {
            let counted = day
                .counted
                .map_or("-".to_owned(), |number| number.to_string());
            line(f, day.date, &counted, day.why_not.as_deref().unwrap_or(""))?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, date: Date, counted: &str, why: &str) -> fmt::Result {
    let line = format!("{}  {counted:>6}  {why}", date.strftime("%a %e %b %Y"));
    writeln!(f, "{}", line.trim_end())
}

#[derive(Serialize)]
struct JsonAnswer<'a> {
    due: Timestamp,
    due_date: Option<Date>,
    trace: &'a [TraceDay],
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonRow<'a> {
    Due {
        id: &'a str,
        due: Timestamp,
        due_date: Option<Date>,
    },
    Bad {
        id: &'a str,
        error: String,
    },
}

fn json(answer: &Answer<'_>) -> io::Result<String> {
    let Due { at, date, trace } = &answer.due;
    Ok(serde_json::to_string(&JsonAnswer {
        due: whole_seconds(*at),
        due_date: *date,
        trace,
    })?)
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    at - SignedDuration::from_nanos(at.subsec_nanosecond().into())
}

/// The rows of a CSV file and where in them the four columns are.
struct Rows<R> {
    reader: csv::Reader<R>,
    columns: [usize; 4],
}

const COLUMNS: [&str; 4] = ["id", "calendar", "from", "limit"];

fn rows<R: Read>(file: R) -> anyhow::Result<Rows<R>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(file);
    let header = reader.byte_headers()?.clone();
    let mut columns = [0; 4];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        *column = header
            .iter()
            .position(|field| field == name.as_bytes())
            .with_context(|| format!("its first line names no column '{name}'"))?;
    }
    Ok(Rows { reader, columns })
}

fn answer_rows<R: Read>(
    rows: Rows<R>,
    calendars: &BTreeMap<String, Calendar>,
    out: &mut dyn Write,
    complaints: &mut dyn Write,
) -> io::Result<u8> {
    let mut code = 0;
    for record in rows.reader.into_byte_records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                writeln!(complaints, "cannot read on: {error}")?;
                return Ok(2);
            }
        };
        let fields = rows
            .columns
            .map(|column| record.get(column).map(String::from_utf8_lossy));
        let id = fields[0].clone().unwrap_or_default();
        let answer = answer_row(&id, &fields, calendars).unwrap_or_else(|error| {
            code = 1;
            JsonRow::Bad {
                id: &id,
                error: format!("{error:#}"),
            }
        });
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(code)
}

fn answer_row<'a>(
    id: &'a str,
    fields: &[Option<Cow<'_, str>>; 4],
    calendars: &BTreeMap<String, Calendar>,
) -> anyhow::Result<JsonRow<'a>> {
    let field = |at: usize| {
        fields[at]
            .as_deref()
            .with_context(|| format!("the row has no {}", COLUMNS[at]))
    };
    let answer = Question::read(field(1)?, field(2)?, field(3)?, calendars)?.answer()?;
    Ok(JsonRow::Due {
        id,
        due: whole_seconds(answer.due.at),
        due_date: answer.due.date,
    })
}
