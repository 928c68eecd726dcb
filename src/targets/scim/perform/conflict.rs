//! Somebody has the name already: a create whose answer was lost earlier, an account that the list did not show, or
//! another one altogether.

use std::sync::Arc;

use compact_str::CompactString;

use super::Deed;
use crate::connector::{ConnectorError, FailureClass, Performed, SendError};
use crate::plan::Change;
use crate::principal::{Kind, shown};
use crate::targets::scim::api::Api;
use crate::targets::scim::convert::Wish;
use crate::targets::scim::listing::list;
use crate::targets::scim::patch::quoted;
use crate::targets::scim::wire::{ListPage, Resource};

const ADOPTED: &str = "it was there already and is taken over";

const SWITCHED_OFF: &str = "the account is there and not active, and to create is not to switch on: switch it on in the service; \
                            or give `active: true` in the source, and the next plan that sees it says `enable`";

impl Deed<'_> {
    /// Makes whoever has the name as the plan wants it. Nobody else is touched, and nobody is switched on: a plan that says
    /// to create has not said so.
    pub(super) async fn adopt_user(
        &self,
        change: &Change,
        wish: &Wish,
        refusal: ConnectorError,
    ) -> Result<Performed, SendError> {
        let name = change.name();
        let doing = refusal.doing.clone();
        if let Some(id) = self.find(Kind::User, name, &doing).await?
            && let Some(there) = self.look(Kind::User, &id, false, &doing).await?
        {
            if there.resource.active() == Some(false) {
                return Err(refusal.with_hint(SWITCHED_OFF).into());
            }
            let wish = Wish { active: None, ..wish.clone() };
            let mut remarks = self.settle_user(change, &id, &wish, &doing).await?;
            remarks.insert(0, ADOPTED.to_owned());
            return Ok(Performed::made(id).with_remark(remarks.join("; ")));
        }
        let key = |name: &str| self.target.rules().key(Kind::User, name);
        if self.target.memory.with(|memory| memory.parked.values().any(|known| key(known) == key(name))) {
            return Err(refusal.with_hint(SWITCHED_OFF).into());
        }
        let holder = match self.external_id(change) {
            Some(external_id) => self.holder(&external_id, &doing).await?,
            None => None,
        };
        let hint = match holder {
            Some(holder) => format!("the account `{}` has its `externalId`", shown(&holder, 60)),
            None => {
                "the service shows nobody of that name: it may be an account that is switched off or deleted, or an \
                     address in use; look it up there"
                    .to_owned()
            }
        };
        Err(refusal.with_hint(hint).into())
    }

    /// The id of the one resource of this name; nothing where there is none.
    ///
    /// # Errors
    /// When several have it, or nobody can tell.
    pub(super) async fn find(
        &self,
        kind: Kind,
        name: &str,
        doing: &str,
    ) -> Result<Option<CompactString>, ConnectorError> {
        let attribute = match kind {
            Kind::User => "userName",
            Kind::Group => "displayName",
        };
        let found = match self.filtered(kind, attribute, name, doing).await? {
            // A filter that minds the case finds nobody where the name does not.
            Some(found) if !found.is_empty() => found,
            _ => self.everybody(kind, doing).await?,
        };
        let key = |name: &str| self.target.rules().key(kind, name);
        let mut ids: Vec<CompactString> = found
            .iter()
            .filter(|resource| resource.name(kind).is_some_and(|known| key(&known) == key(name)))
            .filter_map(Resource::id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > 1 {
            let why = format!("{} {} of the service are called so", ids.len(), kind.plural());
            let error = ConnectorError::new(FailureClass::Conflict, doing, why);
            return Err(error.with_hint("rename all but one of them there"));
        }
        Ok(ids.pop())
    }

    /// The name of whoever has this `externalId`.
    async fn holder(&self, external_id: &str, doing: &str) -> Result<Option<CompactString>, ConnectorError> {
        let found = self.filtered(Kind::User, "externalId", external_id, doing).await?.unwrap_or_default();
        // Filters of some services look at something else.
        let has_it = |resource: &&Resource| resource.text("externalId").as_deref() == Some(external_id);
        Ok(found.iter().find(has_it).and_then(|resource| resource.name(Kind::User)))
    }

    /// What a filter gives, not to be believed; nothing where filters are not taken. Only `eq` is taken everywhere.
    async fn filtered(
        &self,
        kind: Kind,
        attribute: &'static str,
        value: &str,
        doing: &str,
    ) -> Result<Option<Arc<Vec<Resource>>>, ConnectorError> {
        let said = match self.target.manner.filter {
            Some(said) => said,
            None => self.target.service().await?.filter != Some(false),
        };
        if !said || !self.target.forms.takes_filter(attribute) {
            return Ok(None);
        }
        let filter = format!("{attribute} eq {}", quoted(value));
        let query = [("filter", filter), ("startIndex", "1".to_owned()), ("count", "10".to_owned())];
        let answer = self.api().get(doing, &Api::path(kind, None), &query).await?;
        if !answer.is_success() {
            if answer.status < 500 || answer.status == 501 {
                self.target.forms.forget_filter(attribute);
            }
            return Ok(None);
        }
        let page = ListPage::read(answer.json(doing)?);
        let page = page.map_err(|why| ConnectorError::new(FailureClass::Unexpected, doing, why))?;
        let rows: Vec<Resource> = page.rows.into_iter().filter_map(Resource::read).collect();
        // A service that ignores the filter answers with anybody: then only everybody will do.
        let fits =
            |resource: &Resource| resource.text(attribute).is_some_and(|known| known.eq_ignore_ascii_case(value));
        if rows.iter().all(fits) {
            return Ok(Some(Arc::new(rows)));
        }
        self.target.forms.forget_filter(attribute);
        Ok(None)
    }

    /// Everybody of a kind, listed once however many names are taken. Who came since is not among them: they are told as
    /// somebody whom the service does not show.
    async fn everybody(&self, kind: Kind, doing: &str) -> Result<Arc<Vec<Resource>>, ConnectorError> {
        let service = self.target.service().await?;
        let rows = list(self.api(), service, &self.target.manner, kind, Ok);
        let rows = async { Ok::<_, ConnectorError>(rows.await?.rows) };
        let listed = self.target.listed(kind).get(rows).await;
        listed.map_err(|error| ConnectorError { doing: doing.to_owned(), ..error })
    }
}
