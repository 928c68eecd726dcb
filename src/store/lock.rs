use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::StoreError;
use crate::principal::hex;

/// One apply per target at a time. The kernel holds the lock: it goes with the process, however that ends.
#[derive(Debug)]
pub struct TargetLock {
    _file: File,
}

impl TargetLock {
    /// Takes the lock of `target`, in a file beside the state database.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another run has it.
    pub(super) fn take(database: &Path, target: &str, place: &str) -> Result<Self, StoreError> {
        let mut name = database.file_name().unwrap_or_default().to_owned();
        // Two names for one place share one lock.
        let digits = hex("", &Sha256::digest(place));
        name.push(format!(".{}.lock", &digits[..16]));
        let path = database.with_file_name(name);
        let fail =
            |why: String| StoreError::Lock { target: target.to_owned(), why: format!("{}: {why}", path.display()) };
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| fail(error.to_string()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy { target: target.to_owned() }),
            Err(TryLockError::Error(error)) => Err(fail(error.to_string())),
        }
    }
}
