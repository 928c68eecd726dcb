//! Faults: what a product is told to do wrong, to which request, and how often.

use serde::{Deserialize, Serialize};

use crate::sandbox::call::Call;

/// One fault in the queue of a product.
///
/// A request walks along the queue. Each fault that matches it and has `skip` left lets it
/// pass and counts; the first one without is applied. At most one fault meets a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The operation: `user/list`, a whole branch `user/*`, or `*`. A method may stand before
    /// it: `DELETE user/*`.
    pub on: String,
    /// How many requests it meets; 1 when absent.
    #[serde(default = "once")]
    pub times: u32,
    /// How many matching requests pass unharmed first; 0 when absent.
    #[serde(default)]
    pub skip: u32,
    /// When given, only requests whose `applyChanges` field (absent counts as false) is this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply_changes: Option<bool>,
    /// What happens to the request.
    pub fault: FaultKind,
}

const fn once() -> u32 {
    1
}

/// What can happen to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FaultKind {
    /// Answered with this status; nothing is applied.
    Status {
        /// The HTTP status, 200 to 999; anything else becomes 500.
        code: u16,
        /// The value of a `Retry-After` header: seconds or an HTTP date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
        /// The body; the error body of the product when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// The content type of `body`; `text/plain` when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
    },
    /// Carried out as usual, but only after a pause.
    Latency {
        /// Milliseconds of pause.
        millis: u64,
    },
    /// The connection is closed without an answer; nothing is applied.
    CutBefore,
    /// The request is applied, then the connection is closed without an answer: a lost reply.
    CutAfter,
    /// The request is applied, and the answer breaks off: its `Content-Length` is that of the
    /// whole body, then the connection is closed. No effect on a body that is short enough.
    Truncate {
        /// Bytes of the body that still arrive.
        bytes: usize,
    },
    /// 200 with the HTML page of a sign-in form; nothing is applied.
    Html,
    /// 200 with `application/json` that does not parse; nothing is applied.
    InvalidJson,
    /// 200 with `[]`; nothing is applied.
    EmptyList,
    /// Carried out with these members of the query, or of the JSON body, instead of what was sent: a product that
    /// loses or ignores them, such as a page that is repeated.
    Rewrite {
        /// What the product sees; `null` takes a member out.
        members: serde_json::Map<String, serde_json::Value>,
    },
    /// The session of this request ends here: this request and all later ones get 401.
    ExpireSession,
}

impl FaultKind {
    /// The name used in JSON and in the journal.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Latency { .. } => "latency",
            Self::CutBefore => "cutBefore",
            Self::CutAfter => "cutAfter",
            Self::Truncate { .. } => "truncate",
            Self::Html => "html",
            Self::InvalidJson => "invalidJson",
            Self::EmptyList => "emptyList",
            Self::Rewrite { .. } => "rewrite",
            Self::ExpireSession => "expireSession",
        }
    }
}

impl Fault {
    /// A fault that meets the next request for this operation, once.
    pub fn once(on: impl Into<String>, fault: FaultKind) -> Self {
        Self { on: on.into(), times: 1, skip: 0, apply_changes: None, fault }
    }

    /// Only for requests whose `applyChanges` is this.
    #[must_use]
    pub const fn when_applying(mut self, apply_changes: bool) -> Self {
        self.apply_changes = Some(apply_changes);
        self
    }

    /// Lets the first `skip` matching requests pass.
    #[must_use]
    pub const fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Meets this many requests.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn matches(&self, call: &Call) -> bool {
        let (method, pattern) = match self.on.split_once(' ') {
            Some((method, pattern)) => (Some(method), pattern),
            None => (None, self.on.as_str()),
        };
        let operation_fits = match pattern.strip_suffix('*') {
            Some(branch) => call.operation.starts_with(branch),
            None => call.operation == pattern.trim_matches('/'),
        };
        operation_fits
            && method.is_none_or(|method| method.eq_ignore_ascii_case(&call.method))
            && self.apply_changes.is_none_or(|wanted| wanted == call.apply_changes)
    }
}

/// The faults still to come, oldest first.
#[derive(Debug, Default)]
pub(crate) struct FaultQueue {
    faults: Vec<Fault>,
}

impl FaultQueue {
    /// Puts a fault at the end. One with `times: 0` is dropped.
    pub(crate) fn push(&mut self, fault: Fault) {
        if fault.times > 0 {
            self.faults.push(fault);
        }
    }

    /// The faults that have not met all their requests yet.
    pub(crate) fn pending(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    /// Forgets every fault.
    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// The fault that meets this request, if any.
    pub(crate) fn take(&mut self, call: &Call) -> Option<FaultKind> {
        let mut met = None;
        for (position, fault) in self.faults.iter_mut().enumerate() {
            if !fault.matches(call) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times -= 1;
            met = Some((position, fault.times == 0, fault.fault.clone()));
            break;
        }
        let (position, spent, kind) = met?;
        if spent {
            self.faults.remove(position);
        }
        Some(kind)
    }
}
