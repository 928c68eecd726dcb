//! The table of products: one row each.

use crate::sandbox::product::products;
use crate::sandbox::thoughtspot;

products! {
    /// ThoughtSpot.
    thoughtspot => thoughtspot::ThoughtSpot;
}
