//! The table of products: one row each.

use crate::sandbox::b2core;
use crate::sandbox::product::products;
use crate::sandbox::thoughtspot;

products! {
    /// ThoughtSpot.
    thoughtspot => thoughtspot::ThoughtSpot;
    /// B2CORE Back Office.
    b2core => b2core::BackOffice;
}
