//! A JSON file of principals as a target: the array of `/user/sync`, one principal a line, written atomically.
//!
//! Read [`target`] first. A file that is not there yet is an empty target.

mod config;
mod target;
#[cfg(test)]
mod tests;
mod write;

pub use config::FileConfig;
pub use target::FileTarget;
pub use write::principal_lines;
