//! The table of products: one row each.

use crate::sandbox::curator;
use crate::sandbox::product::products;
use crate::sandbox::thoughtspot;

products! {
    /// ThoughtSpot.
    thoughtspot => thoughtspot::ThoughtSpot;
    /// `InterWorks` Curator.
    curator => curator::Curator;
}
