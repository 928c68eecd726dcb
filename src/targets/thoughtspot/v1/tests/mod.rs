//! What is sent, what is expected, and what is read.

mod answers;
mod lists;
mod payloads;
