//! Identifiers that look random and are the same in every run.

/// Scatters a counter over 64 bits (the finaliser of `SplitMix64`).
const fn scatter(counter: u64) -> u64 {
    let mut mixed = counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// What an identifier is for: the same number gives another identifier in another space.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(crate) enum Space {
    /// Users and groups.
    Principal = 1,
    /// Sessions.
    Session = 2,
    /// Failures, as `incident_id_guid`.
    Incident = 3,
    /// Failures, as `trace_id_guid`.
    Trace = 4,
}

/// The `number`th GUID of a space, in the form of a version 4 UUID.
pub(crate) fn guid(space: Space, number: u64) -> String {
    let high = scatter((space as u64) << 48 ^ number);
    let low = scatter(high);
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff,
    )
}
