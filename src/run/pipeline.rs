use std::sync::Arc;

use compact_str::CompactString;

use super::aftermath::Aftermath;
use super::evidence::{Standing, evidence, source, spending};
use super::journal::Keeper;
use super::read::SourceRead;
use super::recall::{keep, recall};
use super::witness::{Nobody, Witness};
use super::{Ask, Job, RunError, accept, drift, given, judge, passwords, read, recover, verify};
use crate::apply::{Executed, execute};
use crate::connector::{ConnectorError, FailureClass, Journal, Outcome, Rejected, Stop, read_whole};
use crate::guard::{ApprovedPlan, Readings, Reviewed, Verdict, review};
use crate::mapping::{Finding, Mapped, desire_seen};
use crate::plan::{Batch, Capabilities, Coverage, Current, Forecast, Ledger, Plan, Policy, diff_seen};
use crate::principal::{Kind, digest};
use crate::report::{Facts, Phase, Report, SourceFacts, TargetFacts, Tool, plan_json};
use crate::store::{DocumentKind, Store};

/// A run up to the decision: what would be done, and the right to do it where the guard gives it.
pub struct Planned {
    pub report: Report,
    pub approved: Option<ApprovedPlan>,
    pub after: Aftermath,
}

/// Reads, maps, compares, guards. Writes nothing to the target.
///
/// # Errors
/// When a source or the target cannot be read, or the state fails.
pub async fn plan(job: &Job<'_>, ask: &Ask<'_>, store: &Store) -> Result<Planned, RunError> {
    recover::recover(job, ask, store).await?;
    let planned = plan_before(job, ask, store, &mut Nobody).await?;
    // Everything was read: what is remembered was of no use, and may look as if it were again.
    let anew = planned.after.memories.iter().any(|(_, memory)| memory.since.is_none());
    if planned.report.verdict != Verdict::Pass || anew {
        // Whatever tripped, the next reading is of everything.
        store.forget(&job.sync.name).await?;
    }
    Ok(planned)
}

/// The same before a witness. Nothing that is remembered is touched.
pub(super) async fn plan_before(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
    witness: &mut dyn Witness,
) -> Result<Planned, RunError> {
    recall(job, store).await?;
    let beside = ask.progress.beside();
    // The state is read after the target, not beside: its memory would stand beside the text of both.
    let known = async {
        let current = read_whole(job.target.as_ref(), beside.as_ref()).await?;
        let told = target_facts(job, &current);
        let ledger = store.ledger(&job.sync.name, &job.to.place).await?;
        nobody(job, &current, &ledger)?;
        Ok::<_, RunError>((current, told, ledger))
    };
    let (readings, known) = tokio::join!(read::sources(job, ask, store), known);
    let (readings, (current, target, ledger)) = (readings?, known?);
    let standing = Standing::new(&store.history(&job.sync.name).await?, job);
    let (mut measured, mut sources, mut sifted, mut memories) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (SourceRead { sifted: one, facts, missing_sentinels, memory }, feed) in readings.into_iter().zip(&job.from) {
        let baseline = store.baseline(&job.sync.name, &facts.name).await?;
        measured.push(source(&feed.settings.expect, &facts, missing_sentinels, baseline));
        sifted.push((facts.name.clone(), one));
        memories.extend(memory.map(|memory| (facts.name.clone(), memory)));
        sources.push(facts);
    }

    let policy = job.policy(ask, ask.remove_deleted);
    witness.read(&sifted);
    let whole = read::together(job, sifted);
    witness.merged(&whole, &current, &ledger);
    let mapped = desire_seen(whole, job.target.as_ref(), &job.sync.rules, &mut |set| witness.ruled(set));
    witness.desired(&mapped, &current, &ledger, &policy);
    let Mapped { desired, rejected, lint } = mapped;
    let can = job.target.capabilities();
    let mut plan = diff_seen(desired, &current, &policy, can, &ledger, &mut |record, why| witness.passed(record, why));
    plan.narrow(&ask.only, can.rules);
    judge::judge(&mut plan, job.target.as_ref());
    trace(&mut plan, job, store).await?;
    drift::tell(&mut plan, job, store, &ledger).await?;
    witness.decided(&plan);
    let spent = spending(job, store, policy.now).await?;
    let evidence = evidence(job, ask, &current.set, Readings::Measured(&measured), standing, spent);
    drift::settle(&mut plan, job, policy.drift, &evidence, witness);
    let adopted = drift::as_found(&plan, &current, can.rules);
    let reviewed = review(plan, &job.sync.limits, &evidence);

    let facts = facts(job, ask, policy.remove_deleted, standing.needs_person(), sources, target);
    let after = Aftermath { adopted, ..Aftermath::new(ledger, &current, can, memories) };
    Ok(planned(facts, reviewed, (rejected, lint), can, after))
}

