//! The numbers as families of series, sorted.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeGaugeValue, MetricEncoder, NoLabelSet};
use prometheus_client::registry::Unit;

use super::numbers::{BOUNDS, Numbers};
use super::table::{self, Described};
use crate::report::Tool;

/// Where the registry looks.
#[derive(Debug)]
pub(super) struct Shelf(pub(super) Arc<Mutex<Numbers>>);

impl Collector for Shelf {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let encoder = &mut encoder;
        runs(encoder, &numbers)?;
        last_runs(encoder, &numbers)?;
        connections(encoder, &numbers)?;
        load(encoder, &numbers)?;
        process(encoder, &numbers)
    }
}

fn runs(encoder: &mut DescriptorEncoder<'_>, numbers: &Numbers) -> fmt::Result {
    let syncs = || numbers.syncs.iter();
    let runs = syncs().flat_map(|(sync, of)| {
        of.runs.iter().map(move |((via, result), count)| ([sync.as_str(), via, result], *count))
    });
    counters(encoder, &table::RUNS, runs)?;
    family(encoder, &table::RUN_DURATION, |out| {
        for (sync, of) in syncs() {
            let buckets: Vec<_> = BOUNDS.into_iter().zip(of.durations.counts).collect();
            let (sum, count) = (of.durations.sum, of.durations.count);
            let labels = [("sync", sync.as_str())];
            out.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
        }
        Ok(())
    })?;
    let began = syncs().filter_map(|(sync, of)| Some((sync, of.began?)));
    times(encoder, &table::RUN_STARTED, began)?;
    let changes = syncs().flat_map(|(sync, of)| {
        let row = move |(key, count): (&(&'static str, &'static str, &'static str), &u64)| {
            let (kind, action, outcome) = *key;
            ([sync.as_str(), kind, action, outcome], *count)
        };
        of.changes.iter().map(row)
    });
    counters(encoder, &table::CHANGES, changes)
}

fn last_runs(encoder: &mut DescriptorEncoder<'_>, numbers: &Numbers) -> fmt::Result {
    let syncs = || numbers.syncs.iter();
    let headroom =
        syncs().flat_map(|(sync, of)| of.headroom.iter().map(move |(limit, share)| ([sync.as_str(), limit], *share)));
    gauges(encoder, &table::HEADROOM, headroom)?;
    let held = syncs().filter_map(|(sync, of)| Some(([sync.as_str()], of.held?)));
    gauges(encoder, &table::HELD, held)?;
    times(encoder, &table::LAST_RUN, syncs().filter_map(|(sync, of)| Some((sync, of.last?))))?;
    times(encoder, &table::LAST_SUCCESS, syncs().filter_map(|(sync, of)| Some((sync, of.success?))))?;
    times(encoder, &table::NEXT_RUN, numbers.glance.due.iter().map(|(sync, due)| (sync, *due)))
}

fn connections(encoder: &mut DescriptorEncoder<'_>, numbers: &Numbers) -> fmt::Result {
    let targets = || numbers.targets.iter();
    counters(encoder, &table::TARGET_CALLS, targets().map(|(name, of)| ([name.as_str()], of.calls.sent)))?;
    counters(encoder, &table::TARGET_THROTTLED, targets().map(|(name, of)| ([name.as_str()], of.calls.throttled)))?;
    let errors =
        targets().flat_map(|(name, of)| of.errors.iter().map(move |(class, count)| ([name.as_str(), class], *count)));
    counters(encoder, &table::TARGET_ERRORS, errors)?;
    let errors = numbers.sources.iter();
    let errors = errors.flat_map(|(name, of)| of.iter().map(move |(class, count)| ([name.as_str(), class], *count)));
    counters(encoder, &table::SOURCE_ERRORS, errors)
}

fn load(encoder: &mut DescriptorEncoder<'_>, numbers: &Numbers) -> fmt::Result {
    gauges(encoder, &table::QUEUE_WAITING, [([], numbers.glance.waiting)])?;
    gauges(encoder, &table::RUNNING, [([], numbers.glance.running)])?;
    let hooks = numbers.syncs.iter().map(|(sync, of)| (sync.as_str(), &of.hooks));
    let hooks = hooks.chain([("", &numbers.strays)]);
    let hooks = hooks.flat_map(|(sync, of)| of.iter().map(move |(result, count)| ([sync, result], *count)));
    counters(encoder, &table::WEBHOOKS, hooks)
}

fn process(encoder: &mut DescriptorEncoder<'_>, numbers: &Numbers) -> fmt::Result {
    let Tool { version, commit } = Tool::this();
    family(encoder, &table::BUILD, |out| {
        out.encode_info(&[("version", version.as_str()), ("commit", commit.as_str())])
    })?;
    let process = &numbers.glance.process;
    gauges(encoder, &table::MEMORY, process.memory.map(|bytes| ([], bytes)))?;
    gauges(encoder, &table::FILES, process.files.map(|files| ([], files)))?;
    gauges(encoder, &table::STARTED, [([], numbers.started.timestamp())])
}

fn counters<'a, const N: usize>(
    encoder: &mut DescriptorEncoder<'_>,
    of: &Described,
    rows: impl IntoIterator<Item = ([&'a str; N], u64)>,
) -> fmt::Result {
    family(encoder, of, |out| {
        rows.into_iter().try_for_each(|(values, count)| {
            out.encode_family(&labels(of, values))?.encode_counter::<NoLabelSet, u64, f64>(&count, None)
        })
    })
}

fn gauges<'a, const N: usize, V: EncodeGaugeValue>(
    encoder: &mut DescriptorEncoder<'_>,
    of: &Described,
    rows: impl IntoIterator<Item = ([&'a str; N], V)>,
) -> fmt::Result {
    family(encoder, of, |out| {
        rows.into_iter().try_for_each(|(values, value)| match N {
            0 => out.encode_gauge(&value),
            _ => out.encode_family(&labels(of, values))?.encode_gauge(&value),
        })
    })
}

/// Times of syncs, in whole seconds since 1970.
fn times<'a>(
    encoder: &mut DescriptorEncoder<'_>,
    of: &Described,
    rows: impl Iterator<Item = (&'a String, DateTime<Utc>)>,
) -> fmt::Result {
    gauges(encoder, of, rows.map(|(sync, time)| ([sync.as_str()], time.timestamp())))
}

fn family(
    encoder: &mut DescriptorEncoder<'_>,
    of: &Described,
    rows: impl FnOnce(&mut MetricEncoder<'_>) -> fmt::Result,
) -> fmt::Result {
    let unit = of.unit.map(|unit| Unit::Other(unit.to_owned()));
    let mut out = encoder.encode_descriptor(of.name, of.help, unit.as_ref(), of.sort)?;
    rows(&mut out)
}

fn labels<'a, const N: usize>(of: &Described, values: [&'a str; N]) -> Vec<(&'static str, &'a str)> {
    of.labels.iter().copied().zip(values).collect()
}
