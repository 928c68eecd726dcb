//! How one service is used: what the configuration says, else the preset, else the RFCs.

use std::time::Duration;

use super::config::{Clearing, ContentType, ExternalId, Groups, Members, Paging, Passwords, ScimConfig, Totals};
use super::presets::Preset;

/// Members by one request: what AWS takes, the least of all published limits but one.
const CHUNK: usize = 100;

/// Resources of a page: no service was seen to cut it below without saying so.
const COUNT: usize = 100;

/// How long a write may take to show.
const SETTLES: Duration = Duration::from_secs(5);

/// Requests under way at once where nothing else is said.
const CONCURRENCY: usize = 4;

/// Every setting, decided. What is an `Option` is found out.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own, on or off in the configuration as well"
)]
pub(super) struct Manner {
    pub(super) account: Option<String>,
    pub(super) case_exact: bool,
    pub(super) group_case_exact: bool,
    pub(super) external_id: ExternalId,
    pub(super) groups: Groups,
    pub(super) nest: bool,
    pub(super) members: Option<Members>,
    pub(super) member_cap: Option<usize>,
    pub(super) chunk: usize,
    /// None where the service is to decide.
    pub(super) count: Option<usize>,
    pub(super) paging: Option<Paging>,
    pub(super) totals: Totals,
    pub(super) patch: Option<bool>,
    pub(super) filter: Option<bool>,
    pub(super) etag: Option<bool>,
    pub(super) schemas: bool,
    pub(super) rename: bool,
    pub(super) delete: bool,
    pub(super) password: Passwords,
    pub(super) clear: Clearing,
    pub(super) address_type: String,
    pub(super) single_values: bool,
    pub(super) separate: bool,
    pub(super) content_type: ContentType,
    pub(super) ignore: Vec<String>,
    pub(super) settle: Duration,
    pub(super) rate: Option<u32>,
    pub(super) concurrency: usize,
}

impl Manner {
    pub(super) fn new(config: &ScimConfig, preset: Option<&Preset>) -> Self {
        macro_rules! known {
            ($key:ident) => {
                config.$key.or(preset.and_then(|preset| preset.$key))
            };
        }
        let settle = config.settle.map(|settle| settle.0).or(preset.and_then(|preset| preset.settle));
        Self {
            account: config.account.clone(),
            case_exact: config.case_exact.unwrap_or(false),
            group_case_exact: config.group_case_exact.unwrap_or(true),
            external_id: known!(external_id).unwrap_or_default(),
            groups: known!(groups).unwrap_or_default(),
            nest: config.nest.unwrap_or(false),
            members: known!(members),
            member_cap: known!(member_cap),
            chunk: known!(chunk).unwrap_or(CHUNK),
            count: Some(known!(count).unwrap_or(COUNT)).filter(|count| *count > 0),
            paging: known!(paging),
            totals: known!(totals).unwrap_or_default(),
            patch: known!(patch),
            filter: known!(filter),
            etag: config.etag,
            schemas: config.schemas.unwrap_or(true),
            rename: known!(rename).unwrap_or(true),
            delete: known!(delete).unwrap_or(true),
            password: known!(password).unwrap_or_default(),
            clear: known!(clear).unwrap_or_default(),
            address_type: config.address_type.clone().unwrap_or_else(|| "work".to_owned()),
            single_values: known!(single_values).unwrap_or(false),
            separate: known!(separate).unwrap_or(false),
            content_type: known!(content_type).unwrap_or_default(),
            ignore: config.ignore.clone(),
            settle: settle.unwrap_or(SETTLES),
            rate: preset.and_then(|preset| preset.rate),
            concurrency: preset.and_then(|preset| preset.concurrency).unwrap_or(CONCURRENCY),
        }
    }
}
