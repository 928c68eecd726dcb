use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::active::ActiveRule;
use super::address::Address;
use super::filter;
use super::options::{Paging, Referrals, StartTls};
use super::settings::{Bind, Incremental, Settings};
use super::shape::{GroupsFile, UsersFile};
use super::source::LdapSource;
use super::tls::Certificates;
use crate::connector::{BuildContext, BuildError, DurationText, SecretFile, Source, TextList, TlsFile};

/// Of one answer, where the configuration does not say.
const TIMEOUT: Duration = Duration::from_mins(1);

/// How often everything is read, where changes are followed.
const FULL_EVERY: Duration = Duration::from_hours(24);

/// Attributes that hold passwords, or what is as good as one.
const SECRETS: [&str; 9] = [
    "userPassword",
    "unicodePwd",
    "dBCSPwd",
    "supplementalCredentials",
    "ms-Mcs-AdmPwd",
    "msLAPS-Password",
    "sambaNTPassword",
    "sambaLMPassword",
    "krbPrincipalKey",
];

/// What of a principal may come from an attribute.
const MEMBERS: [&str; 4] = ["name", "displayName", "description", "mail"];

/// A directory, as the configuration writes it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LdapConfig {
    /// `ldaps://ldap.example.org`, `ldap://ldap.example.org:389`, or a list of servers that hold the same: the first
    /// that answers is read.
    pub url: TextList,
    /// Who binds, with a simple bind. Without it: nobody, the directory is read as anonymous.
    pub bind: Option<BindFile>,
    /// Whether `ldap://` must turn to TLS before anything else is said: `required` (default, but on this machine) or
    /// `off`.
    pub start_tls: Option<StartTls>,
    /// Certificates besides the system's own.
    pub tls: TlsFile,
    /// How long one answer of the server may take. Default: 60s.
    pub timeout: Option<DurationText>,
    /// Entries a page, from 1 to 100000 (default 1000), or `off` for a server that cannot page.
    pub paging: Paging,
    /// What a referral to another server means. None is followed; `report` (default) counts and lists them, `strict`
    /// takes the reading for unproven.
    pub referrals: Referrals,
    /// Read only what changed since the last accepted reading, where the server can tell. Default: everything, always.
    pub incremental: Option<IncrementalFile>,
    /// The search for users.
    pub users: UsersFile,
    /// The search for groups. Without it: users only.
    pub groups: Option<GroupsFile>,
}

/// Read only what changed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IncrementalFile {
    /// How often everything is read even so. Default: 24h.
    pub full_every: Option<DurationText>,
}

/// Who binds.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BindFile {
    /// The DN of the account; on Active Directory `rollcall@corp.example.org` too.
    pub dn: String,
    /// Its password.
    pub password: SecretFile,
}

impl LdapConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "\
ldap:
  url: ldaps://ldap.example.org
  bind: { dn: \"cn=rollcall,dc=example,dc=org\", password: { file: ldap-password } }
  users:
    base: ou=people,dc=example,dc=org
    filter: (objectClass=inetOrgPerson)
    id: entryUUID
    map: { name: uid, displayName: cn, mail: mail }
    attributes: [departmentNumber]
  groups:
    base: ou=groups,dc=example,dc=org
    filter: (objectClass=groupOfNames)
    id: entryUUID
    map: { name: cn }
    members: member
";

    /// # Errors
    /// Every value that cannot be worked with.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Source>, Vec<BuildError>> {
        let mut errors = Vec::new();
        let addresses = self.addresses(&mut errors);
        let bind = self.bind.as_ref().map(|bind| bind.check(context, &mut errors));
        let timeout = self.timeout.map_or(TIMEOUT, |timeout| timeout.0);
        if timeout.is_zero() {
            let error = BuildError::new("timeout", "`timeout` is 0: no answer could be in time");
            errors.push(error.with_hint("leave it out for the default"));
        }
        let UsersFile { base, scope: _, filter, id, map, attributes, active } = &self.users;
        Searched { at: "users", base, filter, id, map, attributes }.check(&mut errors);
        if let Some(active) = active {
            errors.extend(ActiveRule::new(active, "users.active").err());
        }
        if let Some(groups) = &self.groups {
            let GroupsFile { base, scope: _, filter, id, map, attributes, members, member_by: _, primary_group: _ } =
                groups;
            Searched { at: "groups", base, filter, id, map, attributes }.check(&mut errors);
            if let Some(members) = members {
                check_attribute("groups.members", members, &mut errors);
            }
        }
        self.check_incremental(&mut errors);
        let tls = self.tls.tls(&context.folder);
        let authorities = tls.ca.as_ref().map(|file| file.display().to_string());
        let certificates = Certificates::read(&tls).map_err(|more| errors.extend(more)).ok();
        let Some(certificates) = certificates.filter(|_| errors.is_empty()) else {
            return Err(errors);
        };
        let what = format!("LDAP source `{}`", context.name);
        let settings = Settings {
            doing: format!("reading {what}"),
            addresses,
            bind,
            certificates,
            authorities,
            timeout,
            paging: self.paging.0,
            referrals: self.referrals,
            incremental: self.incremental.as_ref().map(IncrementalFile::settings),
            users: self.users.clone(),
            groups: self.groups.clone(),
        };
        Ok(Box::new(LdapSource::new(settings, what)))
    }

    /// Memberships that stand at the member change without the entry being told of as changed.
    fn check_incremental(&self, errors: &mut Vec<BuildError>) {
        if self.incremental.is_none() {
            return;
        }
        let told = |name: &str| name.eq_ignore_ascii_case("memberOf");
        let filter = |filter: &Option<String>| {
            filter.as_deref().is_some_and(|filter| filter::attributes(filter).into_iter().any(told))
        };
        let UsersFile { filter: of_users, map, attributes, .. } = &self.users;
        let users = filter(of_users) || map.values().chain(attributes).any(|name| told(name));
        let groups = self.groups.as_ref().is_some_and(|groups| {
            let GroupsFile { filter: of_groups, map, attributes, members, .. } = groups;
            filter(of_groups) || map.values().chain(attributes).chain(members).any(|name| told(name))
        });
        if users || groups {
            let error =
                BuildError::new("incremental", "changes of `memberOf` are not among the changes a server tells");
            errors.push(error.with_hint(
                "read memberships from the groups, `members: member`, and choose with `when`; or leave `incremental` out",
            ));
        }
    }

    fn addresses(&self, errors: &mut Vec<BuildError>) -> Vec<Address> {
        if self.url.0.is_empty() {
            let error = BuildError::new("url", "no server is named");
            errors.push(error.with_hint("write `url: ldaps://ldap.example.org`"));
        }
        let mut addresses: Vec<Address> = Vec::new();
        for text in &self.url.0 {
            match Address::parse(text, self.start_tls) {
                Ok(address) if addresses.contains(&address) => {
                    errors.push(BuildError::new("url", format!("`{text}` stands twice")));
                }
                Ok(address) => addresses.push(address),
                Err((why, hint)) => errors.push(BuildError::new("url", why).with_hint(hint)),
            }
        }
        addresses
    }
}

