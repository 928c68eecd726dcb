/// How the server behaves for as long as nothing else is said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    /// The root DSE is that of Active Directory; the searches of its default naming context end with references.
    pub(crate) active_directory: bool,
    /// A search may bring so many entries: without pages it then ends with code 4, longer pages are cut down to it.
    /// Active Directory: `MaxPageSize`, 1,000.
    pub(crate) most_entries: Option<usize>,
    /// An attribute may bring so many values: then it comes empty, beside its first range. Active Directory:
    /// `MaxValRange`, 1,500.
    pub(crate) most_values: Option<usize>,
    pub(crate) ranges: Ranges,
    pub(crate) paging: Paging,
    pub(crate) sync: Sync,
    /// Every bind ends with this code.
    pub(crate) bind: Option<u32>,
    /// Every search below the root DSE ends with a reference to each of these addresses.
    pub(crate) references: Vec<String>,
    pub(crate) faults: Vec<Fault>,
}

/// What becomes of the simple paged results of RFC 2696.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Paging {
    #[default]
    Kept,
    /// Everything comes at once, and the answer says nothing of pages.
    Ignored,
    /// Code 12 where it is critical; else ignored.
    Unknown,
    /// The cookie is not looked at: each page is the first.
    SamePage,
    /// After the last page come empty ones, each with a cookie.
    NeverEnds,
    /// The answer to the last page has no control at all.
    LastUntold,
}

/// What becomes of the ranges of an attribute that has too many values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Ranges {
    #[default]
    Kept,
    /// No range is the last one: past the end come ranges with one and the same value.
    NeverEnd,
    /// Whatever range is asked for, the first comes.
    FirstAgain,
    /// Whoever asks for a further range gets code 53.
    Refused,
    /// Whoever asks for a further range gets the entry without it.
    Absent,
    /// Whoever asks for a further range gets code 0 and no entry.
    EntryGone,
    /// A further range begins one value too late.
    Hole,
}

/// What becomes of the content synchronisation of RFC 4533, refreshOnly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Sync {
    /// Code 12 where it is critical; else ignored.
    #[default]
    Unknown,
    /// A cookie of ours brings what has changed since, and who is gone.
    Kept,
    /// A cookie of ours brings what has changed since, and all who are still there: who is in neither is gone.
    Present,
    /// Every cookie ends with 4096, e-syncRefreshRequired.
    RefreshRequired,
    /// Every cookie brings everything, as though there were none.
    Ignored,
    /// Every cookie ends with 53: it is of a later state than the server's.
    Newer,
    /// Every cookie brings nothing, and a cookie that has moved on.
    Silent,
}

/// Something that goes wrong in a search.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) at: At,
    pub(crate) what: What,
    base: Option<String>,
    times: usize,
}

/// When.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// Instead of any answer.
    Begin,
    /// After so many entries of one search, its earlier pages counted.
    Entry(usize),
    /// Where page so many, from 1, would end. A search without pages is one page.
    Page(usize),
    /// After so many bytes of what the connection has sent for searches.
    Byte(usize),
}

/// What.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// The search ends with this code, without a cookie.
    Result(u32),
    /// The connection is closed.
    Cut,
    /// Nothing comes any more, and the connection stays.
    Stall,
    /// The notice of disconnection with this code, RFC 4511, section 4.4.1, and the end of the connection.
    Notice(u32),
    /// These bytes come between, and the search goes on.
    Bytes(Vec<u8>),
    /// A message that is announced to be this long, and silence.
    Announced(u32),
    /// A reference to this address, and the search goes on.
    Reference(String),
    /// The search ends with code 10 and this address.
    Referral(String),
    /// An entry whose DN is not UTF-8, and the search goes on.
    BrokenDn,
}

impl Fault {
    /// One that happens every time.
    pub(crate) fn new(at: At, what: What) -> Self {
        Self { at, what, base: None, times: usize::MAX }
    }

    /// Only in searches whose base this is.
    pub(crate) fn below(mut self, base: &str) -> Self {
        self.base = Some(base.to_owned());
        self
    }

    /// It happens once and never again.
    pub(crate) fn once(mut self) -> Self {
        self.times = 1;
        self
    }
}

impl Script {
    /// The fault that happens now in a search of `base`, if one does; it is then counted.
    pub(super) fn strike(&mut self, base: &str, mut now: impl FnMut(At) -> bool) -> Option<What> {
        let fault = self.faults.iter_mut().find(|fault| {
            let here = fault.base.as_ref().is_none_or(|other| other.eq_ignore_ascii_case(base));
            here && fault.times > 0 && now(fault.at)
        })?;
        fault.times -= 1;
        Some(fault.what.clone())
    }
}
