//! The table of products: one row each.

use crate::sandbox::product::products;
use crate::sandbox::{scim, thoughtspot};

products! {
    /// ThoughtSpot.
    thoughtspot => thoughtspot::ThoughtSpot;
    /// Any SCIM 2.0 service.
    scim => scim::Scim;
}
