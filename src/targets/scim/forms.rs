//! What a service turned out to take, for as long as the program runs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

/// How members are taken out of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Removal {
    /// `members[value eq "id"]`, as the RFC wants.
    #[default]
    Filter,
    /// The path `members` and a value.
    Value,
}

/// What was learned of a service from its answers.
#[derive(Debug)]
pub(super) struct Forms {
    /// It refused PATCH with 405 or 501.
    no_patch: AtomicBool,
    /// It refused a filter inside a path.
    no_value_paths: AtomicBool,
    /// It refused the enterprise extension.
    no_extension: AtomicBool,
    /// Members by one request.
    chunk: AtomicUsize,
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    removal: Removal,
    /// Some member was removed in this form.
    removal_works: bool,
    /// Versions of groups as they were last shown, by id.
    versions: FxHashMap<CompactString, CompactString>,
    /// Attributes of which filters are refused, or answered with anybody.
    unfiltered: FxHashSet<&'static str>,
    /// Groups that were there already when they were to be made: who is in them is unknown.
    adopted: FxHashSet<CompactString>,
}

impl Forms {
    pub(super) fn new(chunk: usize) -> Self {
        Self {
            no_patch: AtomicBool::new(false),
            no_value_paths: AtomicBool::new(false),
            no_extension: AtomicBool::new(false),
            chunk: AtomicUsize::new(chunk),
            notes: Mutex::default(),
        }
    }

    pub(super) fn takes_patch(&self) -> bool {
        !self.no_patch.load(Ordering::Relaxed)
    }

    pub(super) fn forget_patch(&self) {
        self.no_patch.store(true, Ordering::Relaxed);
    }

    pub(super) fn takes_value_paths(&self) -> bool {
        !self.no_value_paths.load(Ordering::Relaxed)
    }

    pub(super) fn forget_value_paths(&self) {
        self.no_value_paths.store(true, Ordering::Relaxed);
    }

    pub(super) fn takes_extension(&self) -> bool {
        !self.no_extension.load(Ordering::Relaxed)
    }

    pub(super) fn forget_extension(&self) {
        self.no_extension.store(true, Ordering::Relaxed);
    }

    /// Members by one request, from now on.
    pub(super) fn chunk(&self) -> usize {
        self.chunk.load(Ordering::Relaxed).max(1)
    }

    /// So many were too many.
    pub(super) fn shrink_chunk(&self, too_many: usize) {
        self.chunk.fetch_min((too_many / 2).max(1), Ordering::Relaxed);
    }

    /// How members are removed, and whether that was seen to work.
    pub(super) fn removal(&self) -> (Removal, bool) {
        let notes = self.notes();
        (notes.removal, notes.removal_works)
    }

    pub(super) fn removal_works(&self, removal: Removal) {
        let mut notes = self.notes();
        (notes.removal, notes.removal_works) = (removal, true);
    }

    pub(super) fn version(&self, id: &str) -> Option<CompactString> {
        self.notes().versions.get(id).cloned()
    }

    /// Notes the version that a group has by now; none where that is unknown.
    pub(super) fn note_version(&self, id: &str, version: Option<CompactString>) {
        let mut notes = self.notes();
        match version {
            Some(version) => drop(notes.versions.insert(id.into(), version)),
            None => drop(notes.versions.remove(id)),
        }
    }

    /// Whether a filter of this attribute may be asked for.
    pub(super) fn takes_filter(&self, attribute: &'static str) -> bool {
        !self.notes().unfiltered.contains(attribute)
    }

    pub(super) fn forget_filter(&self, attribute: &'static str) {
        self.notes().unfiltered.insert(attribute);
    }

    pub(super) fn adopt(&self, id: &str) {
        self.notes().adopted.insert(id.into());
    }

    pub(super) fn is_adopted(&self, id: &str) -> bool {
        self.notes().adopted.contains(id)
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        // What is behind this lock is never left half-changed.
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
