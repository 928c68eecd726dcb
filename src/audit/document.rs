//! What a verification found, as JSON.

use serde_json::{Value, json};

use super::bundle::Verdict;
use super::fault::Fault;
use super::tally::{Signer, Tally, Trust};

/// A verdict as one object, `rollcall.audit-verification/v1`.
#[must_use]
pub fn verdict_json(verdict: &Verdict) -> Value {
    let (tally, faults, unlisted) = match verdict {
        Ok(tally) => (tally, [].as_slice(), 0),
        Err(broken) => (&broken.tally, broken.faults.as_slice(), broken.unlisted),
    };
    let Tally { origin, size, root, first, last, checkpoints, proven, covered, signed: _, absent, purged, signers } =
        tally;
    let purged: Vec<_> = purged.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect();
    json!({
        "schema": "rollcall.audit-verification/v1", "whole": verdict.is_ok(), "log": origin, "size": size,
        "root": root.map(|root| root.to_string()), "first": first, "last": last, "absent": absent, "purged": purged,
        "checkpoints": { "given": checkpoints, "fitting": proven, "covered": covered },
        "keys": signers.iter().map(signer).collect::<Vec<_>>(),
        "faults": faults.iter().map(fault).collect::<Vec<_>>(), "unlisted": unlisted,
    })
}

fn signer(signer: &Signer) -> Value {
    let Signer { key, trust, checkpoints } = signer;
    let trust = match trust {
        Trust::Given => "given",
        Trust::Beside => "beside",
        Trust::Rotated => "rotated",
    };
    json!({ "key": key.to_string(), "trust": trust, "checkpoints": checkpoints })
}

fn fault(fault: &Fault) -> Value {
    json!({
        "code": fault.code(), "line": fault.line(), "seq": fault.seq(), "text": fault.to_string(), "hint": fault.hint(),
    })
}
