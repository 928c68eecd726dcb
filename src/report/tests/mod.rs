//! Reports of small worlds: as JSON and back, and as text.

mod bench;
mod past;

mod round_trip;
mod told;