impl IncrementalFile {
    fn settings(&self) -> Incremental {
        Incremental { full_every: self.full_every.map_or(FULL_EVERY, |duration| duration.0) }
    }
}

impl BindFile {
    /// RFC 4513, section 5.1: a bind without a DN is anonymous, and one without a password is taken for one. Both would
    /// succeed and read next to nothing.
    fn check(&self, context: &BuildContext, errors: &mut Vec<BuildError>) -> Bind {
        if self.dn.trim().is_empty() {
            let error = BuildError::new("bind.dn", "the DN is empty");
            errors.push(error.with_hint("leave `bind` out to read as anonymous"));
        }
        if self.password.is_word("") {
            let error = BuildError::new("bind.password", "the password is empty: servers take that for anonymous");
            errors.push(error.with_hint("write `{ file: PATH }` or `{ env: NAME }`, or leave `bind` out"));
        }
        Bind { dn: self.dn.clone(), password: self.password.secret(&context.folder) }
    }
}

/// What both searches have.
struct Searched<'a> {
    at: &'static str,
    base: &'a str,
    filter: &'a Option<String>,
    id: &'a Option<String>,
    map: &'a BTreeMap<String, String>,
    attributes: &'a [String],
}

impl Searched<'_> {
    fn check(&self, errors: &mut Vec<BuildError>) {
        let Self { at, base, filter, id, map, attributes } = self;
        if base.trim().is_empty() {
            let error = BuildError::new(format!("{at}.base"), "the DN to search below is missing");
            errors.push(error.with_hint(format!("write such as `base: ou={at},dc=example,dc=org`")));
        }
        if let Some(Err(why)) = filter.as_deref().map(filter::check) {
            let error = BuildError::new(format!("{at}.filter"), why);
            errors.push(error.with_hint("such as `(&(objectClass=person)(employeeType=staff))`"));
        }
        if let Some(id) = id {
            check_attribute(&format!("{at}.id"), id, errors);
        }
        for (member, attribute) in *map {
            let key = format!("{at}.map.{member}");
            if MEMBERS.contains(&member.as_str()) {
                check_attribute(&key, attribute, errors);
            } else {
                let error = BuildError::new(key, format!("`{member}` is no member that an attribute can fill"));
                let known = MEMBERS.map(|member| format!("`{member}`")).join(", ");
                errors.push(error.with_hint(format!("those are {known}; other attributes go into `{at}.attributes`")));
            }
        }
        for attribute in *attributes {
            check_attribute(&format!("{at}.attributes"), attribute, errors);
        }
    }
}

/// A description of an attribute: a name or an OID, and options. RFC 4512, section 2.5.
fn check_attribute(key: &str, name: &str, errors: &mut Vec<BuildError>) {
    if SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
        let error = BuildError::new(key, format!("`{name}` holds a password, and those are never read"));
        errors.push(error.with_hint("leave it out: new users get a password of their own"));
        return;
    }
    let letters = |part: &str| {
        let mut bytes = part.bytes();
        bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    if !name.split(';').all(letters) {
        let error = BuildError::new(key, format!("`{name}` is no attribute"));
        errors.push(error.with_hint("write the name of one attribute, such as `departmentNumber`"));
    }
}
