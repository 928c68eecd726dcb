//! Names, sets, patterns and the JSON form, one story each.

mod digests;
mod documents;
mod names;
mod patterns;
mod sets;
mod shows;
