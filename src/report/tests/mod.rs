//! Reports of small worlds: as JSON and back, and as text.

mod bench;

mod round_trip;
mod told;
