use super::Entry;
use super::entry::ldif;

/// The suffix of every generated directory.
pub(crate) const SUFFIX: &str = "dc=example,dc=org";
pub(crate) const PEOPLE: &str = "ou=people,dc=example,dc=org";
pub(crate) const GROUPS: &str = "ou=groups,dc=example,dc=org";

const GIVEN: [&str; 13] =
    ["Ana", "Ben", "Carl", "Dora", "Émile", "Finn", "Gina", "Hugo", "Inés", "Jörg", "Kai", "Lea", "Mia"];
const FAMILY: [&str; 11] =
    ["Abel", "Berg", "Cole", "Diaz", "Eder", "Funk", "Gray", "Ångström", "Iqbal", "Jung", "O'Neill"];

/// A company made of nothing but a number: the same number, the same directory, byte for byte.
///
/// Users are `u0000000`, … in [`PEOPLE`]; groups are `group00000`, … in [`GROUPS`], one for a hundred users, the first
/// the largest: the sizes fall as those of real groups do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Directory {
    pub(crate) users: usize,
    pub(crate) groups: usize,
}

impl Directory {
    pub(crate) fn of(users: usize) -> Self {
        Self { users, groups: (users / 100).max(1) }
    }

    pub(crate) fn user_dn(number: usize) -> String {
        format!("uid=u{number:07},{PEOPLE}")
    }

    pub(crate) fn group_dn(number: usize) -> String {
        format!("cn=group{number:05},{GROUPS}")
    }

    /// A user, without its groups.
    pub(crate) fn user(number: usize) -> Entry {
        let (given, family) = (GIVEN[number % 13], FAMILY[number / 13 % 11]);
        Entry::new(Self::user_dn(number))
            .with("objectClass", "inetOrgPerson")
            .with("uid", format!("u{number:07}"))
            .with("cn", format!("{given} {family} {number}"))
            .with("sn", family)
            .with("givenName", given)
            .with("mail", format!("u{number:07}@example.org"))
            .with("employeeNumber", number.to_string())
            .with("departmentNumber", format!("D{:03}", number % 97))
            .with("entryUUID", uuid(number))
    }

    pub(crate) fn group(&self, number: usize) -> Entry {
        Entry::new(Self::group_dn(number))
            .with("objectClass", "groupOfNames")
            .with("cn", format!("group{number:05}"))
            .with("description", format!("Group {number}"))
            .with("entryUUID", uuid(1 << 40 | number))
            .with_all("member", self.members(number).map(Self::user_dn))
    }

    /// The numbers of the users in a group; never none, since the schema wants a member.
    pub(crate) fn members(&self, group: usize) -> impl Iterator<Item = usize> + use<> {
        // A prime step that does not divide the number of users meets each of them once.
        let (users, step) = (self.users, if self.users.is_multiple_of(7919) { 7907 } else { 7919 });
        (0..self.size(group)).map(move |at| (group * 104_729 + at * step) % users)
    }

    /// Five memberships a user in all, and `1 / (group + 1) ^ 0.8` of those of the first group in each further one.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
    fn size(&self, group: usize) -> usize {
        let weight = |group: usize| ((group + 1) as f64).powf(-0.8);
        let all: f64 = (0..self.groups).map(weight).sum();
        (5.0 * self.users as f64 * weight(group) / all).clamp(1.0, self.users as f64) as usize
    }

    /// Both folders, all users, all groups.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let unit = |dn, name| Entry::new(dn).with("objectClass", "organizationalUnit").with("ou", name);
        let mut entries = vec![unit(PEOPLE, "people"), unit(GROUPS, "groups")];
        let mut of: Vec<Vec<String>> = vec![Vec::new(); self.users];
        for group in 0..self.groups {
            self.members(group).for_each(|user| of[user].push(Self::group_dn(group)));
        }
        entries
            .extend(of.into_iter().enumerate().map(|(number, groups)| Self::user(number).with_all("memberOf", groups)));
        entries.extend((0..self.groups).map(|number| self.group(number)));
        entries
    }

    pub(crate) fn ldif(&self) -> String {
        ldif(&self.entries())
    }
}

/// An identifier made of a number, in the usual text form.
pub(crate) fn uuid(number: usize) -> String {
    let (high, low) = (mix(number as u64), mix(!number as u64));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// A number that looks like chance and never changes.
fn mix(number: u64) -> u64 {
    let number = (number.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

#[test]
fn a_directory_is_the_same_every_time() {
    let directory = Directory::of(1000);
    assert_eq!(directory.ldif(), directory.ldif());
    let sizes: Vec<_> =
        (0..10).map(|group| directory.members(group).collect::<std::collections::BTreeSet<_>>().len()).collect();
    assert!(sizes.is_sorted_by(|before, after| before > after), "{sizes:?}");
    let entries = directory.entries();
    assert_eq!(entries.len(), 2 + 1000 + 10);
    for group in 0..10 {
        let dn = Directory::group_dn(group).into_bytes();
        let told = entries.iter().filter(|entry| entry.values("memberOf").contains(&dn)).count();
        assert_eq!(told, directory.group(group).values("member").len(), "both ways say the same");
    }
}
