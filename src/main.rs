//! Parses, runs, prints the error, gives the exit code: all in `rollcall::cli`.

use std::process::ExitCode;

/// The allocator of glibc keeps an arena for each thread that ever carried a run, and a daemon grows by them for days.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    rollcall::cli::start()
}
