//! What is known of vendors, as data. A preset only fills in settings that the configuration leaves out.

use std::time::Duration;

use super::config::{Clearing, ContentType, ExternalId, Groups, Members, Paging, Passwords, Totals};

/// What is known of one vendor. What is `None` is found out, or as the RFCs say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// The word of the configuration.
    pub name: &'static str,
    /// Where it is from.
    pub source: &'static str,
    pub external_id: Option<ExternalId>,
    pub groups: Option<Groups>,
    pub members: Option<Members>,
    pub member_cap: Option<usize>,
    pub chunk: Option<usize>,
    pub count: Option<usize>,
    pub paging: Option<Paging>,
    pub totals: Option<Totals>,
    pub patch: Option<bool>,
    pub filter: Option<bool>,
    pub rename: Option<bool>,
    pub delete: Option<bool>,
    pub password: Option<Passwords>,
    pub clear: Option<Clearing>,
    pub single_values: Option<bool>,
    pub separate: Option<bool>,
    pub content_type: Option<ContentType>,
    pub settle: Option<Duration>,
    /// Requests a second.
    pub rate: Option<u32>,
    /// Requests under way at once.
    pub concurrency: Option<usize>,
}

const NOTHING: Preset = Preset {
    name: "",
    source: "",
    external_id: None,
    groups: None,
    members: None,
    member_cap: None,
    chunk: None,
    count: None,
    paging: None,
    totals: None,
    patch: None,
    filter: None,
    rename: None,
    delete: None,
    password: None,
    clear: None,
    single_values: None,
    separate: None,
    content_type: None,
    settle: None,
    rate: None,
    concurrency: None,
};

/// Every vendor of whom something is known, by name.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "atlassian",
        source: "developer.atlassian.com, User provisioning: DELETE deactivates; filters are eq on userName and externalId",
        delete: Some(false),
        ..NOTHING
    },
    Preset {
        name: "aws",
        source: "AWS, IAM Identity Center SCIM: PatchGroup and CreateGroup (100 members), GetGroup and ListGroups (members \
                 always empty, cursor without totalResults), Limitations (one address, one number; userName and active alone)",
        members: Some(Members::Hidden),
        chunk: Some(100),
        count: Some(100),
        paging: Some(Paging::Cursor),
        totals: Some(Totals::Ignored),
        filter: Some(true),
        single_values: Some(true),
        separate: Some(true),
        settle: Some(Duration::from_secs(15)),
        rate: Some(10),
        ..NOTHING
    },
    Preset {
        name: "bitwarden",
        source: "bitwarden/server#4034: lists are empty unless startIndex and count are sent",
        count: Some(100),
        ..NOTHING
    },
    Preset {
        name: "databricks",
        source: "Databricks, SCIM 2.1 reference: pages of 10,000 at the most; wants application/scim+json",
        count: Some(1000),
        content_type: Some(ContentType::Scim),
        ..NOTHING
    },
    Preset {
        name: "entra",
        source: "Microsoft Entra SCIM: PUT is 405, count=0 is 400, a password is required at creation",
        patch: Some(true),
        password: Some(Passwords::Send),
        ..NOTHING
    },
    Preset {
        name: "fusionauth",
        source: "FusionAuth issue 2784: groups show 100 members, and a PATCH removes the others",
        member_cap: Some(100),
        ..NOTHING
    },
    Preset {
        name: "github",
        source: "GitHub, Using the REST API for SCIM: one writer, 1,000 users an hour, DELETE suspends for good",
        delete: Some(false),
        chunk: Some(1000),
        rate: Some(1),
        concurrency: Some(1),
        ..NOTHING
    },
    Preset { name: "gitlab", source: "GitLab, Internal SCIM API: users only", groups: Some(Groups::None), ..NOTHING },
    Preset {
        name: "hcp-terraform",
        source: "HCP Terraform, SCIM: pages of 200 at the most, filters are eq on userName and externalId",
        count: Some(200),
        ..NOTHING
    },
    Preset {
        name: "logfire",
        source: "pydantic/logfire PR 2356: groups exist already, only their members change, and they do not show",
        groups: Some(Groups::Members),
        members: Some(Members::Hidden),
        ..NOTHING
    },
    Preset {
        name: "miro",
        source: "Miro, SCIM rate limits: 413 above 8,000 members or 800 kB; a PATCH above 500 bytes is limited to 5 in 30 s",
        chunk: Some(8),
        ..NOTHING
    },
    Preset {
        name: "slack",
        source: "Slack, SCIM API rate limits: 180 user writes a minute per organisation; DELETE deactivates; pages of 10 \
                 unless count is sent, 1,000 at the most",
        delete: Some(false),
        count: Some(500),
        rate: Some(3),
        ..NOTHING
    },
    Preset {
        name: "twingate",
        source: "scim-for-keycloak issue 126: another externalId breaks the sign-in",
        external_id: Some(ExternalId::Off),
        ..NOTHING
    },
    Preset {
        name: "wso2",
        source: "wso2/product-is issues 7320 and 12813: totalResults is the size of the page",
        totals: Some(Totals::Ignored),
        ..NOTHING
    },
    Preset {
        name: "zscaler",
        source: "help.zscaler.com, SCIM API rate limits: ZIA takes 5 requests a second",
        rate: Some(5),
        ..NOTHING
    },
];

/// The preset of this name.
pub(super) fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
