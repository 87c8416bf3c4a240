//! The service, as one binary: parses arguments and hands over to `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    clares_law::cli::run()
}
