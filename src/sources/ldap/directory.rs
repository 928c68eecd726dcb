use super::entry::Entry;
use super::session::Session;
use super::trouble::Trouble;
use super::wanted::Search;
use crate::principal::{Kind, shown};

/// The product, as far as it matters for what is asked and how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    OpenLdap,
    /// Microsoft's or Samba's.
    ActiveDirectory,
    Ds389,
    Other,
}

impl Server {
    /// The attribute that never changes while an entry lives. RFC 4530 for all but the two that have their own.
    pub(super) fn id_attribute(self) -> &'static str {
        match self {
            Self::ActiveDirectory => "objectGUID",
            Self::Ds389 => "nsUniqueId",
            Self::OpenLdap | Self::Other => "entryUUID",
        }
    }

    pub(super) fn name_attribute(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::ActiveDirectory, _) => "sAMAccountName",
            (_, Kind::User) => "uid",
            (_, Kind::Group) => "cn",
        }
    }

    pub(super) fn filter(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::ActiveDirectory, Kind::User) => "(&(objectCategory=person)(objectClass=user))",
            (Self::ActiveDirectory, Kind::Group) => "(objectClass=group)",
            (_, Kind::User) => "(objectClass=inetOrgPerson)",
            (_, Kind::Group) => "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::OpenLdap => "OpenLDAP",
            Self::ActiveDirectory => "Active Directory",
            Self::Ds389 => "389 Directory Server",
            Self::Other => "a server of unknown kind",
        }
    }
}

/// What a server says of itself in its root DSE. RFC 4512, section 5.1.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) server: Server,
    vendor: Vec<String>,
    pub(super) contexts: Vec<String>,
    controls: Vec<String>,
    extensions: Vec<String>,
}

/// Active Directory as a domain controller. MS-ADTS, section 3.1.1.3.4.3.1.
const ACTIVE_DIRECTORY: &str = "1.2.840.113556.1.4.800";

impl Directory {
    /// Asks the server. One that says nothing of itself is a server like any other.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(super) async fn ask(session: &mut Session) -> Result<Self, Trouble> {
        let attributes = [
            "objectClass",
            "structuralObjectClass",
            "vendorName",
            "vendorVersion",
            "supportedCapabilities",
            "supportedControl",
            "supportedExtension",
            "namingContexts",
            "defaultNamingContext",
        ];
        Ok(Self::of(&session.entry(&Search::at("", attributes)).await?))
    }

    pub(super) fn of(root: &Entry) -> Self {
        let texts = |name: &str| -> Vec<String> {
            root.values(name).iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
        };
        let vendor = [texts("vendorName"), texts("vendorVersion")].concat();
        let classes = [texts("objectClass"), texts("structuralObjectClass")].concat();
        let server = if texts("supportedCapabilities").iter().any(|found| found == ACTIVE_DIRECTORY) {
            Server::ActiveDirectory
        } else if classes.iter().any(|class| class.eq_ignore_ascii_case("OpenLDAProotDSE")) {
            Server::OpenLdap
        } else if vendor.iter().any(|text| text.starts_with("389 ") || text.starts_with("389-Directory")) {
            Server::Ds389
        } else {
            Server::Other
        };
        let mut contexts = texts("defaultNamingContext");
        for context in texts("namingContexts") {
            if !contexts.contains(&context) {
                contexts.push(context);
            }
        }
        Self { server, vendor, contexts, controls: texts("supportedControl"), extensions: texts("supportedExtension") }
    }

    pub(super) fn knows_control(&self, oid: &str) -> bool {
        self.controls.iter().any(|known| known == oid)
    }

    pub(super) fn knows_extension(&self, oid: &str) -> bool {
        self.extensions.iter().any(|known| known == oid)
    }

    /// `Active Directory (Samba Team, 4.17.12)`
    pub(super) fn describe(&self) -> String {
        let words = self.server.words();
        if self.vendor.is_empty() { words.into() } else { format!("{words} ({})", shown(&self.vendor.join(", "), 100)) }
    }
}