/// Keeps the list that was given, carries an approved plan out, reads the target again, and remembers what was settled.
///
/// # Errors
/// When another list was given meanwhile, the target cannot be read before anything is written, or the state fails.
pub async fn apply(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
    mut report: Report,
    approved: ApprovedPlan,
    after: Aftermath,
) -> Result<Report, RunError> {
    let started = (ask.clock)();
    let plan = approved.plan();
    let passwords = passwords::find(job, ask, store, plan).await?;
    // One that comes to nothing for want of proof is refused: then the list before still stands.
    if !(plan.is_empty() && report.is_unproven()) {
        given::keep(ask, store).await?;
    }
    if plan.is_empty() {
        report.phase = Phase::Applied {
            started,
            finished: started,
            outcomes: Vec::new(),
            remarks: Vec::new(),
            calls: 0,
            verification: None,
        };
        // Where nobody watches, having nothing to do is no consent; an unproven reading is no measure.
        let consents = !(ask.unattended && report.facts.needs_person);
        if consents && !report.is_unproven() {
            accept::accept(job, ask, store, &report, after).await?;
        }
        return Ok(report);
    }
    let before = job.target.calls().sent;
    store.keep_document(&ask.id, DocumentKind::Plan, |mut out| plan_json(&mut out, &report)).await?;
    let lost = Stop::default();
    let (journal, pages) = Journal::open(ask.stop.clone(), lost.clone());
    let carried_out = async {
        let done = execute(&approved, job.target.as_ref(), &passwords, &journal, ask.progress).await;
        // Nobody writes in it any more.
        drop(journal);
        done
    };
    let Executed { mut outcomes, remarks } =
        Keeper { job, ask, store, report: &report, lost: &lost }.keeping(pages, carried_out).await?;
    let verification = Some(Box::new(verify::verify(job, ask, plan, &mut outcomes).await));
    let calls = job.target.calls().sent - before;
    let kept = keep(job, store).await;
    report.phase = Phase::Applied { started, finished: (ask.clock)(), outcomes, remarks, calls, verification };
    // Only a run that applied something, or found nothing to do, moves what is remembered.
    let has_done = report.outcomes().iter().any(|outcome| matches!(outcome, Outcome::Done));
    let settled = if has_done {
        accept::accept(job, ask, store, &report, after).await
    } else {
        accept::conclude(job, ask, store, &report).await
    };
    // What could be settled is settled, whatever could not be kept besides.
    match settled.and(kept) {
        Ok(()) => Ok(report),
        Err(error) => Err(RunError::Unremembered { report: Box::new(report), error: Box::new(error) }),
    }
}

/// Tells of each removal when and where the principal was last seen.
async fn trace(plan: &mut Plan, job: &Job<'_>, store: &Store) -> Result<(), RunError> {
    let rules = job.target.capabilities().rules;
    for kind in Kind::ALL {
        let gone = plan.changes.iter().filter(|change| change.kind() == kind && change.action().removes());
        let keys: Vec<CompactString> = gone.map(|change| rules.key(kind, change.name())).collect();
        if !keys.is_empty() {
            let seen = store.last_seen(&job.sync.name, &job.to.place, kind, &keys).await?;
            plan.trace(|of, name| seen.get(&rules.key(kind, name)).filter(|_| of == kind).cloned());
        }
    }
    Ok(())
}

/// A service that shows no user at all, where this sync has made or matched some, shows too little: to its token, or of
/// itself. Nothing is decided on that.
pub(super) fn nobody(job: &Job<'_>, current: &Current, ledger: &Ledger) -> Result<(), ConnectorError> {
    let owned = ledger.count(Kind::User);
    let is_service = matches!(job.target.capabilities().batch, Batch::Steps(_));
    if !is_service || owned == 0 || current.set.count(Kind::User) > 0 {
        return Ok(());
    }
    let why = format!("it shows no user at all, and {owned} are in the care of this sync");
    let error = ConnectorError::new(FailureClass::Unexpected, format!("reading {}", job.target.place()), why);
    Err(error.with_hint("check the rights of the account; if the service was really emptied, use a new state database"))
}

pub(super) fn target_facts(job: &Job<'_>, current: &Current) -> TargetFacts {
    let Current { set, coverage, hides_memberships: _, untold: _, ambiguous: _ } = current;
    let Coverage { .. } = coverage;
    TargetFacts {
        name: job.to.name.clone(),
        kind: job.to.kind.to_owned(),
        users: set.count(Kind::User),
        groups: set.count(Kind::Group),
        coverage: coverage.clone(),
        digest: digest(set),
    }
}

pub(super) fn facts(
    job: &Job<'_>,
    ask: &Ask<'_>,
    remove_deleted: bool,
    needs_person: bool,
    sources: Vec<SourceFacts>,
    target: TargetFacts,
) -> Facts {
    Facts {
        id: ask.id.clone(),
        sync: job.sync.name.clone(),
        created: (ask.clock)(),
        tool: Tool::this(),
        environment: job.settings.environment.clone(),
        config_digest: job.settings.digest.clone(),
        requested_by: ask.requested_by.clone(),
        overrides: ask.overrides.clone(),
        undoes: None,
        only: ask.only.iter().map(ToString::to_string).collect(),
        apply_changes: job.sync.apply_changes,
        remove_deleted,
        needs_person,
        sources,
        target,
    }
}

pub(super) fn planned(
    facts: Facts,
    reviewed: Reviewed,
    (rejected, lint): (Vec<Rejected>, Vec<Finding>),
    can: &Capabilities,
    after: Aftermath,
) -> Planned {
    let plan = reviewed.plan();
    let report = Report {
        forecast: Forecast::of(&plan, can, facts.target.users, facts.target.groups),
        facts,
        plan: Arc::clone(&plan),
        rejected,
        lint,
        limits: reviewed.limits.clone(),
        verdict: reviewed.verdict,
        phase: Phase::Planned,
        digest: String::new(),
        trail: None,
    };
    Planned { report: report.seal(), approved: reviewed.approved(), after }
}

/// What a run knows of the past, for a plan that was saved.
pub(super) async fn remembered(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
    remove: bool,
) -> Result<(Ledger, Standing, Policy), RunError> {
    let ledger = store.ledger(&job.sync.name, &job.to.place).await?;
    let standing = Standing::new(&store.history(&job.sync.name).await?, job);
    Ok((ledger, standing, job.policy(ask, Some(remove))))
}
