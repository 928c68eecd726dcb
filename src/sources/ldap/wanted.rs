//! The searches as they are sent: what the configuration says, the server's defaults for the rest, and no attribute
//! more than is read.

use ldap3::Scope;

use super::assemble::Shape;
use super::directory::Server;
use super::shape::{GroupsFile, SearchScope, UsersFile};
use crate::principal::Kind;

/// A search, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Search {
    pub(super) base: String,
    pub(super) scope: Scope,
    pub(super) filter: String,
    pub(super) attributes: Vec<String>,
}

impl Search {
    /// One entry by its DN.
    pub(super) fn at<'a>(dn: &str, attributes: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            base: dn.to_owned(),
            scope: Scope::Base,
            filter: "(objectClass=*)".into(),
            attributes: attributes.into_iter().map(str::to_owned).collect(),
        }
    }

    pub(super) fn users(file: &UsersFile, shape: &Shape, server: Server) -> Self {
        Self::of(Kind::User, &file.base, file.scope, file.filter.as_deref(), shape, server)
    }

    pub(super) fn groups(file: &GroupsFile, shape: &Shape, server: Server) -> Self {
        Self::of(Kind::Group, &file.base, file.scope, file.filter.as_deref(), shape, server)
    }

    fn of(kind: Kind, base: &str, scope: SearchScope, filter: Option<&str>, shape: &Shape, server: Server) -> Self {
        let attributes = shape.wanted(kind).into_iter().map(str::to_owned).collect();
        let filter = filter.unwrap_or(server.filter(kind)).to_owned();
        Self { base: base.to_owned(), scope: wire(scope), filter, attributes }
    }

    /// The same without any attribute (RFC 4511, section 4.5.1.8): for counting.
    pub(super) fn counting(&self) -> Self {
        Self { attributes: vec!["1.1".into()], ..self.clone() }
    }
}

fn wire(scope: SearchScope) -> Scope {
    match scope {
        SearchScope::Sub => Scope::Subtree,
        SearchScope::One => Scope::OneLevel,
        SearchScope::Base => Scope::Base,
    }
}
