//! A target in memory that takes one step at a time, and fails on command.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;

use crate::connector::{ConnectorError, FailureClass, Finding, Performed, Progress, SendError, Site, Target, told};
use crate::plan::{Action, Capabilities, Coverage, Current, Step};
use crate::principal::{GroupNames, Kind, Principal, PrincipalSet, Record};

/// What becomes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Refused(FailureClass),
    /// Done, and the answer is lost.
    LostAfter,
    /// Not done, and that is unknown.
    LostBefore,
    /// Done, and the answer says that it may have been so before.
    Doubted,
    /// Done, and the answer does not tell the id.
    Unnamed,
}

#[derive(Default)]
struct State {
    people: BTreeMap<(Kind, String), Principal>,
    /// Member and group.
    memberships: BTreeSet<((Kind, String), String)>,
    issued: usize,
    steps: Vec<String>,
    reads: usize,
    under_way: usize,
    most: usize,
}

pub(super) struct Stepping {
    can: Capabilities,
    state: Mutex<State>,
    /// By a part of the step's name.
    pub(super) fates: Vec<(&'static str, Fate)>,
}

impl Stepping {
    pub(super) fn new(can: Capabilities, set: &PrincipalSet) -> Self {
        let mut state = State::default();
        for record in set.records() {
            let mut principal = record.principal.clone();
            for group in set.names().sorted(principal.group_refs()) {
                state.memberships.insert(((principal.kind, principal.name.to_string()), group.to_owned()));
            }
            principal.groups = None;
            state.issued += 1;
            principal.id = Some(format!("id{}", state.issued).into());
            state.people.insert((principal.kind, principal.name.to_string()), principal);
        }
        Self { can, state: Mutex::new(state), fates: Vec::new() }
    }

    pub(super) fn failing(mut self, step: &'static str, fate: Fate) -> Self {
        self.fates.push((step, fate));
        self
    }

    /// The steps in the order in which they came.
    pub(super) fn steps(&self) -> Vec<String> {
        self.state.lock().unwrap().steps.clone()
    }

    pub(super) fn reads(&self) -> usize {
        self.state.lock().unwrap().reads
    }

    /// The most steps that were under way at once.
    pub(super) fn most(&self) -> usize {
        self.state.lock().unwrap().most
    }

    pub(super) fn members(&self, group: &str) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.memberships.iter().filter(|(_, of)| of == group).map(|((_, name), _)| name.clone()).collect()
    }

    fn carry_out(&self, step: &Step<'_>, site: &Site<'_>) -> Performed {
        let mut state = self.state.lock().unwrap();
        let key = |change: &crate::plan::Change| (change.kind(), change.name().to_owned());
        match step {
            Step::Create { change, .. } => {
                state.issued += 1;
                let id = format!("id{}", state.issued);
                let mut made = change.after().unwrap().clone();
                (made.groups, made.id) = (None, Some(id.as_str().into()));
                state.people.insert(key(change), made);
                return Performed::made(id);
            }
            Step::Change { change, .. } => {
                let mut after = change.after().unwrap().clone();
                let before = state.people.remove(&key(change)).unwrap();
                (after.groups, after.id) = (None, before.id);
                assert_ne!(change.action(), Action::Delete);
                state.people.insert((after.kind, after.name.to_string()), after);
            }
            Step::Join { group, members } => {
                assert!(site.group_id(*group).is_ok() && site.member_ids(members).is_ok());
                for at in members {
                    state.memberships.insert((key(site.member(*at)), site.group_name(*group).to_owned()));
                }
            }
            Step::Leave { group, members } => {
                for at in members {
                    state.memberships.remove(&(key(site.member(*at)), site.group_name(*group).to_owned()));
                }
            }
            Step::Transfer { .. } => {}
            Step::Delete { change, .. } => {
                let key = key(change);
                state.people.remove(&key);
                state.memberships.retain(|(member, group)| *member != key && *group != key.1);
            }
        }
        Performed::default()
    }
}

#[async_trait]
impl Target for Stepping {
    fn kind(&self) -> &'static str {
        "stepping"
    }

    fn place(&self) -> String {
        "stepping".into()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.can
    }

    fn project(&self, principal: &mut Principal) {
        self.can.bend_attributes(principal);
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        Ok(Vec::new())
    }

    async fn read(&self, _: &dyn Progress) -> Result<Current, ConnectorError> {
        let mut state = self.state.lock().unwrap();
        state.reads += 1;
        let mut names = GroupNames::new();
        let records = state.people.iter().map(|(key, principal)| {
            let groups = state.memberships.iter().filter(|(member, _)| member == key);
            let groups = groups.map(|(_, group)| names.intern(group)).collect();
            let mut principal = principal.clone();
            principal.set_groups(groups);
            Record::new(principal, None)
        });
        let records = records.collect();
        Ok(Current::new(PrincipalSet::build(records, names, self.can.rules).0, Coverage::proved("all of it")))
    }

    async fn perform(&self, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
        let name = told(step, site);
        {
            let mut state = self.state.lock().unwrap();
            state.steps.push(name.clone());
            state.under_way += 1;
            state.most = state.most.max(state.under_way);
        }
        tokio::task::yield_now().await;
        self.state.lock().unwrap().under_way -= 1;
        let fate = self.fates.iter().find(|(part, _)| name.contains(part)).map(|(_, fate)| *fate);
        let error = |class| ConnectorError::new(class, &name, "so it was ordered");
        match fate {
            None => Ok(self.carry_out(step, site)),
            Some(Fate::Unnamed) => Ok(Performed { id: None, ..self.carry_out(step, site) }),
            Some(Fate::Refused(class)) => Err(SendError::Failed(error(class))),
            Some(Fate::Doubted) => {
                self.carry_out(step, site);
                Err(SendError::Unknown(error(FailureClass::Conflict)))
            }
            Some(Fate::LostBefore) => Err(SendError::Unknown(error(FailureClass::Unreachable))),
            Some(Fate::LostAfter) => {
                self.carry_out(step, site);
                Err(SendError::Unknown(error(FailureClass::Unreachable)))
            }
        }
    }
}
