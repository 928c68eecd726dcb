//! Personal values in the trail: as they are, or as keyed digests.

use std::borrow::Cow;
use std::fmt;

use aws_lc_rs::hmac;
use serde_json::Value;

use crate::principal::hex;

/// Members of a person that are no personal values: what an auditor needs readable. `id` stands for a person, but says
/// nothing of them.
const READABLE: [&str; 5] = ["active", "groupNames", "id", "principalTypeEnum", "visibility"];

/// The key of the digests. Who has it can look for a person; who has the trail alone cannot.
#[derive(Clone)]
pub struct PersonalKey(Box<hmac::Key>);

impl PersonalKey {
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)))
    }
}

impl fmt::Debug for PersonalKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

/// What becomes of personal values.
///
/// Those of users are the name (also a new one, and that of a receiver), `displayName`, `mail`, `description`, every
/// value of `attributes`, and the place where the record was read, which may be a distinguished name. What a product
/// answered is left out, since it may repeat any of them; its class stays. Values of groups, ids, memberships, who asked
/// and who approved are never changed: an audit is about them.
#[derive(Debug, Clone)]
pub enum Personal {
    /// They are written as they are.
    Keep,
    /// They are written as `hmac-sha256:HEX`. The same value has the same digest, so that a person is found again.
    Digest(PersonalKey),
}

impl Personal {
    /// A text about a person. Nothing stays nothing.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            Self::Digest(PersonalKey(key)) if !text.is_empty() => {
                hex("hmac-sha256:", hmac::sign(key, text.as_bytes()).as_ref()).into()
            }
            Self::Digest(_) | Self::Keep => text.into(),
        }
    }

    /// Whether texts may be written that nobody can look through, such as the answers of products.
    pub(super) fn keeps(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The members of a user, in the form of a plan's `before` and `after`. A member that is not known is taken for a
    /// personal one.
    pub(super) fn user(&self, user: &mut Value) {
        if self.keeps() {
            return;
        }
        for (name, value) in user.as_object_mut().into_iter().flatten() {
            if !READABLE.contains(&name.as_str()) {
                self.value(value);
            }
        }
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::Null => {}
            Value::String(text) => *text = self.text(text).into_owned(),
            Value::Bool(_) | Value::Number(_) => *value = self.text(&value.to_string()).into(),
            Value::Array(items) => {
                for item in items {
                    self.value(item);
                }
            }
            Value::Object(members) => {
                for (_, member) in members {
                    self.value(member);
                }
            }
        }
    }
}
