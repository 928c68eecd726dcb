//! Names to identifiers, exactly or without regard to case.

use std::collections::HashMap;

use crate::sandbox::curator::switches::Matching;

/// Identifiers by name. One name may have several.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// By the name in lower case: each name with its identifier, in the order of arrival.
    folded: HashMap<String, Vec<(String, u64)>>,
}

impl Index {
    pub(super) fn insert(&mut self, name: &str, id: u64) {
        self.folded.entry(name.to_lowercase()).or_default().push((name.to_owned(), id));
    }

    /// The first of exactly this name; else, where case does not matter, the first of a name like it.
    pub(super) fn find(&self, name: &str, matching: Matching) -> Option<u64> {
        let alike = self.folded.get(&name.to_lowercase())?;
        let exact = alike.iter().find(|(known, _)| known == name);
        let near = || alike.first().filter(|_| matching == Matching::CaseInsensitive);
        exact.or_else(near).map(|(_, id)| *id)
    }

    /// Every one of exactly this name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = u64> {
        let alike = self.folded.get(&name.to_lowercase()).map(Vec::as_slice).unwrap_or_default();
        alike.iter().filter(move |(known, _)| known == name).map(|(_, id)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::sandbox::curator::switches::Matching;

    #[test]
    fn the_exact_name_goes_before_one_that_is_like_it() {
        let mut index = Index::default();
        for (name, id) in [("ADA", 1), ("ada", 2), ("ada", 3)] {
            index.insert(name, id);
        }
        assert_eq!(index.find("ada", Matching::CaseInsensitive), Some(2));
        assert_eq!(index.find("Ada", Matching::CaseInsensitive), Some(1));
        assert_eq!(index.find("Ada", Matching::Exact), None);
        assert_eq!(index.all("ada").collect::<Vec<_>>(), [2, 3]);
    }
}
