use std::collections::BTreeMap;

use super::connector;
use super::entry::one_kind;
use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::config::settings::SourceSettings;
use crate::connector::BuildContext;
use crate::guard::Expect;
use crate::principal::PrincipalId;
use crate::sources::SourceFile;

pub(super) fn resolve(files: BTreeMap<String, SourceFile>, at: &mut Resolving<'_>) -> BTreeMap<String, SourceSettings> {
    let mut sources = BTreeMap::new();
    for (name, file) in files {
        let path = Path::of(&["sources", &name]);
        let expect = file.expect.clone().unwrap_or_default();
        check(&expect, &path.key("expect"), at);
        let Some(kind) = one_kind(&file.chosen(), SourceFile::KINDS, &path, at) else { continue };
        let context = BuildContext { name: name.clone(), folder: at.folder.to_owned(), ..BuildContext::default() };
        let attributes = match file.build(&context) {
            Some(Ok(source)) => source.attribute_names(),
            Some(Err(errors)) => {
                connector::complain(errors, &path.key(kind), at);
                None
            }
            None => None,
        };
        sources.insert(name.clone(), SourceSettings { name, kind, file, context, expect, attributes });
    }
    sources
}

fn check(expect: &Expect, path: &Path, at: &mut Resolving<'_>) {
    for (index, sentinel) in expect.sentinels.iter().enumerate() {
        if let Err(message) = PrincipalId::parse(sentinel) {
            at.complaints.add(Complaint::at_value(path.key("sentinels").index(index), message));
        }
    }
}
