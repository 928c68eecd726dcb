//! The trail as it is written, and as somebody has changed it.

mod canonical;
mod damage;
mod entry;
mod note;
mod trail;
mod tree;
mod verify;
