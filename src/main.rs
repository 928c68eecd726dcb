//! Parses, runs, prints the error, gives the exit code: all in `rollcall::cli`.

use std::process::ExitCode;

/// A directory is a million small values: this allocator takes a third off the time that they cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rollcall::cli::start()
}
