//! Both searches of a source on one server.

use ldap3::controls::RawControl;

use super::assemble::Shape;
use super::directory::Directory;
use super::settings::Settings;
use super::shaping::shape;
use super::wanted::Search;

/// Deleted entries too. MS-ADTS, section 3.1.1.3.4.1.14.
pub(super) fn show_deleted() -> RawControl {
    RawControl { ctype: "1.2.840.113556.1.4.417".into(), crit: true, val: None }
}

/// What is asked of one server.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) shape: Shape,
    pub(super) users: Search,
    pub(super) groups: Option<Search>,
    /// The attribute that entries are remembered by.
    pub(super) id: &'static str,
    /// The tree that changes are looked for in.
    pub(super) context: Option<String>,
}

impl Asked {
    pub(super) fn of(settings: &Settings, directory: &Directory) -> Self {
        let server = directory.server;
        let shape = shape(&settings.users, settings.groups.as_ref(), server);
        let mut users = Search::users(&settings.users, &shape, server);
        let mut groups = settings.groups.as_ref().map(|file| Search::groups(file, &shape, server));
        let id = server.id_attribute();
        if settings.incremental.is_some() {
            users.want(id);
            if let Some(groups) = &mut groups {
                groups.want(id);
            }
        }
        Self { shape, users, groups, id, context: directory.contexts.first().cloned() }
    }

    pub(super) fn bases(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.users.base.as_str()).chain(self.groups.as_ref().map(|groups| groups.base.as_str()))
    }
}
