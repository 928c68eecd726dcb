use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{FmtSpan, JsonFields};

use super::args::LogFormat;
use super::log_line::LogLine;

/// Sends the log to stderr: warnings, with `-v` what is done, with `-vv` details, with `-vvv` those of libraries too.
pub(super) fn begin(verbose: u8, format: LogFormat) {
    let filter = match verbose {
        0 => "warn",
        1 => "warn,rollcall=info",
        2 => "warn,rollcall=debug",
        _ => "debug,rollcall=trace",
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_span_events(FmtSpan::NONE)
        .with_writer(std::io::stderr);
    // A second subscriber in one process, as in tests, is not worth failing for.
    let _ = match format {
        LogFormat::Text => log.with_target(false).with_ansi(super::output::is_coloured()).try_init(),
        LogFormat::Json => log.fmt_fields(JsonFields::new()).event_format(LogLine).try_init(),
    };
}

/// The thread that reads a directory may panic in the library that decodes its answers: the run tells of it as an error,
/// and the trace is for those who ask for it.
pub(super) fn keep_library_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(crate::sources::DIRECTORY_THREAD) {
            tracing::debug!(%panic, "the library for directories gave up");
        } else {
            usual(panic);
        }
    }));
}
