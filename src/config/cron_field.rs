//! One field of a cron expression, checked so that what is wrong can be said in words.

use std::ops::RangeInclusive;

use crate::principal::shown;

/// A field and what it may hold.
pub(super) struct Field {
    name: &'static str,
    values: RangeInclusive<u16>,
    /// Three letters each, from the first value on.
    names: &'static [&'static str],
    special: Special,
}

/// What a field may hold besides numbers and names.
#[derive(PartialEq, Eq)]
enum Special {
    None,
    /// `L`, `LW` and `15W`.
    MonthDay,
    /// `5L` and `1#2`.
    WeekDay,
}

/// What is wrong with a field.
pub(super) struct FieldFault {
    /// Bytes of the field before what is meant.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// With the seconds first.
pub(super) const FIELDS: [Field; 6] = [
    Field { name: "second", values: 0..=59, names: &[], special: Special::None },
    Field { name: "minute", values: 0..=59, names: &[], special: Special::None },
    Field { name: "hour", values: 0..=23, names: &[], special: Special::None },
    Field { name: "day of the month", values: 1..=31, names: &[], special: Special::MonthDay },
    Field {
        name: "month",
        values: 1..=12,
        names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
        special: Special::None,
    },
    Field {
        name: "day of the week",
        values: 0..=7,
        names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
        special: Special::WeekDay,
    },
];

type Checked<T> = Result<T, (String, Option<String>)>;

impl Field {
    pub(super) fn check(&self, text: &str) -> Result<(), FieldFault> {
        if text == "?" && self.special != Special::None {
            return Ok(());
        }
        // Both days must hold, not one of them.
        let list = text.strip_prefix('+').filter(|_| self.special == Special::WeekDay).unwrap_or(text);
        let mut at = text.len() - list.len();
        for item in list.split(',') {
            self.item(item).map_err(|(message, hint)| FieldFault { at, message, hint })?;
            at += item.len() + 1;
        }
        Ok(())
    }

    fn item(&self, item: &str) -> Checked<()> {
        if item.is_empty() {
            return Err((format!("the list of the {} has an empty item", self.name), None));
        }
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        if let Some(step) = step {
            self.step(range, step)?;
        }
        if range == "*" || (step.is_none() && self.is_special(range)?) {
            return Ok(());
        }
        let Some((from, to)) = range.split_once('-') else { return self.value(range).map(drop) };
        let first = self.value(from)?;
        // A week may end on a Sunday.
        let last = if to.eq_ignore_ascii_case("SUN") && first > 0 { 7 } else { self.value(to)? };
        if first <= last {
            return Ok(());
        }
        let (least, most) = (self.values.start(), self.values.end());
        let most = if self.special == Special::WeekDay { &6 } else { most };
        let hint = format!("write two: `{first}-{most},{least}-{last}`");
        Err((format!("the range `{}` of the {} runs backwards", told(range), self.name), Some(hint)))
    }

    fn step(&self, range: &str, step: &str) -> Checked<()> {
        let most = self.values.end();
        let number = digits(step).filter(|step| (1..=*most).contains(step));
        if number.is_none() {
            let message = format!("expected a step of 1 to {most} for the {}, found `{}`", self.name, told(step));
            return Err((message, Some("`*/10` is every tenth".into())));
        }
        if range == "*" || range.contains('-') {
            return Ok(());
        }
        let from = if range.is_empty() { String::new() } else { format!(" or `{}-{most}/{step}`", told(range)) };
        let message = format!("`{}/{step}` does not say up to where", told(range));
        Err((message, Some(format!("write `*/{step}`{from}"))))
    }

    /// Whether it is one of the words that hang on the month.
    fn is_special(&self, word: &str) -> Checked<bool> {
        let word = word.to_ascii_uppercase();
        match self.special {
            Special::MonthDay if word == "L" || word == "LW" => Ok(true),
            Special::MonthDay => match word.strip_suffix('W') {
                Some(day) => self.value(day).map(|_| true),
                None => Ok(false),
            },
            Special::WeekDay => match (word.split_once('#'), word.strip_suffix('L')) {
                (Some((day, "1" | "2" | "3" | "4" | "5")), _) | (None, Some(day)) => self.value(day).map(|_| true),
                _ => Ok(false),
            },
            Special::None => Ok(false),
        }
    }

    fn value(&self, word: &str) -> Checked<u16> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(word));
        let named = named.and_then(|at| u16::try_from(at).ok()).map(|at| self.values.start() + at);
        named.or_else(|| digits(word)).filter(|value| self.values.contains(value)).ok_or_else(|| {
            let (least, most) = (self.values.start(), self.values.end());
            let names = match (self.names.first(), self.names.last()) {
                (Some(first), Some(last)) => format!(" or {first} to {last}"),
                _ => String::new(),
            };
            (format!("`{}` is no {}: expected {least} to {most}{names}", told(word), self.name), None)
        })
    }
}

fn digits(text: &str) -> Option<u16> {
    // A sign is no digit, though numbers may have one elsewhere.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn told(text: &str) -> String {
    shown(text, 20)
}
