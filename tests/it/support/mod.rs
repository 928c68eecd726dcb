//! What every story stands on: a folder with the real binary ([`App`]), an emulated cluster ([`Cluster`]), both
//! together ([`World`]), and builders of people. May import the library's sandbox and nothing else of it.

mod app;
mod cluster;
mod document;
mod people;
mod run;
mod running;
mod world;

pub(crate) use app::App;
pub(crate) use cluster::Cluster;
pub(crate) use document::Document;
pub(crate) use people::{csv, group, people, user, with};
pub(crate) use run::Run;
pub(crate) use running::Running;
pub(crate) use world::World;
