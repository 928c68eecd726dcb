use std::borrow::Cow;
use std::fmt;

use compact_str::CompactString;
use secrecy::{ExposeSecret, SecretString};

use super::{Attributes, GroupRef, Kind};

/// A user or a group.
///
/// A value that is `None` is *unmanaged*: the target keeps what it has. An empty value *clears*. On the target's
/// side both mean that there is nothing.
#[derive(Debug, Clone)]
pub struct Principal {
    pub kind: Kind,
    /// As spelled where it was read.
    pub name: CompactString,
    pub display_name: Option<CompactString>,
    pub description: Option<CompactString>,
    pub mail: Option<CompactString>,
    pub visibility: Option<Visibility>,
    pub active: Option<bool>,
    /// In a source its immutable id there; in a target the target's own id.
    pub id: Option<CompactString>,
    pub type_name: Option<PrincipalType>,
    /// Direct parents, sorted by reference, none twice.
    pub groups: Option<Box<[GroupRef]>>,
    pub attributes: Option<Box<Attributes>>,
    /// Used at creation only, never compared, never shown.
    pub password: Option<Box<Password>>,
    /// Members of the target's own object that we do not know, as JSON text, carried through unchanged.
    pub extra: Option<Box<str>>,
}

impl Principal {
    #[must_use]
    pub fn new(kind: Kind, name: impl Into<CompactString>) -> Self {
        Self {
            kind,
            name: name.into(),
            display_name: None,
            description: None,
            mail: None,
            visibility: None,
            active: None,
            id: None,
            type_name: None,
            groups: None,
            attributes: None,
            password: None,
            extra: None,
        }
    }

    /// Its direct parents; none where they are unmanaged.
    #[must_use]
    pub fn group_refs(&self) -> &[GroupRef] {
        self.groups.as_deref().unwrap_or_default()
    }

    /// Sets the parents: sorted, none twice.
    pub fn set_groups(&mut self, mut groups: Vec<GroupRef>) {
        groups.sort_unstable();
        groups.dedup();
        self.groups = Some(groups.into());
    }

    /// False only where the product says that the account is switched off.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.active != Some(false)
    }
}

/// Whether others may share objects with it. `ThoughtSpot` API v1, member `visibility`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    Default,
    NonSharable,
}

impl Visibility {
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::NonSharable => "NON_SHARABLE",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "DEFAULT" => Some(Self::Default),
            "NON_SHARABLE" => Some(Self::NonSharable),
            _ => None,
        }
    }
}

/// `principalTypeEnum` of `ThoughtSpot` API v1: where the account's password lives. It tells the kind and is kept,
/// never compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalType {
    Local,
    Ldap,
    Saml,
    Oidc,
    Remote,
    /// Any other, without its `_USER` or `_GROUP`.
    Other(Box<str>),
}

impl PrincipalType {
    /// Reads `LOCAL_USER`, `LDAP_GROUP` and any other `*_USER` or `*_GROUP`.
    #[must_use]
    pub fn parse(text: &str) -> Option<(Self, Kind)> {
        let (prefix, kind) = match text.rsplit_once('_')? {
            (prefix, "USER") => (prefix, Kind::User),
            (prefix, "GROUP") => (prefix, Kind::Group),
            _ => return None,
        };
        let type_name = match prefix {
            "LOCAL" => Self::Local,
            "LDAP" => Self::Ldap,
            "SAML" => Self::Saml,
            "OIDC" => Self::Oidc,
            "REMOTE" => Self::Remote,
            other => Self::Other(other.into()),
        };
        Some((type_name, kind))
    }

    /// The wire text without its `_USER` or `_GROUP`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self {
            Self::Local => "LOCAL",
            Self::Ldap => "LDAP",
            Self::Saml => "SAML",
            Self::Oidc => "OIDC",
            Self::Remote => "REMOTE",
            Self::Other(text) => text,
        }
    }

    /// The wire text for a principal of `kind`.
    #[must_use]
    pub fn text(&self, kind: Kind) -> Cow<'static, str> {
        match (self, kind) {
            (Self::Local, Kind::User) => "LOCAL_USER".into(),
            (Self::Local, Kind::Group) => "LOCAL_GROUP".into(),
            (other, Kind::User) => format!("{}_USER", other.prefix()).into(),
            (other, Kind::Group) => format!("{}_GROUP", other.prefix()).into(),
        }
    }
}

/// A password that a source gave for a new user. It cannot be printed.
#[derive(Clone)]
pub struct Password(SecretString);

impl Password {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned().into())
    }

    /// The text itself, for the one call that creates the user.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}
