use std::fs;

/// What this process takes of the machine. None where the system does not tell.
#[derive(Debug, Clone, Default)]
pub(in crate::daemon) struct Process {
    /// Bytes.
    pub(in crate::daemon) memory: Option<u64>,
    pub(in crate::daemon) files: Option<u64>,
}

impl Process {
    /// From `/proc/self`, which is there where a unit hides the rest of `/proc`.
    pub(super) fn look() -> Self {
        let status = fs::read_to_string("/proc/self/status").ok();
        let files = fs::read_dir("/proc/self/fd").ok();
        Self {
            memory: status.as_deref().and_then(resident),
            // One of them is the folder that is being read.
            files: files.and_then(|files| u64::try_from(files.count().saturating_sub(1)).ok()),
        }
    }
}

/// The line `VmRSS`, which is in units of 1,024 bytes.
pub(in crate::daemon) fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}
