//! Whole runs with a clock passed in: what a sync does over days and weeks.

mod budget;
mod histories;
mod life;
mod office;
mod returns;
