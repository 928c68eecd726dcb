//! Roles, and which one counts.

use serde::{Deserialize, Serialize};

/// The role of a user or of a group, spelled as on the wire; the case matters (vendor's "User Group Endpoints"). The
/// order is that of power, except that `Evaluated` has none of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// May not sign in.
    NoAccess,
    /// May look.
    Viewer,
    /// May run.
    Member,
    /// May publish, and receive what somebody else owned.
    Artisan,
    /// Administers the server.
    Curator,
    /// Found at runtime: the user interface calls it "Default".
    #[default]
    Evaluated,
}

impl Role {
    /// The role of this spelling.
    pub(super) fn read(text: &str) -> Option<Self> {
        let all = [Self::NoAccess, Self::Viewer, Self::Member, Self::Artisan, Self::Curator, Self::Evaluated];
        all.into_iter().find(|role| role.text() == text)
    }

    /// As on the wire.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::NoAccess => "NoAccess",
            Self::Viewer => "Viewer",
            Self::Member => "Member",
            Self::Artisan => "Artisan",
            Self::Curator => "Curator",
            Self::Evaluated => "Evaluated",
        }
    }

    /// What a user with this role may really do (vendor's "User Roles and Permissions"): a role of one's own wins, else
    /// the highest among the groups, else the default of the server.
    pub(super) fn effective(self, groups: impl Iterator<Item = Self>, default: Self) -> Self {
        if self != Self::Evaluated {
            return self;
        }
        groups.filter(|role| *role != Self::Evaluated).max().unwrap_or(default)
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn a_role_of_ones_own_wins_over_groups_and_groups_over_the_default() {
        let groups = || [Role::Member, Role::Evaluated, Role::Artisan].into_iter();
        assert_eq!(Role::Viewer.effective(groups(), Role::Viewer), Role::Viewer);
        assert_eq!(Role::Evaluated.effective(groups(), Role::Viewer), Role::Artisan);
        assert_eq!(Role::Evaluated.effective([Role::Evaluated].into_iter(), Role::Viewer), Role::Viewer);
    }

    #[test]
    fn the_case_of_a_role_matters() {
        assert_eq!((Role::read("Curator"), Role::read("curator")), (Some(Role::Curator), None));
    }
}
