//! What is logged and what lies on the disk while everything goes through the service that somebody could say, type or be called (G13, G14):
//! none of it. The log is that of `serve`, asked for everything that there is to say.

mod disk;
mod errors;
mod forms;
mod letters;
mod log;
mod told;
mod walk;

use std::cell::Cell;
use std::io::Write;
use std::panic;
use std::sync::{Arc, Mutex, Once};

use clares_law::cli::telemetry;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::EnvFilter;

/// Stands in every text, name, address, wording, password and search of a canary run, whatever else stands there.
const WORD: &str = "quaggawort";
/// Stands in the names of staff, which are kept in the open: no log may name them either.
const COLLEAGUE: &str = "fennimoor";
/// Somebody's date of birth.
const BORN: &str = "1913-04-07";
/// A telephone number.
const PHONE: &str = "01632 960777";

/// The log of one test, on its own thread.
struct Log {
    text: Arc<Mutex<Vec<u8>>>,
    _listens: DefaultGuard,
}

thread_local! {
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

impl Log {
    /// Listens to everything that this thread says, that of libraries too.
    fn everything() -> Self {
        let text = Arc::<Mutex<Vec<u8>>>::default();
        let place = Arc::clone(&text);
        let log = telemetry::writing_to(move || Page(Arc::clone(&place)), EnvFilter::new("trace"));
        watch_panics();
        Self {
            text,
            _listens: tracing::subscriber::set_default(log),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.text.lock().unwrap().clone()).unwrap()
    }

    /// The lines that hold one of these, in any spelling.
    fn lines_with(&self, canaries: &[String]) -> Vec<String> {
        let log = self.text();
        let found = log.lines().filter(|line| holds(line, canaries));
        found.map(str::to_owned).collect()
    }
}

/// Whether a text holds one of the canaries. Digits are looked for as a word of their own: any long number may hold them.
fn holds(text: &str, canaries: &[String]) -> bool {
    let text = text.to_lowercase();
    canaries.iter().any(|canary| {
        if canary.bytes().all(|byte| byte.is_ascii_digit()) {
            let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '.');
            words.any(|word| word == canary)
        } else {
            text.contains(&canary.to_lowercase())
        }
    })
}

/// The canaries that are the same in every run.
fn canaries() -> Vec<String> {
    let fixed = [
        WORD,
        COLLEAGUE,
        BORN,
        "7 April 1913",
        PHONE,
        "01632960777",
        "1632%20960777",
    ];
    fixed.map(str::to_owned).to_vec()
}

/// Lets panics of a thread that keeps a log be told as `serve` tells them.
fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if WATCHED.get() {
                telemetry::panicked(panic);
            }
            usual(panic);
        }));
    });
    WATCHED.set(true);
}

impl Drop for Log {
    fn drop(&mut self) {
        WATCHED.set(false);
    }
}

struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
