//! What is made of a change before it is tried.

use super::reading::Seen;
use super::target::Manner;
use crate::connector::Judgement;
use crate::plan::{Action, Change, Field};
use crate::principal::{Kind, Principal, PrincipalType, shown};

/// Whether a change can be done, and what a person should know of it.
pub(super) fn judge(change: &Change, seen: &Seen, manner: &Manner) -> Judgement {
    let name = shown(change.name(), 60);
    if seen.system.contains(&(change.kind(), manner.rules.key(change.kind(), change.name()))) && !only_joins(change) {
        return Judgement::Cannot(format!("`{name}` belongs to the product itself, as it says: it is never changed"));
    }
    if change.kind() == Kind::Group {
        return Judgement::Fine;
    }
    if let Some(why) = refused_mail(change, manner) {
        return Judgement::Cannot(why);
    }
    match change.action() {
        Action::Create => newcomer(change, seen, manner),
        Action::Rename if is_single_sign_on(change) => Judgement::Cannot(format!(
            "`{name}` signs in elsewhere (SAML or OpenID Connect), and a second account would be made at the next \
             sign-in: rename them at the identity provider and in ThoughtSpot by hand, in one go"
        )),
        Action::Disable | Action::Enable if is_elsewhere(change, seen) => Judgement::Cannot(format!(
            "`{name}` is in other orgs too, and would be switched off or on in all of them: \
             `leavers.users.first: delete` takes leavers out of this org alone"
        )),
        Action::Delete if is_elsewhere(change, seen) => {
            Judgement::Note(format!("`{name}` is in other orgs too: they leave this org, and the account stays"))
        }
        Action::Update | Action::Rename if is_single_sign_on(change) && writes_profile(change) => {
            Judgement::Note(format!(
                "`{name}` signs in elsewhere (SAML or OpenID Connect): the identity provider sets display name and mail \
                 again at the next sign-in"
            ))
        }
        _ => Judgement::Fine,
    }
}

/// Memberships of the product's own users are the guard's business; nothing else of them is touched.
fn only_joins(change: &Change) -> bool {
    change.action() == Action::Update && change.detail().fields.is_empty()
}

/// `email` is required of a new user (vendor's description), and so cannot be taken away later.
fn refused_mail(change: &Change, manner: &Manner) -> Option<String> {
    let concerns =
        change.action() == Action::Create || change.detail().fields.iter().any(|field| field.field == Field::Mail);
    let after = change.after().filter(|_| concerns && manner.mail_required)?;
    if after.mail.as_deref().is_some_and(|mail| !mail.trim().is_empty()) {
        return None;
    }
    Some(format!(
        "`{}` has no e-mail address, which ThoughtSpot wants of every user: give one in the source or in the rules of \
         the sync, such as `users: {{ set: {{ mail: \"{{{{ name }}}}@example.org\" }} }}`; or set `mailRequired: false` \
         of the target",
        shown(&after.name, 60)
    ))
}

fn newcomer(change: &Change, seen: &Seen, manner: &Manner) -> Judgement {
    let name = shown(change.name(), 60);
    if !seen.outside.contains_key(&manner.rules.key(Kind::User, change.name())) {
        return Judgement::Fine;
    }
    let org = seen.org.unwrap_or_default();
    if manner.attach_existing {
        return Judgement::Note(format!("`{name}` is there in another org: the account is added to org {org}"));
    }
    Judgement::Cannot(format!(
        "a user `{name}` is there in another org, and names are one for all orgs: add the account to org {org} by hand, \
         or set `attachExisting: true` of the target"
    ))
}

fn is_elsewhere(change: &Change, seen: &Seen) -> bool {
    let id = change.before().and_then(|before| before.id.as_ref());
    id.is_some_and(|id| seen.elsewhere.contains(id))
}

fn is_single_sign_on(change: &Change) -> bool {
    let type_name = change.before().and_then(|before: &Principal| before.type_name.as_ref());
    matches!(type_name, Some(PrincipalType::Saml | PrincipalType::Oidc))
}

fn writes_profile(change: &Change) -> bool {
    change.detail().fields.iter().any(|field| matches!(field.field, Field::DisplayName | Field::Mail))
}
