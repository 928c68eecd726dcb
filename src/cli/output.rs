//! The only file that prints.

use std::io::{self, BufRead, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use crate::principal::neutral;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Switches colours off for everything that is printed from now on.
pub(super) fn no_colour() {
    anstream::ColorChoice::Never.write_global();
}

/// Whether stderr takes colours.
pub(super) fn is_coloured() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Data for people or programs, on stdout; colours are taken out where it is no terminal.
///
/// # Errors
/// When stdout cannot be written, such as a full disk.
pub(super) fn data(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    heard(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Data as it is: JSON must not be looked through for colours.
///
/// # Errors
/// When stdout cannot be written, such as a full disk.
pub(super) fn raw(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    heard(write(&mut out).and_then(|()| out.flush()))
}

/// Whoever reads, such as `head`, may stop: what was done is done, and the exit code says how.
fn heard(written: io::Result<()>) -> io::Result<()> {
    written.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// A line for the person at the terminal, on stderr.
pub(super) fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// An error and what to do next, on stderr. Both may hold directory text.
pub(super) fn error(text: &str, hint: Option<&str>) {
    labelled(ERROR, "error:", text, hint);
}

/// Something a person should know, on stderr.
pub(super) fn warning(text: &str, hint: Option<&str>) {
    labelled(WARNING, "warning:", text, hint);
}

fn labelled(style: Style, label: &str, text: &str, hint: Option<&str>) {
    note(&format!("{style}{label}{style:#} {}", neutral(text)));
    if let Some(hint) = hint {
        note(&format!("{FAINT}  hint: {}{FAINT:#}", neutral(hint)));
    }
}

/// Whether a person can be asked.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on stderr; only `y` or `yes` is yes.
pub(super) fn ask(question: &str) -> bool {
    let _ = write!(anstream::stderr().lock(), "{question} [y/N] ");
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Whether progress can be shown.
pub(super) fn shows_progress() -> bool {
    io::stderr().is_terminal()
}
