use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::principal::{PrincipalSet, PrincipalView};

/// Writes `set` as a JSON array, one principal a line: for people who compare files.
///
/// # Errors
/// When `out` cannot be written.
pub fn principal_lines(out: &mut impl Write, set: &PrincipalSet) -> io::Result<()> {
    let mut before = "[\n";
    for record in set.records() {
        out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut *out, &PrincipalView::carried(&record.principal, set.names()))?;
        before = ",\n";
    }
    out.write_all(if set.is_empty() { b"[]\n" } else { b"\n]\n" })
}

/// Replaces the file at `path` in one step: a reader, or a crash, sees the old one or the new one whole.
pub(super) fn write(path: &Path, set: &PrincipalSet) -> io::Result<()> {
    // What a link points to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    sweep(&path);
    let aside = aside(&path);
    let written = write_aside(&aside, &path, set);
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

fn write_aside(aside: &Path, path: &Path, set: &PrincipalSet) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(aside)?);
    principal_lines(&mut out, set)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Ok(old) = fs::metadata(path) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    fs::rename(aside, path)?;
    // The file is replaced by now: that its folder cannot be told to hurry is no failure.
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// Takes away what a killed run left. The target's lock is held: nobody else is writing.
fn sweep(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let begin = format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&begin) && name.ends_with(".new") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn aside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", uuid::Uuid::now_v7()));
    path.with_file_name(name)
}
