mod configurations;
mod conversions;
mod patches;
mod readings;
mod walks;
mod wires;
