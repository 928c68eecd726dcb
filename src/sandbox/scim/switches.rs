//! The ways in which SCIM services differ, as switches.

use serde::{Deserialize, Serialize};

use crate::sandbox::rate::RateLimit;
use crate::sandbox::scim::reading::{
    Active, Announce, AnswerType, Booleans, ContentType, Counting, Cursor, Discovery, ErrorBody, ErrorStatus, Etag,
    Filtering, Ids, OverMaximum, Projection, SchemaList, Total,
};
use crate::sandbox::scim::writing::{
    CreateAnswer, Deactivation, Delete, DeleteAnswer, GroupMembers, MemberCap, Method, OrPath, PatchAnswer,
    PutWithoutActive, Support, UnknownMember, ValuePath, ValueRemoval,
};

/// How the emulator behaves. The defaults are those of RFC 7643 and 7644; in JSON, members that are left out take
/// them, and unknown members are refused.
///
/// Lists of fields name them as `User.externalId`, `User.emails.type`, `Group.displayName`, or
/// `User.urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, on or off in the JSON as well")]
pub struct Switches {
    /// What `/ServiceProviderConfig` answers.
    pub service_provider_config: Discovery,
    /// What `/Schemas` answers.
    pub schemas: SchemaList,
    /// What discovery claims against the truth.
    pub announce: Announce,
    /// Whether discovery needs no token.
    pub open_discovery: bool,
    /// Whether a request without `User-Agent` is refused with 403.
    pub user_agent_needed: bool,
    /// Whether a DELETE with `Accept` or `Content-Type` is refused with 400.
    pub bare_delete: bool,
    /// Which content types a body may have.
    pub content_type: ContentType,
    /// The content type of answers.
    pub answer_type: AnswerType,
    /// A body of more bytes is refused with 413.
    pub max_body: Option<usize>,
    /// The largest page; 200 when absent.
    pub max_results: Option<usize>,
    /// What a `count` above the maximum meets.
    pub over_maximum: OverMaximum,
    /// The page without `count`; 100 when absent.
    pub default_count: Option<usize>,
    /// How `count` is read.
    pub count: Counting,
    /// Whether a list is empty unless `startIndex` and `count` are sent.
    pub paging_needed: bool,
    /// Whether every page is the first.
    pub ignore_start_index: bool,
    /// Every page but the first begins so many earlier than asked.
    pub overlap: usize,
    /// What `totalResults` says.
    pub total_results: Total,
    /// What `cursor` does.
    pub cursor: Cursor,
    /// So many following pages of a cursor walk are refused with `expiredCursor`.
    pub expire_cursors: u32,
    /// Whether lists hold `resources` instead of `Resources`.
    pub lower_case_resources: bool,
    /// Whether lists are empty though every resource can be read.
    pub hide_lists: bool,
    /// Whether the first resource of every list of users is `null`.
    pub spoilt_resource: bool,
    /// Which parameters that choose attributes are honoured.
    pub projection: Projection,
    /// So many users are added before all others after the first page of a list of users, once per set.
    pub insert_between_pages: u32,
    /// What a filter meets.
    pub filter: Filtering,
    /// Whether filters compare every text exactly.
    pub filter_case_exact: bool,
    /// A filter of more comparisons is refused with 400.
    pub filter_nodes: Option<usize>,
    /// Fields that a filter may not name: 400 `invalidFilter`.
    pub unfilterable: Vec<String>,
    /// What ids look like.
    pub ids: Ids,
    /// Whether user names that differ in case only are different names.
    pub case_exact_names: bool,
    /// Whether two groups of one `displayName` are refused with 409.
    pub unique_group_names: bool,
    /// Whether an `externalId` that another has is refused with 409.
    pub unique_external_ids: bool,
    /// The member `status` of an error.
    pub error_status: ErrorStatus,
    /// The body of an error.
    pub error_body: ErrorBody,
    /// Whether an error has a member `schema` besides `schemas`.
    pub schema_member: bool,
    /// Whether a 409 says no `scimType`.
    pub untyped_conflicts: bool,
    /// Whether the conflict of two group names is a 500 with a page.
    pub group_conflict_crashes: bool,
    /// The status of an unknown id; 404 when absent.
    pub unknown_id: Option<u16>,
    /// PATCH.
    pub patch: Method,
    /// PUT.
    pub put: Method,
    /// What a PATCH answers.
    pub patch_answer: PatchAnswer,
    /// What a POST answers.
    pub create_answer: CreateAnswer,
    /// Operations without a path.
    pub pathless: Support,
    /// `Add`, `Replace` and `Remove` with a capital letter.
    pub capital_operations: Support,
    /// What a path with a filter meets in a PATCH of a user where no value matches.
    pub value_path: ValuePath,
    /// `remove` of an attribute other than members.
    pub remove_attribute: Support,
    /// Whether a second e-mail address, telephone number or address is refused with 400.
    pub single_values: bool,
    /// Attributes of users whose operation must be the only one of its PATCH: 400 otherwise.
    pub separate_operations: Vec<String>,
    /// What becomes of `active` when a PUT leaves it out.
    pub put_without_active: PutWithoutActive,
    /// Entity tags.
    pub etag: Etag,
    /// How booleans are shown.
    pub booleans: Booleans,
    /// Whether `"True"` and `"False"` are taken for booleans; 400 otherwise.
    pub lenient_booleans: bool,
    /// When `active` is shown.
    pub active: Active,
    /// Whether times are shown as `2023-11-14 22:13:20`.
    pub plain_dates: bool,
    /// Whether e-mail addresses are shown as plain strings.
    pub mail_as_text: bool,
    /// Whether resources are shown without `schemas`.
    pub omit_schemas: bool,
    /// Fields that are dropped, with success.
    pub drop: Vec<String>,
    /// Fields that are refused with 400.
    pub refuse: Vec<String>,
    /// Fields that a resource must have; 400 otherwise. `userName` and a group's `displayName` always are.
    pub require: Vec<String>,
    /// Fields that cannot change: 400 `mutability`.
    pub immutable: Vec<String>,
    /// Whether there are no groups at all: 404.
    pub no_groups: bool,
    /// Whether groups can be neither created nor replaced nor deleted: 501. PATCH of members can.
    pub fixed_groups: bool,
    /// Whether groups always show `members: []`.
    pub hide_members: bool,
    /// How many members a group shows.
    pub member_cap: Option<MemberCap>,
    /// A request with more members is refused.
    pub max_members: Option<usize>,
    /// The status of that refusal; 413 when absent.
    pub over_members: Option<u16>,
    /// `remove` with `members[value eq "id"]`.
    pub remove_by_filter: Support,
    /// What a path of two ids joined by `or` removes.
    pub or_path: OrPath,
    /// `remove` with the path `members` and a value.
    pub remove_by_value: ValueRemoval,
    /// `remove` with the path `members` alone.
    pub remove_all_members: Support,
    /// `replace` of members.
    pub replace_members: Support,
    /// Whether members inside a POST are ignored.
    pub ignore_members_in_post: bool,
    /// Whether members inside a PUT are ignored.
    pub ignore_members_in_put: bool,
    /// What a member id that nobody has meets.
    pub unknown_member: UnknownMember,
    /// Whether a member who is added again is there twice.
    pub duplicate_members: bool,
    /// Whether a deleted user or group stays in the groups.
    pub dangling_members: bool,
    /// What a group as a member meets.
    pub group_members: GroupMembers,
    /// What DELETE does to a user.
    pub delete: Delete,
    /// What DELETE answers.
    pub delete_answer: DeleteAnswer,
    /// What `active: false` does besides.
    pub deactivation: Deactivation,
    /// Requests beyond this are answered with 429.
    pub rate_limit: Option<RateLimit>,
}
