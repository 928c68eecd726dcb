use ldap3::LdapResult;

use crate::connector::{ConnectorError, FailureClass};
use crate::principal::shown;

/// Why a deed on the wire failed, and whether a fresh start may go well.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub(super) class: FailureClass,
    pub(super) why: String,
    pub(super) hint: Option<String>,
    /// The connection broke, or the server was busy, after it had answered: worth one more attempt from the beginning.
    pub(super) lost: bool,
}

impl Trouble {
    pub(super) fn new(class: FailureClass, why: impl Into<String>) -> Self {
        Self { class, why: why.into(), hint: None, lost: false }
    }

    pub(super) fn lost(why: impl Into<String>) -> Self {
        Self { lost: true, ..Self::new(FailureClass::Unreachable, why) }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same, said of `what`.
    pub(super) fn of(self, what: &dyn std::fmt::Display) -> Self {
        Self { why: format!("{what}: {}", self.why), ..self }
    }

    pub(super) fn into_error(self, doing: &str) -> ConnectorError {
        let Self { class, why, hint, lost: _ } = self;
        ConnectorError { hint, ..ConnectorError::new(class, doing, why) }
    }
}

/// `size limit exceeded (result code 4)`, and what the server says about it.
pub(super) fn told(answer: &LdapResult) -> String {
    let (words, code) = (words(answer.rc), answer.rc);
    match answer.text.trim() {
        "" => format!("{words} (result code {code})"),
        text => format!("{words} (result code {code}: {})", shown(text, 200)),
    }
}

/// What a refused search means for the caller, and what a person may do about it.
pub(super) fn refused(answer: &LdapResult, base: &str) -> Trouble {
    let trouble = |class| Trouble::new(class, told(answer));
    match answer.rc {
        32 => {
            let found = match answer.matched.as_str() {
                "" => String::new(),
                matched => format!("; the nearest that exists is `{}`", shown(matched, 200)),
            };
            let why = format!("there is no `{}`: {}{found}", shown(base, 200), told(answer));
            let hint = "check `base`; a bind account that may not see the base gets the same answer";
            Trouble::new(FailureClass::Missing, why).with_hint(hint)
        }
        1 | 8 | 13 | 48..=50 => {
            let hint = "the bind account may not read this: check `bind`, `startTls` and the rights of the account";
            trouble(FailureClass::Denied).with_hint(hint)
        }
        12 => trouble(FailureClass::Rejected).with_hint("the server cannot page: set `paging: off`"),
        34 => trouble(FailureClass::Rejected).with_hint(format!("`{}` is no DN: check `base`", shown(base, 200))),
        51 | 52 => Trouble { lost: true, ..trouble(FailureClass::Unreachable) },
        53 => trouble(FailureClass::Rejected),
        2 | 18 | 21 => trouble(FailureClass::Rejected).with_hint("check `filter`, `base` and the attributes"),
        _ => trouble(FailureClass::Unexpected),
    }
}

/// A result code in words. RFC 4511, appendix A.
pub(super) fn words(code: u32) -> &'static str {
    match code {
        0 => "success",
        1 => "operations error",
        2 => "protocol error",
        3 => "time limit exceeded",
        4 => "size limit exceeded",
        7 => "authentication method not supported",
        8 => "stronger authentication required",
        10 => "referral",
        11 => "administrative limit exceeded",
        12 => "unavailable critical extension",
        13 => "confidentiality required",
        14 => "SASL bind in progress",
        16 => "no such attribute",
        17 => "undefined attribute type",
        18 => "inappropriate matching",
        19 => "constraint violation",
        21 => "invalid attribute syntax",
        32 => "no such object",
        33 => "alias problem",
        34 => "invalid DN syntax",
        36 => "alias dereferencing problem",
        48 => "inappropriate authentication",
        49 => "invalid credentials",
        50 => "insufficient access rights",
        51 => "busy",
        52 => "unavailable",
        53 => "unwilling to perform",
        54 => "loop detected",
        64 => "naming violation",
        71 => "affects several servers",
        80 => "other error",
        _ => "unknown",
    }
}
