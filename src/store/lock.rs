use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::lease::Lease;
use super::{Place, StoreError};
use crate::principal::hex;

/// One apply per target at a time, until it is dropped.
#[derive(Debug)]
pub struct TargetLock {
    target: String,
    hold: Hold,
}

#[derive(Debug)]
enum Hold {
    /// The kernel holds it: it goes with the process, however that ends.
    File { _file: File },
    /// A row holds it, and that it is renewed.
    Lease { lease: Lease, place: Place },
}

impl TargetLock {
    /// Takes the lock of `target`, in a file beside the state database.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another run has it.
    pub(super) fn of_file(database: &Path, target: &str, place: &str) -> Result<Self, StoreError> {
        let mut name = database.file_name().unwrap_or_default().to_owned();
        // Two names for one place share one lock.
        let digits = hex("", &Sha256::digest(place));
        name.push(format!(".{}.lock", &digits[..16]));
        let path = database.with_file_name(name);
        let fail = |why: String| StoreError::Lock { target: target.to_owned(), path: path.clone(), why };
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        // Somebody else's file can be locked all the same: root applies by hand beside a service.
        let file = file.or_else(|error| match error.kind() {
            ErrorKind::PermissionDenied => File::open(&path).map_err(|_| error),
            _ => Err(error),
        });
        let file = file.map_err(|error| fail(error.to_string()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { target: target.to_owned(), hold: Hold::File { _file: file } }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy { target: target.to_owned() }),
            Err(TryLockError::Error(error)) => Err(fail(error.to_string())),
        }
    }

    pub(super) fn of_lease(lease: Lease, target: &str, place: Place) -> Self {
        Self { target: target.to_owned(), hold: Hold::Lease { lease, place } }
    }

    /// Asked before each write: a lease that could not be renewed may be another's by now. Asks nobody else, and so
    /// costs nothing.
    ///
    /// # Errors
    /// [`StoreError::Lost`] where it is not sure that this run still has it.
    pub fn still_held(&self) -> Result<(), StoreError> {
        match &self.hold {
            Hold::Lease { lease, place } if !lease.standing.is_held() => {
                Err(StoreError::Lost { target: self.target.clone(), place: place.clone() })
            }
            Hold::File { .. } | Hold::Lease { .. } => Ok(()),
        }
    }
}
