use compact_str::CompactString;
use rustc_hash::FxHashMap;

/// A group named by a principal, as an index into the [`GroupNames`] of its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupRef(u32);

impl GroupRef {
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Every group name that occurs in a set, once: a membership then costs four bytes.
#[derive(Debug, Clone, Default)]
pub struct GroupNames {
    names: Vec<CompactString>,
    index: FxHashMap<CompactString, u32>,
}

impl GroupNames {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The reference of `name`, spelled exactly so; made when it is new.
    ///
    /// # Panics
    /// Beyond four thousand million different names.
    pub fn intern(&mut self, name: &str) -> GroupRef {
        if let Some(at) = self.index.get(name) {
            return GroupRef(*at);
        }
        #[expect(clippy::expect_used, reason = "documented: no directory holds so many groups")]
        let at = u32::try_from(self.names.len()).expect("fewer than 2^32 group names");
        self.names.push(name.into());
        self.index.insert(name.into(), at);
        GroupRef(at)
    }

    #[must_use]
    pub fn find(&self, name: &str) -> Option<GroupRef> {
        self.index.get(name).copied().map(GroupRef)
    }

    #[must_use]
    pub fn name(&self, group: GroupRef) -> &str {
        &self.names[group.index()]
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (GroupRef, &str)> {
        (0u32..).zip(&self.names).map(|(at, name)| (GroupRef(at), name.as_str()))
    }

    /// The names of `groups`, in the order of their spelling.
    #[must_use]
    pub fn sorted<'a>(&'a self, groups: &[GroupRef]) -> Vec<&'a str> {
        let mut names: Vec<_> = groups.iter().map(|group| self.name(*group)).collect();
        names.sort_unstable();
        names
    }
}
