//! Who is put into a group, and who is taken out: in parts that the service takes, down to the one that it refuses.

use std::collections::VecDeque;

use compact_str::CompactString;
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::Deed;
use crate::connector::{ConnectorError, Performed, SendError};
use crate::http::Answer;
use crate::principal::{GroupRef, Kind};
use crate::targets::scim::api::refusal;
use crate::targets::scim::forms::Removal;
use crate::targets::scim::patch::Operation;
use crate::targets::scim::wire::{Resource, member_mut, value_of};

/// After so many refusals of single members, and not one success, the others are not tried.
const GIVE_UP: usize = 3;

/// A member: the place of its change, and its id.
type Member = (usize, CompactString);

/// Which way members go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// A group and what is done to it.
struct Move<'a> {
    id: &'a CompactString,
    way: Way,
    doing: &'a str,
}

impl Deed<'_> {
    /// Adds members, none who is there already.
    pub(super) async fn join(&self, group: GroupRef, members: &[usize]) -> Result<Performed, SendError> {
        let id = self.site.group_id(group)?;
        let doing = self.api().doing("adding members to", Kind::Group, self.site.group_name(group));
        let (mut pairs, mut refused) = self.known(members);
        if self.target.forms.is_adopted(&id) {
            let present = self.present_members(&id, &doing).await?;
            pairs.retain(|(_, member)| !present.contains(member));
        }
        let work = Move { id: &id, way: Way::In, doing: &doing };
        refused.extend(self.move_members(&work, &pairs).await?);
        let added = without(&pairs, &refused);
        let remark = self.find_out_whether_members_show(&id, &added, &doing).await?;
        self.remember(&id, &added, Way::In);
        Ok(Performed { refused, remark, ..Performed::default() })
    }

    /// Takes members out.
    pub(super) async fn leave(&self, group: GroupRef, members: &[usize]) -> Result<Performed, SendError> {
        let id = self.site.group_id(group)?;
        let doing = self.api().doing("taking members out of", Kind::Group, self.site.group_name(group));
        let (pairs, mut refused) = self.known(members);
        let work = Move { id: &id, way: Way::Out, doing: &doing };
        refused.extend(self.move_members(&work, &pairs).await?);
        self.remember(&id, &without(&pairs, &refused), Way::Out);
        Ok(Performed { refused, ..Performed::default() })
    }

    /// The members whose ids are known, and the others.
    fn known(&self, members: &[usize]) -> (Vec<Member>, Vec<(usize, ConnectorError)>) {
        let (mut pairs, mut refused) = (Vec::new(), Vec::new());
        for at in members {
            match self.site.id_of(self.site.member(*at)) {
                Ok(id) => pairs.push((*at, id)),
                Err(error) => refused.push((*at, error)),
            }
        }
        (pairs, refused)
    }

    /// Moves all whom the service takes; gives those whom it refuses. A part that is refused is halved.
    async fn move_members(&self, work: &Move<'_>, pairs: &[Member]) -> Result<Vec<(usize, ConnectorError)>, SendError> {
        let mut parts: VecDeque<&[Member]> = pairs.chunks(self.target.forms.chunk()).collect();
        let (mut refused, mut moved): (Vec<(usize, ConnectorError)>, usize) = (Vec::new(), 0);
        while let Some(part) = parts.pop_front() {
            let chunk = self.target.forms.chunk();
            if part.len() > chunk {
                part.rchunks(chunk).for_each(|smaller| parts.push_front(smaller));
                continue;
            }
            let answer = self.move_part(work, part).await?;
            if answer.is_success() {
                moved += part.len();
                continue;
            }
            let error = refusal(&answer, work.doing);
            match answer.status {
                401 | 403 => return Err(error.into()),
                404 | 410 if part.len() == 1 && self.look(Kind::Group, work.id, false, work.doing).await?.is_none() => {
                    return Err(error.into());
                }
                413 if part.len() > 1 => {
                    self.target.forms.shrink_chunk(part.len());
                    parts.push_front(part);
                }
                _ if part.len() > 1 && (moved > 0 || refused.len() < GIVE_UP) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.push_front(second);
                    parts.push_front(first);
                }
                _ => refused.extend(part.iter().map(|(at, _)| (*at, self.named(*at, &error)))),
            }
        }
        Ok(refused)
    }

    /// The refusal of a member, by name.
    fn named(&self, at: usize, error: &ConnectorError) -> ConnectorError {
        let member = self.site.member(at);
        let told = crate::principal::shown(member.name(), 60);
        ConnectorError { doing: format!("{}: {} `{told}`", error.doing, member.kind()), ..error.clone() }
    }

    /// One request; another form of it where the service does not know the first.
    async fn move_part(&self, work: &Move<'_>, part: &[Member]) -> Result<Answer, SendError> {
        let ids = || part.iter().map(|(_, id)| id.as_str());
        let answer = match work.way {
            Way::In => self.patch_group(work.id, &[Operation::add_members(ids())], work.doing).await?,
            Way::Out => self.remove_part(work, part).await?,
        };
        match answer {
            Some(answer) if ![405, 501].contains(&answer.status) => Ok(answer),
            Some(_) => {
                self.target.forms.forget_patch();
                self.put_part(work, part).await
            }
            None => self.put_part(work, part).await,
        }
    }

    /// One operation for each member, with a filter; where that is refused, once all in one with a value, and what works
    /// is remembered.
    async fn remove_part(&self, work: &Move<'_>, part: &[Member]) -> Result<Option<Answer>, SendError> {
        let (form, works) = self.target.forms.removal();
        let first = self.patch_group(work.id, &removal(form, part), work.doing).await?;
        let Some(answer) = first else { return Ok(None) };
        if answer.is_success() {
            self.target.forms.removal_works(form);
            return Ok(Some(answer));
        }
        if works || ![400, 405, 501].contains(&answer.status) {
            return Ok(Some(answer));
        }
        let Some(second) = self.patch_group(work.id, &removal(Removal::Value, part), work.doing).await? else {
            return Ok(Some(answer));
        };
        if second.is_success() {
            self.target.forms.removal_works(Removal::Value);
            return Ok(Some(second));
        }
        Ok(Some(answer))
    }

    /// Where there is no PATCH: the group as it is, with the members added or left out.
    async fn put_part(&self, work: &Move<'_>, part: &[Member]) -> Result<Answer, SendError> {
        let moving: FxHashSet<&str> = part.iter().map(|(_, id)| id.as_str()).collect();
        let change = |group: &mut Resource| {
            let mut members: Vec<Value> = group.values("members").unwrap_or_default().to_vec();
            members.retain(|member| value_of(member).is_none_or(|id| !moving.contains(id.as_str())));
            if work.way == Way::In {
                members.extend(part.iter().map(|(_, id)| json!({ "value": id.as_str() })));
            }
            *member_mut(&mut group.raw, "members") = members.into();
        };
        self.put_group(work.id, change, work.doing).await
    }

    async fn present_members(&self, id: &str, doing: &str) -> Result<FxHashSet<CompactString>, ConnectorError> {
        let looked = self.look(Kind::Group, id, true, doing).await?;
        Ok(looked.and_then(|looked| looked.resource.members()).unwrap_or_default().into_iter().collect())
    }

    /// After the first success on a service where no group showed a member: it may show none at all, and would look as
    /// if everybody had left by the next run.
    async fn find_out_whether_members_show(
        &self,
        id: &CompactString,
        added: &[Member],
        doing: &str,
    ) -> Result<Option<String>, SendError> {
        let known = self.target.manner.members.is_some() || self.target.shows_members();
        if known || added.is_empty() || self.target.memory.with(|memory| memory.hides_members) {
            return Ok(None);
        }
        let present = self.present_members(id, doing).await?;
        if added.iter().any(|(_, member)| present.contains(member)) {
            self.target.note_shown_members();
            return Ok(None);
        }
        self.target.memory.with(|memory| memory.hides_members = true);
        let remark = "the group does not show who was added: what rollcall does is remembered and compared from now on, \
                      and what others do is not seen (`members: hidden` says so from the beginning)";
        Ok(Some(remark.to_owned()))
    }

    fn remember(&self, id: &CompactString, members: &[Member], way: Way) {
        if !self.target.hides_members() {
            return;
        }
        self.target.memory.with(|memory| {
            let inside = memory.members.entry(id.clone()).or_default();
            for (_, member) in members {
                match way {
                    Way::In => drop(inside.insert(member.clone())),
                    Way::Out => drop(inside.remove(member)),
                }
            }
        });
    }
}

fn removal(form: Removal, part: &[Member]) -> Vec<Operation> {
    match form {
        Removal::Filter => part.iter().map(|(_, id)| Operation::remove_member(id)).collect(),
        Removal::Value => vec![Operation::remove_members(part.iter().map(|(_, id)| id.as_str()))],
    }
}

fn without(pairs: &[Member], refused: &[(usize, ConnectorError)]) -> Vec<Member> {
    pairs.iter().filter(|(at, _)| !refused.iter().any(|(other, _)| other == at)).cloned().collect()
}
