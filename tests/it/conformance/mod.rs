//! One story for every target, gated by what it can do: whatever a product is, rollcall reads it whole, makes it equal to the
//! source, and then has nothing left to do.
//!
//! Read `house.rs` first (what a product gives to the suite), then the stories. A product is one short file, and a row below.

mod house;
mod stage;
mod stories;
mod troubles;

mod alteryx;
mod b2core;
mod curator;
mod file;
mod scim;
mod thoughtspot;

pub(crate) use alteryx::ALTERYX;
pub(crate) use b2core::{B2CORE, SIGNED_IN};
pub(crate) use curator::CURATOR;
pub(crate) use house::{House, Person};
pub(crate) use scim::SCIM;
pub(crate) use stage::{Stage, with};
pub(crate) use thoughtspot::V2;

/// Every story, told of one product.
macro_rules! told_of {
    ($($product:ident: $house:expr;)+) => {$(
        mod $product {
            use crate::conformance::{House, stories, troubles};
            const HOUSE: &House = &$house;

            #[test] fn what_is_created_is_there_and_the_second_plan_is_empty() { stories::create(HOUSE) }
            #[test] fn each_value_changes_alone() { stories::each_value(HOUSE) }
            #[test] fn what_the_source_does_not_say_never_shows() { stories::undeclared(HOUSE) }
            #[test] fn a_new_name_of_a_known_person_is_a_rename_or_held() { stories::rename(HOUSE) }
            #[test] fn who_leaves_is_disabled_deleted_or_held() { stories::leave(HOUSE) }
            #[test] fn who_comes_back_is_enabled_with_all_memberships() { stories::come_back(HOUSE) }
            #[test] fn what_is_not_ours_is_left_alone() { stories::unmanaged(HOUSE) }
            #[test] fn odd_names_arrive_as_they_are() { stories::odd_names(HOUSE) }
            #[test] fn what_a_run_did_is_taken_back() { stories::undo(HOUSE) }
            #[test] fn members_come_and_go() { stories::members(HOUSE) }
            #[test] fn one_more_than_a_page_is_seen() { stories::more_than_a_page(HOUSE) }
            #[test] fn too_many_requests_are_waited_for() { troubles::too_many_requests(HOUSE) }
            #[test] fn wrong_credentials_are_tried_once() { troubles::denied(HOUSE) }
            #[test] fn a_listing_that_fails_changes_nothing() { troubles::listing_fails(HOUSE) }
            #[test] fn a_listing_of_nobody_changes_nothing() { troubles::lists_nobody(HOUSE) }
            #[test] fn a_lost_reply_is_settled_by_reading() { troubles::lost_reply(HOUSE) }
            #[test] fn a_cut_before_the_write_is_never_sent_twice() { troubles::cut_before(HOUSE) }
            #[test] fn what_a_server_says_in_error_is_told_and_the_rest_goes_on() { troubles::server_error(HOUSE) }
            #[test] fn a_token_that_ends_is_renewed() { troubles::token_ends(HOUSE) }
            #[test] fn no_secret_is_told_anywhere() { troubles::secrets(HOUSE) }
        }
    )+};
}

told_of! {
    a_thoughtspot_cluster_v1: crate::conformance::thoughtspot::V1;
    a_thoughtspot_cluster_v2: crate::conformance::thoughtspot::V2;
    an_alteryx_server: crate::conformance::alteryx::ALTERYX;
    a_back_office: crate::conformance::b2core::B2CORE;
    a_back_office_that_is_signed_in_to: crate::conformance::b2core::SIGNED_IN;
    a_curator_portal: crate::conformance::curator::CURATOR;
    a_scim_service: crate::conformance::scim::SCIM;
    a_json_file: crate::conformance::file::FILE;
}
