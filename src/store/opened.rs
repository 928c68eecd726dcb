use std::io;
use std::path::{Path, PathBuf};

/// The file that a process has open. One that was deleted or replaced meanwhile is still written to, and nobody finds it
/// again.
#[derive(Debug)]
pub(super) struct OpenedFile {
    path: PathBuf,
    identity: Identity,
}

/// What tells two files by one name apart: device and inode.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = ();

impl OpenedFile {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), identity: identity(path)? })
    }

    /// Whether it still stands where it stood.
    pub(super) fn is_there(&self) -> bool {
        identity(&self.path).is_ok_and(|found| found == self.identity)
    }

    /// How many bytes its disk has left for us, none of one that only reads; `None` where that is not told.
    #[cfg(unix)]
    pub(super) fn room(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.path).ok()?;
        let reads = disk.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY);
        if reads { Some(0) } else { disk.f_bavail.checked_mul(disk.f_frsize) }
    }

    #[cfg(not(unix))]
    pub(super) fn room(&self) -> Option<u64> {
        None
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    let file = std::fs::metadata(path)?;
    Ok((file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    std::fs::metadata(path).map(drop)
}
