//! The table of products: one row each.

use crate::sandbox::b2core;
use crate::sandbox::curator;
use crate::sandbox::product::products;
use crate::sandbox::{alteryx, scim, thoughtspot};

products! {
    /// ThoughtSpot.
    thoughtspot => thoughtspot::ThoughtSpot;
    /// Alteryx Server.
    alteryx => alteryx::Alteryx;
    /// B2CORE Back Office.
    b2core => b2core::BackOffice;
    /// `InterWorks` Curator.
    curator => curator::Curator;
    /// Any SCIM 2.0 service.
    scim => scim::Scim;
}
