//! Their records and ours.

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::config::{AccountName, Auth};
use super::target::Settings;
use super::wire::{DirectoryObject, GroupRecord, Member, UserRecord};
use crate::principal::{Attributes, CaseRule, Kind, Principal, fold};

/// Characters of a first name, of a last name and of the name of a group (vendor: "User Endpoints"), as .NET counts.
const LONGEST: usize = 255;

/// Whether the server could take it for an e-mail address, and so for the name of a user.
pub(super) fn is_mail(text: &str) -> bool {
    let ends = text.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    ends.is_some_and(|(_, domain)| !domain.contains('@')) && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Bends a principal to what the server holds; its attributes apart.
pub(super) fn bend(principal: &mut Principal, settings: &Settings) {
    // The e-mail address is the name; nothing else of the kind is held.
    (principal.mail, principal.description, principal.visibility) = (None, None, None);
    if principal.kind == Kind::Group {
        // A group is shown by its name, and by nothing else.
        (principal.display_name, principal.active) = (Some(fold(&principal.name, CaseRule::Exact)), None);
        if let Some(role) = settings.roles.get(&settings.rules.key(Kind::Group, &principal.name)) {
            principal.attributes.get_or_insert_default().insert("role".into(), role.text().into());
        }
        return;
    }
    if principal.active == Some(false) {
        // Deactivation takes a user out of every group, and nobody is put back before the return.
        principal.groups = None;
    }
    if settings.auth == Auth::Windows {
        principal.display_name = None;
    } else if let Some(wanted) = &principal.display_name {
        let wanted = if wanted.trim().is_empty() { &principal.name } else { wanted };
        let (first, last) = names(wanted, &settings.no_last_name);
        principal.display_name = Some(display(&first, &last, &settings.no_last_name));
    }
}

/// Why the server can take no principal of this name.
pub(super) fn refuses(principal: &Principal) -> Option<String> {
    let name = principal.name.as_str();
    if name.trim().is_empty() {
        return Some("the name is empty".into());
    }
    if let Some(control) = name.chars().find(|c| c.is_control()) {
        return Some(format!("the name holds the control character U+{:04X}", u32::from(control)));
    }
    let long = principal.kind == Kind::Group && name.encode_utf16().count() > LONGEST;
    long.then(|| format!("the name is longer than {LONGEST} characters"))
}

/// First and last name of a display name: its first word, and the rest of it.
pub(super) fn names(display: &str, no_last_name: &str) -> (String, String) {
    let mut words = display.split_whitespace();
    let first = cut(words.next().unwrap_or_default());
    let last = cut(&words.collect::<Vec<_>>().join(" "));
    (first, if last.is_empty() { no_last_name.to_owned() } else { last })
}

/// The display name of first and last name. [`names`] of it gives the same name again.
pub(super) fn display(first: &str, last: &str, no_last_name: &str) -> CompactString {
    let last = if last.trim() == no_last_name { "" } else { last };
    let words: Vec<&str> = first.split_whitespace().chain(last.split_whitespace()).collect();
    words.join(" ").into()
}

fn cut(text: &str) -> String {
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= LONGEST
    });
    kept.collect::<String>().trim_end().to_owned()
}

/// A user, without memberships; none for a record without an e-mail address.
pub(super) fn user(record: &UserRecord, settings: &Settings) -> Option<Principal> {
    let mail = record.email.as_deref().map(str::trim).filter(|mail| !mail.is_empty())?;
    let mut principal = Principal::new(Kind::User, mail);
    let text = |name: &Option<String>| name.clone().unwrap_or_default();
    principal.display_name = Some(display(&text(&record.first_name), &text(&record.last_name), &settings.no_last_name));
    principal.active = Some(record.is_active);
    principal.id = Some(record.id.as_str().into());
    principal.groups = Some(Box::default());
    let texts = [
        ("role", &record.role),
        ("defaultWorkerTag", &record.default_worker_tag),
        ("timeZone", &record.time_zone),
        ("language", &record.language),
    ];
    let flags = [
        ("canScheduleJobs", record.can_schedule_jobs),
        ("canPrioritizeJobs", record.can_prioritize_jobs),
        ("canAssignJobs", record.can_assign_jobs),
        ("canCreateCollections", record.can_create_collections),
        ("isApiEnabled", record.is_api_enabled),
    ];
    let texts = texts.into_iter().filter_map(|(name, value)| Some((name.into(), Value::from(value.clone()?))));
    let texts = texts.filter(|(_, value)| *value != "");
    let flags = flags.into_iter().filter_map(|(name, value)| Some((name.into(), Value::from(value?))));
    principal.attributes = Some(Box::new(texts.chain(flags).collect::<Attributes>()));
    Some(principal)
}

