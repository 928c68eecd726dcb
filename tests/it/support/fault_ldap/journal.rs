/// A request as it came, and what was sent for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// Which connection it came on, from 0.
    pub(crate) connection: usize,
    /// `bind`, `unbind`, `search`, `abandon`, `extended`, or the number of its tag.
    pub(crate) operation: String,
    /// The DN of a bind, the base of a search, the name of an extended operation.
    pub(crate) base: String,
    /// 0 base, 1 one level, 2 all below.
    pub(crate) scope: u64,
    /// As RFC 4515 writes it.
    pub(crate) filter: String,
    pub(crate) attributes: Vec<String>,
    /// How many entries the client wants at most; 0 for no limit.
    pub(crate) size_limit: u64,
    /// The names of the controls, with `!` before critical ones.
    pub(crate) controls: Vec<String>,
    /// The size of the page that was asked for.
    pub(crate) page: Option<u64>,
    /// The cookie of a page or of a synchronisation; none where it was empty.
    pub(crate) cookie: Option<Vec<u8>>,
    /// How many entries were sent for it.
    pub(crate) entries: usize,
    /// How many bytes were sent for it.
    pub(crate) bytes: usize,
    /// The code that ended it; none where nothing did.
    pub(crate) code: Option<u32>,
}
