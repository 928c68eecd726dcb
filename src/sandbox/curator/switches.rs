//! Behaviours that the vendor's pages show in two forms, or leave open, as switches.

use serde::{Deserialize, Serialize};

use crate::sandbox::rate::RateLimit;

/// The switches that rest on an assumption: no vendor page says what their default says.
pub const ASSUMED: &[&str] = &[
    "methods",
    "foldEndpoints",
    "listReply",
    "memberships",
    "rows",
    "dates",
    "showPlatforms",
    "parameters",
    "failureReply",
    "echoAddress",
    "addPresent",
    "removeAbsent",
    "unknownUser",
    "unknownGroup",
    "duplicateGroup",
    "usernameMatching",
    "groupMatching",
    "platformOverwrites",
    "throttle",
    "rateLimit",
];

/// How the portal behaves. In JSON, members that are left out take their default, and unknown members are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, on or off in the JSON as well")]
pub struct Switches {
    /// The endpoints of the key (`User/listUsers`); all when absent. Vendor: "Restrict Access" of an API key.
    pub restricted_to: Option<Vec<String>>,
    /// Whether a first sign-in creates the frontend user. Vendor: "Just in Time Provisioning".
    pub jit: bool,
    /// Whether a sign-in refreshes memberships from platform groups. When off, the scheduled sync does, and creates
    /// users. Vendor: "User Sync and Membership Sync Overview".
    pub on_login_sync: bool,
    /// How long the sync that `createFrontendGroup` queues waits, in milliseconds.
    pub sync_delay_millis: u64,
    /// How the answer spells the field of `ThoughtSpot` groups that were not found: the vendor's pages differ by age.
    pub not_found_spelling: Spelling,
    /// `Success` or `success`: one of the vendor's samples has the latter.
    pub result_letters: Letters,
    /// `InterWorks.` or `interworks.` before a permission: the vendor's pages differ by age.
    pub permission_letters: Letters,
    /// Whether the section of a path is read without regard to case: the vendor's pages write both.
    pub fold_sections: bool,
    /// Whether the endpoint of a path is.
    pub fold_endpoints: bool,
    /// Which HTTP methods are taken.
    pub methods: Methods,
    /// What lists come in.
    pub list_reply: ListReply,
    /// Which lists carry memberships.
    pub memberships: Memberships,
    /// What the members of a row are called.
    pub rows: Rows,
    /// What a time looks like.
    pub dates: Dates,
    /// Whether `listGroups` shows the platform groups attached.
    pub show_platforms: bool,
    /// What adding and removing are told by.
    pub parameters: Parameters,
    /// What every failure looks like.
    pub failure_reply: FailureReply,
    /// Whether failures repeat the address of the request, key included.
    pub echo_address: bool,
    /// What adding a member who is one says.
    pub add_present: Twice,
    /// What removing somebody who is no member says.
    pub remove_absent: Twice,
    /// What a user who is not there means.
    pub unknown_user: Unknown,
    /// What a group that is not there means.
    pub unknown_group: Unknown,
    /// What a second group of one name means: an error, or (success) another group.
    pub duplicate_group: Twice,
    /// How user names are compared.
    pub username_matching: Matching,
    /// How group names are compared.
    pub group_matching: Matching,
    /// Whether a platform sync takes out members that the platform group does not have.
    pub platform_overwrites: bool,
    /// Too many wrong keys suspend the address. Vendor: "User Throttling", of sign-ins: whether keys count is not said.
    pub throttle: Option<Throttle>,
    /// Requests beyond this are answered with 429.
    pub rate_limit: Option<RateLimit>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            restricted_to: None,
            jit: true,
            on_login_sync: true,
            sync_delay_millis: 0,
            not_found_spelling: Spelling::Thoughtspot,
            result_letters: Letters::Capital,
            permission_letters: Letters::Capital,
            fold_sections: true,
            fold_endpoints: false,
            methods: Methods::Both,
            list_reply: ListReply::Array,
            memberships: Memberships::Both,
            rows: Rows::Plain,
            dates: Dates::Text,
            show_platforms: false,
            parameters: Parameters::UsernameGroup,
            failure_reply: FailureReply::Ok,
            echo_address: false,
            add_present: Twice::Success,
            remove_absent: Twice::Success,
            unknown_user: Unknown::Error,
            unknown_group: Unknown::Error,
            duplicate_group: Twice::Error,
            username_matching: Matching::Exact,
            group_matching: Matching::Exact,
            platform_overwrites: false,
            throttle: None,
            rate_limit: None,
        }
    }
}

/// `thoughtspotGroupsNotFound` (newer pages) or `thoughspotGroupsNotFound` (older ones).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Spelling {
    Thoughtspot,
    Thoughspot,
}

/// How a word begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Letters {
    Capital,
    Small,
}

/// Which HTTP methods are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Methods {
    Both,
    Get,
    Post,
}

/// What a list comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ListReply {
    /// `[…]`
    Array,
    /// `{"result": "Success", "msg": […]}`
    Msg,
    /// `{"users": […]}`
    Named,
    /// `{"7": {…}}`
    ById,
}

/// Which lists carry memberships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Memberships {
    Both,
    Groups,
    Users,
    None,
}

/// What the members of a row are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rows {
    /// `name`, `email`, `full_name`, `groups` and `users` as objects.
    Plain,
    /// `username`, `mail`, `display_name`, `title`, `groups` and `members` as names.
    Aliased,
}

/// What a time looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dates {
    /// `2023-11-14 22:13:20`
    Text,
    /// The date object of PHP.
    Object,
}

/// The parameters of `addUserToGroup` and `removeUserFromGroup`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Parameters {
    /// `username`, `group`: names.
    UsernameGroup,
    /// `user_id`, `group_id`: numbers.
    UserIdGroupId,
    /// `userName`, `groupName`: names.
    UserNameGroupName,
    /// `email`, `group`: an address and a name.
    EmailGroup,
}

/// What every failure looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureReply {
    /// 200 with `{"result": "Error", "msg": …}`.
    Ok,
    /// The same with 400.
    BadRequest,
    /// The same with 401 where the key is wrong, else 403.
    Denied,
    /// 500 with an HTML page.
    Page,
    /// 302 to a sign-in page.
    Redirect,
}

/// What doing again what is done already says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Twice {
    Success,
    Error,
}

/// What naming somebody who is not there means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unknown {
    Error,
    /// Success, and nothing is done.
    Silent,
}

/// How names are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Matching {
    Exact,
    CaseInsensitive,
}

/// When wrong keys suspend the address they came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Throttle {
    /// So many wrong keys; the vendor's default for sign-ins is 5.
    pub failures: usize,
    /// Within so long, in milliseconds; the vendor's default is 15 minutes.
    pub within_millis: u64,
    /// Suspend for so long, in milliseconds; the vendor's default is 15 minutes.
    pub suspend_millis: u64,
}