/// A group. What is shared with it is carried along: a delete would lose it.
pub(super) fn group(record: &GroupRecord) -> Principal {
    let mut principal = Principal::new(Kind::Group, record.name.as_str());
    principal.display_name = Some(fold(&record.name, CaseRule::Exact));
    principal.id = Some(record.id.as_str().into());
    if let Some(role) = &record.role {
        let role = (CompactString::from("role"), Value::from(role.as_str()));
        principal.attributes = Some(Box::new(Attributes::from_iter([role])));
    }
    let list = |ids: &Option<Vec<String>>| Value::from(ids.clone().unwrap_or_default());
    let (credentials, connections) = (list(&record.credential_ids), list(&record.connection_ids));
    principal.extra = Some(format!("\"credentialIds\":{credentials},\"connectionIds\":{connections}").into_boxed_str());
    principal
}

/// Whom a member of a group turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// The user at this place of the list.
    User(usize),
    /// A group of Active Directory: never a user.
    Nested(String),
    /// An object of Active Directory that is nobody's account, or more than one's.
    Nobody(String),
    /// The id of a user who is not in the list.
    Stranger(String),
}

/// Everybody of the list, to be found as a member.
#[derive(Debug, Default)]
pub(super) struct People<'a> {
    by_id: FxHashMap<&'a str, usize>,
    /// Nobody where two share an account name.
    by_account: FxHashMap<CompactString, Option<usize>>,
    account_name: AccountName,
}

impl<'a> People<'a> {
    pub(super) fn new(users: &'a [UserRecord], settings: &Settings) -> Self {
        let mut people = Self { account_name: settings.account_name, ..Self::default() };
        for (at, user) in users.iter().enumerate() {
            people.by_id.insert(&user.id, at);
            let Some(mail) = user.email.as_deref().filter(|_| settings.auth == Auth::Windows) else { continue };
            let text = |name: &Option<String>| name.clone().unwrap_or_default();
            let shown = display(&text(&user.first_name), &text(&user.last_name), &settings.no_last_name);
            let account = account(mail, &shown, settings.account_name);
            people.by_account.entry(account).and_modify(|found| *found = None).or_insert(Some(at));
        }
        people
    }

    pub(super) fn find(&self, member: &Member) -> Found {
        if let Some(id) = member.user_id.as_deref().filter(|id| !id.is_empty()) {
            return self.by_id.get(id).map_or_else(|| Found::Stranger(id.to_owned()), |at| Found::User(*at));
        }
        let Some(object) = &member.active_directory_object else { return Found::Nobody(String::new()) };
        if !is_person(object) {
            return Found::Nested(called(object).to_owned());
        }
        let account = account_of(object, self.account_name);
        let at = account.and_then(|account| self.by_account.get(&account).copied().flatten());
        at.map_or_else(|| Found::Nobody(called(object).to_owned()), Found::User)
    }
}

/// Whether a group shows this user as a member.
pub(super) fn shows(group: &GroupRecord, id: &str, user: &Principal, settings: &Settings) -> bool {
    let own = account(&user.name, user.display_name.as_deref().unwrap_or_default(), settings.account_name);
    group.members().iter().any(|member| match (&member.user_id, &member.active_directory_object) {
        (Some(user), _) if !user.is_empty() => user == id,
        (_, Some(object)) => is_person(object) && account_of(object, settings.account_name).as_ref() == Some(&own),
        _ => false,
    })
}

fn is_person(object: &DirectoryObject) -> bool {
    object.category.as_deref().is_some_and(|category| category.eq_ignore_ascii_case("person"))
}

fn called(object: &DirectoryObject) -> &str {
    object.sid_account_name.as_deref().or(object.display_name.as_deref()).unwrap_or_default()
}

/// By what an account is told, folded.
fn account(mail: &str, display: &str, by: AccountName) -> CompactString {
    let text = match by {
        AccountName::LocalPart => mail.split('@').next().unwrap_or_default(),
        AccountName::DisplayName => display,
    };
    fold(text, CaseRule::Ignored)
}

fn account_of(object: &DirectoryObject, by: AccountName) -> Option<CompactString> {
    let text = match by {
        // Some write the domain before the account: `CORP\ana`.
        AccountName::LocalPart => object.sid_account_name.as_deref()?.rsplit('\\').next()?.to_owned(),
        AccountName::DisplayName => display(object.display_name.as_deref()?, "", "").into(),
    };
    (!text.is_empty()).then(|| fold(&text, CaseRule::Ignored))
}

/// The form of a user's name that is compared.
pub(super) fn key(mail: &str, settings: &Settings) -> CompactString {
    settings.rules.key(Kind::User, mail.trim())
}
