//! Who goes.

use reqwest::Method;

use super::{Deed, failed};
use crate::connector::{FailureClass, Performed, SendError};
use crate::plan::Change;
use crate::principal::Kind;
use crate::targets::scim::api::{Api, refusal};

impl Deed<'_> {
    /// `DELETE` of a user or a group, read the moment before: a list is no snapshot, and an id may be another's by now.
    pub(super) async fn delete(&self, change: &Change) -> Result<Performed, SendError> {
        let kind = change.kind();
        let id = self.site.id_of(change)?;
        let doing = self.doing("deleting", change);
        let gone = || Performed::default().with_remark("it was gone already");
        let Some(now) = self.look(kind, &id, false, &doing).await? else {
            self.forget(&id);
            return Ok(gone());
        };
        let key = |name: &str| self.target.rules().key(kind, name);
        if key(&now.resource.name(kind).unwrap_or_default()) != key(change.name()) {
            let why = "its name was changed since it was read";
            return Err(failed(FailureClass::Conflict, &doing, why, "the next run reads again"));
        }
        let path = Api::path(kind, Some(&id));
        let answer = self.send(&doing, Method::DELETE, path, None, now.version.as_deref()).await?;
        match answer.status {
            200..=299 => {}
            404 | 410 => {
                self.forget(&id);
                return Ok(gone());
            }
            412 => {
                let why = "somebody else changed it while it was being deleted";
                return Err(failed(FailureClass::Conflict, &doing, why, "the next run reads again"));
            }
            _ => return Err(refusal(&answer, &doing).into()),
        }
        self.forget(&id);
        if kind == Kind::Group {
            return Ok(Performed::default());
        }
        // Several services only switch off (Slack, Atlassian): who is deleted there stays in their lists.
        let left = self.look(kind, &id, false, &doing).await.ok().flatten();
        if left.is_some_and(|left| left.resource.active() == Some(false)) {
            self.target.memory.with(|memory| memory.gone.insert(id.clone()));
            let remark = "the service keeps the account, switched off: it is taken for deleted";
            return Ok(Performed::default().with_remark(remark));
        }
        Ok(Performed::default())
    }

    fn forget(&self, id: &str) {
        self.target.memory.with(|memory| {
            memory.parked.remove(id);
            memory.echoes.remove(id);
            memory.members.remove(id);
        });
    }
}
