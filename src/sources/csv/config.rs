use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use schemars::JsonSchema;
use serde::Deserialize;

use super::columns::{Map, Mapped};
use super::member::Member;
use super::scan::Dialect;
use super::sheet::{Format, Sheet};
use super::source::CsvSource;
use crate::connector::{BuildContext, BuildError, Source};
use crate::principal::Kind;
use crate::sources::file::InputFile;

/// CSV files of users and groups, as the configuration writes them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CsvConfig {
    /// The file of users. Its first row names the columns. Relative paths are beside the configuration file.
    pub users: PathBuf,
    /// The file of groups; without it, groups named by users are created as groups.
    #[serde(default)]
    pub groups: Option<PathBuf>,
    /// What stands between two fields: one ASCII character, or `tab`.
    #[serde(default = "comma")]
    pub delimiter: String,
    /// What fields may be enclosed in: one ASCII character, or `none`.
    #[serde(default = "double_quote")]
    pub quote: String,
    /// What stands between two names in `groupNames`: one character, or `tab`.
    #[serde(default = "semicolon")]
    pub list_separator: String,
    /// The encoding of the files, a label of the WHATWG Encoding Standard such as `utf-8` or `windows-1252`.
    #[serde(default = "utf8")]
    pub encoding: String,
    /// Which column of the users file holds which member, where it is not named so. Columns that are neither mapped
    /// nor named for a member are then not read; without `map` they are an error.
    #[serde(default)]
    pub map: Option<BTreeMap<String, String>>,
    /// The same for the groups file.
    #[serde(default)]
    pub groups_map: Option<BTreeMap<String, String>>,
    /// Whether the last line must have a line end. Without one the file may be cut, and nobody is removed for it.
    #[serde(default)]
    pub last_line_end: LastLineEnd,
}

/// Whether the last line of a file must have a line end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LastLineEnd {
    #[default]
    Required,
    Optional,
}

fn comma() -> String {
    ",".into()
}

fn double_quote() -> String {
    "\"".into()
}

fn semicolon() -> String {
    ";".into()
}

fn utf8() -> String {
    "utf-8".into()
}

impl CsvConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "\
csv:
  users: people.csv
  groups: groups.csv
  delimiter: \",\"
  listSeparator: \";\"
  encoding: utf-8
  map: { name: uid, displayName: full name, mail: email, attributes.department: dept }
";

    /// # Errors
    /// Every value that cannot be worked with.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Source>, Vec<BuildError>> {
        let mut errors = Vec::new();
        let format = self.format(&mut errors);
        let users = path("users", &self.users, &mut errors);
        let users_map = self.map.as_ref().map(|map| members("map", map, &mut errors));
        let groups = self.groups.as_deref().map(|file| path("groups", file, &mut errors));
        let groups_map = self.groups_map.as_ref().map(|map| members("groupsMap", map, &mut errors));
        if groups.is_none() && groups_map.is_some() {
            errors.push(BuildError::new("groupsMap", "there is no `groups` file that it could be for"));
        }
        let Some(format) = format.filter(|_| errors.is_empty()) else {
            return Err(errors);
        };
        let sheet = |path, kind, map| Sheet { file: InputFile::new("CSV", context, path), kind, map };
        let users = sheet(users, Kind::User, users_map);
        let groups = groups.map(|path| sheet(path, Kind::Group, groups_map));
        Ok(Box::new(CsvSource::new(users, groups, format)))
    }

    /// None only where an error was added.
    fn format(&self, errors: &mut Vec<BuildError>) -> Option<Format> {
        let mut note = |result: Result<char, BuildError>| result.map_err(|error| errors.push(error)).ok();
        let delimiter = note(ascii("delimiter", &self.delimiter));
        let quote = if self.quote == "none" { Some(None) } else { note(ascii("quote", &self.quote)).map(Some) };
        let list_separator = note(character("listSeparator", &self.list_separator));
        let encoding = Encoding::for_label_no_replacement(self.encoding.as_bytes());
        if encoding.is_none() {
            let error = BuildError::new("encoding", format!("`{}` is no known encoding", self.encoding));
            errors.push(
                error.with_hint("labels are those of the WHATWG Encoding Standard: utf-8, windows-1252, utf-16le"),
            );
        }
        if delimiter.is_some() && quote == Some(delimiter) {
            errors.push(BuildError::new("quote", "`delimiter` is the same character"));
        }
        let byte = |c: char| u8::try_from(c).ok();
        let dialect = Dialect::new(byte(delimiter?)?, quote?.and_then(byte));
        Some(Format {
            dialect,
            list_separator: list_separator?,
            encoding: encoding?,
            last_line_end: self.last_line_end,
        })
    }
}

fn character(key: &str, text: &str) -> Result<char, BuildError> {
    let mut letters = text.chars();
    match (text, letters.next(), letters.next()) {
        ("tab", ..) => Ok('\t'),
        (_, Some(one), None) => Ok(one),
        _ => Err(BuildError::new(key, format!("expected one character or `tab`, found `{text}`"))),
    }
}

fn ascii(key: &str, text: &str) -> Result<char, BuildError> {
    let one = character(key, text)?;
    if !one.is_ascii() {
        return Err(BuildError::new(key, format!("expected an ASCII character, found `{one}`")));
    }
    if matches!(one, '\r' | '\n') {
        return Err(BuildError::new(key, "a line end already ends the row"));
    }
    Ok(one)
}

fn path<'a>(key: &str, path: &'a Path, errors: &mut Vec<BuildError>) -> &'a Path {
    if path.as_os_str().is_empty() {
        errors.push(BuildError::new(key, "the path is empty"));
    }
    path
}

fn members(key: &str, map: &BTreeMap<String, String>, errors: &mut Vec<BuildError>) -> Map {
    let mut mapped = Map::with_capacity(map.len());
    for (word, column) in map {
        let key = format!("{key}.{word}");
        match Member::parse(word) {
            _ if column.trim().is_empty() => errors.push(BuildError::new(key, "the column has no name")),
            None => {
                let error = BuildError::new(key, format!("`{word}` is no member of a principal"));
                errors.push(error.with_hint(Member::hint(word)));
            }
            Some(Member::Ignored) => errors.push(BuildError::new(key, "this member is never read from a source")),
            Some(member) => {
                mapped.push(Mapped { member, word: word.clone(), column: column.trim().to_owned() });
            }
        }
    }
    mapped
}
