//! Reading of every shape the vendor's samples have, two lists that must agree, and what is sent.

mod configurations;
mod conversions;
mod wires;
