use serde_json::{Map, Value, json};

use super::config::{GroupRef, UserRef};
use super::target::Curator;
use super::wire::not_found;
use crate::connector::{ConnectorError, FailureClass, Performed, SendError, Site, told};
use crate::plan::{Change, Step};
use crate::principal::{self, Attributes, Kind, shown};

/// Carries out one step: a new group, or one person in or out of a group. Nothing else can be asked of the portal.
pub(super) async fn perform(target: &Curator, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
    match step {
        Step::Create { change, .. } if change.kind() == Kind::Group => create(target, change).await,
        Step::Join { group, members } => {
            for at in members {
                member(target, site, *group, site.member(*at), true).await?;
            }
            Ok(Performed::default())
        }
        Step::Leave { group, members } => {
            for at in members {
                member(target, site, *group, site.member(*at), false).await?;
            }
            Ok(Performed::default())
        }
        step => {
            let why = "the User endpoints offer nothing for it";
            Err(ConnectorError::new(FailureClass::Rejected, told(step, site), why).into())
        }
    }
}

/// `User/createFrontendGroup`: `name` in the query, platform groups and custom attributes in the body (vendor: User
/// API). The execution has just read the portal: it has no such group.
async fn create(target: &Curator, change: &Change) -> Result<Performed, SendError> {
    let name = change.name();
    let doing = format!("creating group `{}` in Curator `{}`", shown(name, 60), target.api.name());
    let own = change.after().and_then(|after| after.attributes.as_deref());
    let body = target.body(name, own).map(|body| body.to_string().into_bytes());
    let answer = target.api.tell(&doing, "createFrontendGroup", &[("name", name)], body).await?;
    // The answer has the number in a sentence, which is not to be relied on: where it is needed, the list tells it.
    let performed = match target.config.group_ref {
        GroupRef::Name => Performed::made(name),
        GroupRef::Id => Performed::default(),
    };
    Ok(match not_found(&answer) {
        Some(missing) => performed.with_remark(format!("the group was created, but {missing}")),
        None => performed,
    })
}

impl Curator {
    /// The body of createFrontendGroup; none where there is nothing to say. The group's own attributes go before those
    /// of the configuration.
    pub(super) fn body(&self, name: &str, own: Option<&Attributes>) -> Option<Value> {
        let mut body = Map::new();
        if let Some(platforms) = self.config.platforms.get(name) {
            body.insert("platforms".into(), json!(platforms));
        }
        let configured = self.config.custom_attributes.get(name).into_iter().flatten();
        let configured = configured.map(|(name, value)| (name.as_str(), value));
        let own = own.into_iter().flat_map(Attributes::iter).map(|(name, value)| (name.as_str(), value));
        let all = configured.chain(own).filter(|(_, value)| !matches!(value, Value::Null));
        let attributes: Map<String, Value> = all.map(|(name, value)| (name.to_owned(), value.clone())).collect();
        if !attributes.is_empty() {
            body.insert("custom_attributes".into(), Value::Object(attributes));
        }
        (!body.is_empty()).then_some(Value::Object(body))
    }
}

/// `User/addUserToGroup` or `User/removeUserFromGroup`. No vendor page names their parameters.
async fn member(
    target: &Curator,
    site: &Site<'_>,
    group: principal::GroupRef,
    change: &Change,
    inside: bool,
) -> Result<(), SendError> {
    let (name, portal) = (site.group_name(group), target.api.name());
    let (user_shown, group_shown) = (shown(change.name(), 60), shown(name, 60));
    let (doing, endpoint) = if inside {
        (format!("adding user `{user_shown}` to group `{group_shown}` of Curator `{portal}`"), "addUserToGroup")
    } else {
        (
            format!("taking user `{user_shown}` out of group `{group_shown}` of Curator `{portal}`"),
            "removeUserFromGroup",
        )
    };
    let user = named(target, site, change).map_err(|error| ConnectorError { doing: doing.clone(), ..error })?;
    let group = match target.config.group_ref {
        GroupRef::Name => name.to_owned(),
        GroupRef::Id => {
            site.group_id(group).map_err(|error| ConnectorError { doing: doing.clone(), ..error })?.to_string()
        }
    };
    let parameters =
        [(target.config.user_parameter(), user.as_str()), (target.config.group_parameter(), group.as_str())];
    target.api.tell(&doing, endpoint, &parameters, None).await.map(|_| ())
}

/// What a user is named by to the portal. Whom it does not know is never asked for.
fn named(target: &Curator, site: &Site<'_>, change: &Change) -> Result<String, ConnectorError> {
    let fail = |why: &str, hint: &str| ConnectorError::new(FailureClass::Missing, "", why).with_hint(hint);
    let found = site.found(Kind::User, change.name());
    let found = found.ok_or_else(|| {
        fail(
            "Curator does not know this user",
            "a person appears in Curator at the first sign-in; the next run adds the memberships",
        )
    })?;
    let text = match target.config.user_ref {
        UserRef::Username => Some(found.name.clone()),
        UserRef::Email => found.mail.clone(),
        UserRef::Id => found.id.clone(),
    };
    let told = text.filter(|text| !text.is_empty()).map(|text| text.to_string());
    told.ok_or_else(|| fail("listUsers shows no such value of this user", "set `userRef` to something that it shows"))
}
