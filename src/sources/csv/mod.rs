//! Users, and groups if there is a file of them, from CSV files.
//!
//! Read [`scan`] first (text to fields), then [`columns`] (what each field is), then [`rows`] (fields to principals).
//!
//! Promises: a value arrives exactly as the file holds it; a file cut inside quotes or inside a row is a failed
//! reading, and so is a row that has not as many fields as the header. CSV has no end mark: a file cut exactly between
//! two rows, or inside the last field of its last row, cannot be told from a whole one by its text. `expect` is the
//! guard against that.

mod columns;
mod config;
mod decode;
mod member;
mod nearest;
mod rows;
mod scan;
mod sheet;
mod source;
#[cfg(test)]
mod tests;

pub use config::CsvConfig;
