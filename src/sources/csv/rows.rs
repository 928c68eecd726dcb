use compact_str::CompactString;

use super::columns::Columns;
use super::member::Member;
use super::scan::Field;
use super::sheet::{Gathered, Sheet};
use crate::principal::{
    Attributes, GroupRef, Kind, Origin, Password, Principal, PrincipalType, Record, Visibility, shown,
};
use crate::sources::set_aside::Unusable;

/// Turns rows into principals.
pub(super) struct RowReader<'a> {
    sheet: &'a Sheet,
    columns: &'a Columns,
    list_separator: char,
    gathered: &'a mut Gathered,
    /// The groups of one row; kept so that a row costs no growing list.
    groups: Vec<GroupRef>,
}

/// A row under way. The first wrong value is what is reported.
struct Draft {
    principal: Principal,
    /// None where `principalTypeEnum` tells no kind.
    kind: Option<Kind>,
    wrong: Option<String>,
}

impl Draft {
    fn wrong(&mut self, member: &str, text: &str, expected: &str) {
        let text = shown(text, 40);
        self.wrong.get_or_insert_with(|| format!("`{member}` is `{text}`: expected {expected}"));
    }
}

impl<'a> RowReader<'a> {
    pub(super) fn new(
        sheet: &'a Sheet,
        columns: &'a Columns,
        list_separator: char,
        gathered: &'a mut Gathered,
    ) -> Self {
        Self { sheet, columns, list_separator, gathered, groups: Vec::new() }
    }

    /// Adds the row, or sets it aside. Even then its groups count as named: a row set aside takes no group away.
    pub(super) fn add(&mut self, line: u64, fields: &[Field<'_>]) {
        let kind = self.sheet.kind;
        let mut draft = Draft { principal: Principal::new(kind, ""), kind: Some(kind), wrong: None };
        for (member, at) in &self.columns.read {
            let text = fields[*at].text();
            if *member == Member::Groups {
                draft.principal.set_groups(self.groups(line, &text));
            } else {
                set(&mut draft, member, &text);
            }
        }
        let Draft { principal, kind, wrong } = draft;
        let wrong = if principal.name.trim().is_empty() { Some("the name is empty".to_owned()) } else { wrong };
        let (file, reading) = (self.sheet.file.shown(), &mut self.gathered.reading);
        match wrong {
            None => reading.records.push(Record::new(principal, Some(Origin::line(file, line)))),
            Some(reason) => {
                let unusable = Unusable { kind, name: principal.name, reason };
                unusable.set_aside(reading, file, line, self.sheet.kind);
            }
        }
    }

    fn groups(&mut self, line: u64, text: &str) -> Vec<GroupRef> {
        self.groups.clear();
        let Gathered { reading, named_on, .. } = &mut *self.gathered;
        for name in text.split(self.list_separator).map(str::trim).filter(|name| !name.is_empty()) {
            let group = reading.names.intern(name);
            if group.index() == named_on.len() {
                named_on.push(line);
            }
            self.groups.push(group);
        }
        self.groups.clone()
    }
}

fn set(draft: &mut Draft, member: &Member, text: &str) {
    let some = || Some(CompactString::from(text));
    let filled = || Some(text).filter(|text| !text.is_empty());
    let principal = &mut draft.principal;
    match member {
        Member::Name => principal.name = text.into(),
        Member::DisplayName => principal.display_name = some(),
        Member::Description => principal.description = some(),
        Member::Mail => principal.mail = some(),
        Member::Id => principal.id = filled().map(CompactString::from),
        Member::Password => principal.password = filled().map(|text| Box::new(Password::new(text))),
        Member::Attribute(name) => {
            let attributes = principal.attributes.get_or_insert_with(|| Box::new(Attributes::new()));
            attributes.insert(name.clone(), text.into());
        }
        Member::Type => set_type(draft, text),
        Member::Visibility => match Visibility::parse(text) {
            None if text.is_empty() => principal.visibility = Some(Visibility::Default),
            None => draft.wrong("visibility", text, "DEFAULT or NON_SHARABLE"),
            known => principal.visibility = known,
        },
        Member::Active => match truth(text) {
            None if text.is_empty() => {}
            None => draft.wrong("active", text, "true, false, yes, no, 1 or 0"),
            known => principal.active = known,
        },
        Member::Groups | Member::Ignored => {}
    }
}

fn set_type(draft: &mut Draft, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some((type_name, kind)) = PrincipalType::parse(text) {
        draft.principal.type_name = Some(type_name);
        draft.principal.kind = kind;
        draft.kind = Some(kind);
    } else {
        draft.kind = None;
        draft.wrong("principalTypeEnum", text, "one that ends in _USER or _GROUP");
    }
}

fn truth(text: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "yes", "1"]) {
        Some(true)
    } else if is(["false", "no", "0"]) {
        Some(false)
    } else {
        None
    }
}
