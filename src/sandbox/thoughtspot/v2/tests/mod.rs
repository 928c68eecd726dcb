//! API v2 over real HTTP, as a client meets it.

mod errors;
mod groups;
mod imports;
mod orgs;
mod paging;
mod search;
mod sessions;
mod size;
mod status;
mod support;
mod switches;
mod tokens;
mod users;
