//! Parses, runs, prints the error, gives the exit code: all in `rollcall::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rollcall::cli::start()
}
