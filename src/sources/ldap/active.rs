use super::entry::Entry;
use super::shape::ActiveFile;
use crate::connector::BuildError;
use crate::principal::shown;

/// What tells that an account is switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ActiveRule {
    pub(super) attribute: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// Inactive where any of these bits is set.
    Bits(u32),
    /// Inactive with any of these values, in lower case.
    Inactive(Vec<String>),
    /// Active only with one of these values, in lower case.
    Active(Vec<String>),
    /// Inactive where it is there at all.
    Present,
}

impl ActiveRule {
    /// `ACCOUNTDISABLE` of `userAccountControl`. MS-ADTS, section 2.2.16.
    pub(super) fn active_directory() -> Self {
        Self { attribute: "userAccountControl".into(), test: Test::Bits(2) }
    }

    /// Reads the rule as it is written, at `key`.
    pub(super) fn new(file: &ActiveFile, key: &str) -> Result<Self, BuildError> {
        let ActiveFile { attribute, inactive_bits, inactive_values, active_values, inactive_when_present } = file;
        if attribute.trim().is_empty() {
            let error = BuildError::new(format!("{key}.attribute"), "the attribute is missing");
            return Err(error.with_hint("such as `attribute: nsAccountLock`"));
        }
        let lower = |values: &[String]| values.iter().map(|value| value.to_lowercase()).collect::<Vec<_>>();
        let tests = [
            inactive_bits.map(Test::Bits),
            inactive_values.as_deref().map(|values| Test::Inactive(lower(values))),
            active_values.as_deref().map(|values| Test::Active(lower(values))),
            inactive_when_present.filter(|present| *present).map(|_| Test::Present),
        ];
        let mut tests = tests.into_iter().flatten();
        match (tests.next(), tests.next()) {
            (Some(Test::Bits(0)), _) => {
                Err(BuildError::new(format!("{key}.inactiveBits"), "no bit is set in 0: nobody would be inactive"))
            }
            (Some(Test::Active(values)), None) if values.is_empty() => {
                Err(BuildError::new(format!("{key}.activeValues"), "no value is listed: everybody would be inactive"))
            }
            (Some(test), None) => Ok(Self { attribute: attribute.trim().to_owned(), test }),
            _ => {
                let error = BuildError::new(key, "expected one rule for the attribute");
                Err(error.with_hint(
                    "write one of `inactiveBits`, `inactiveValues`, `activeValues` and `inactiveWhenPresent: true`",
                ))
            }
        }
    }

    /// Whether somebody at least must have the attribute. That nobody has one that is there only where an account is
    /// switched off is as it should be; an entry without the bits is told one by one.
    pub(super) fn expects_values(&self) -> bool {
        matches!(self.test, Test::Active(_))
    }

    /// Whether the account is active.
    ///
    /// # Errors
    /// Where it should be told by the bits of a number, and there is none.
    pub(super) fn is_active(&self, entry: &Entry) -> Result<bool, String> {
        let values = entry.values(&self.attribute);
        let any = |words: &[String]| {
            let texts = values.iter().map(|value| String::from_utf8_lossy(value).to_lowercase());
            texts.into_iter().any(|text| words.contains(&text))
        };
        Ok(match &self.test {
            Test::Present => values.is_empty(),
            Test::Inactive(words) => !any(words),
            Test::Active(words) => any(words),
            Test::Bits(bits) => match values {
                [] => return Err(format!("it has no `{}`, which tells whether it is active", self.attribute)),
                [value] => self.number(value)? & bits == 0,
                _ => return Err(format!("`{}` has {} values, expected one number", self.attribute, values.len())),
            },
        })
    }

    /// Active Directory writes its 32 bits with a sign.
    #[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "the bits are what counts")]
    fn number(&self, value: &[u8]) -> Result<u32, String> {
        let text = String::from_utf8_lossy(value);
        let number = text.trim().parse::<i64>();
        number
            .map(|number| number as u32)
            .map_err(|_| format!("`{}` is `{}`: expected a whole number", self.attribute, shown(&text, 40)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::EntryAttribute;
    use super::*;

    fn entry(name: &str, values: &[&str]) -> Entry {
        let values = values.iter().map(|value| value.as_bytes().to_vec()).collect();
        Entry { dn: "uid=ada".into(), attributes: vec![EntryAttribute { name: name.into(), values }] }
    }

    fn rule(file: ActiveFile) -> ActiveRule {
        ActiveRule::new(&ActiveFile { attribute: "state".into(), ..file }, "active").unwrap()
    }

    #[test]
    fn a_disabled_account_of_active_directory_is_inactive() {
        let rule = ActiveRule::active_directory();
        let with = |value: &str| rule.is_active(&entry("UserAccountControl", &[value]));
        assert_eq!(with("512"), Ok(true));
        assert_eq!(with("514"), Ok(false));
        assert_eq!(with("-2147483646"), Ok(false));
        assert_eq!(with("yes"), Err("`userAccountControl` is `yes`: expected a whole number".into()));
        let hidden = "it has no `userAccountControl`, which tells whether it is active";
        assert_eq!(rule.is_active(&entry("other", &["1"])), Err(hidden.into()));
    }

    #[test]
    fn each_rule_tells_active_from_inactive() {
        let words = || Some(vec!["Left".to_owned(), "TRUE".to_owned()]);
        let inactive = rule(ActiveFile { inactive_values: words(), ..ActiveFile::default() });
        assert_eq!(inactive.is_active(&entry("state", &["left"])), Ok(false));
        assert_eq!(inactive.is_active(&entry("state", &[])), Ok(true));
        let active = rule(ActiveFile { active_values: words(), ..ActiveFile::default() });
        assert_eq!(active.is_active(&entry("state", &["true"])), Ok(true));
        assert_eq!(active.is_active(&entry("other", &["true"])), Ok(false));
        let present = rule(ActiveFile { inactive_when_present: Some(true), ..ActiveFile::default() });
        assert_eq!(present.is_active(&entry("STATE", &["20260101000000Z"])), Ok(false));
    }

    #[test]
    fn a_rule_that_is_none_or_two_is_refused() {
        let attribute = || "state".to_owned();
        let none = ActiveFile { attribute: attribute(), ..ActiveFile::default() };
        assert_eq!(ActiveRule::new(&none, "users.active").unwrap_err().key, "users.active");
        let two = ActiveFile { inactive_bits: Some(2), inactive_when_present: Some(true), ..none };
        assert!(ActiveRule::new(&two, "active").is_err());
        let nobody = ActiveFile { attribute: attribute(), active_values: Some(Vec::new()), ..ActiveFile::default() };
        assert!(ActiveRule::new(&nobody, "active").unwrap_err().why.contains("everybody"));
    }
}
