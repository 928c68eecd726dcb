//! Every limit at its edge: equal does not trip, one more does.

mod bench;
mod budget;

mod admins;
mod expectations;
mod group_removals;
mod numbers;
mod overrides;
mod persons;
mod privileges;
mod rights;
mod shapes;
