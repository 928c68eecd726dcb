use super::entry::one_kind;
use super::target::network;
use super::whole::Resolving;
use super::{connector, secrets};
use crate::config::complaint::Complaint;
use crate::config::fault::listed;
use crate::config::nearest::nearest;
use crate::config::path::Path;
use crate::connector::{BuildContext, SecretFile};
use crate::notify::{EventKind, SinkFile, Subscription};
use crate::principal::{is_like, neutral};

/// Who is told of what.
pub(super) fn resolve(files: Vec<SinkFile>, at: &mut Resolving<'_>) -> Vec<Subscription> {
    let entries = files.into_iter().enumerate();
    entries.filter_map(|(index, file)| subscription(file, index, at)).collect()
}

fn subscription(file: SinkFile, index: usize, at: &mut Resolving<'_>) -> Option<Subscription> {
    let path = Path::of(&["notify"]).index(index);
    let events = events(file.events.as_deref(), &path.key("events"), at);
    let syncs = syncs(file.syncs.as_deref(), &path.key("syncs"), at);
    let network = network(file.tls.as_ref(), file.proxy.as_ref(), file.timeout.map(|timeout| timeout.0), &path, at);
    if let Some(url @ (SecretFile::Env(_) | SecretFile::File(_) | SecretFile::Command(_))) =
        file.webhook.as_ref().and_then(|webhook| webhook.url.as_ref())
    {
        secrets::check_one(path.key("webhook").key("url"), url, at);
    }
    if file.mail.is_some() && file.proxy.is_some() {
        let complaint = Complaint::at_value(path.key("proxy"), "mail goes through no proxy");
        at.complaints.add(complaint.hinting("leave it out, and name a relay that can be reached from here"));
    }
    let kind = one_kind(&file.chosen(), SinkFile::KINDS, &path, at)?;
    let context = BuildContext { name: path.to_string(), folder: at.folder.to_owned(), network, pushed: None };
    match file.build(&context)? {
        Ok(sink) => Some(Subscription { kind, place: sink.place().to_owned(), file, context, events, syncs }),
        Err(errors) => {
            connector::complain(errors, &path.key(kind), at);
            None
        }
    }
}

fn events(events: Option<&[EventKind]>, path: &Path, at: &mut Resolving<'_>) -> Vec<EventKind> {
    let events = events.unwrap_or(&EventKind::ALL);
    if events.is_empty() && !at.complaints.touch(path) {
        let complaint = Complaint::at_value(path.clone(), "it would be told of nothing");
        let hint =
            format!("name some of {}, or leave `events` out for all", listed(EventKind::ALL.map(EventKind::word)));
        at.complaints.add(complaint.hinting(hint));
    }
    events.to_vec()
}

/// A name that is no sync's is a mistake; so is a pattern that fits none.
fn syncs(patterns: Option<&[String]>, path: &Path, at: &mut Resolving<'_>) -> Vec<String> {
    let patterns = patterns.unwrap_or_default();
    for (index, pattern) in patterns.iter().enumerate() {
        if at.names("syncs").any(|name| is_like(pattern, name)) {
            continue;
        }
        let complaint = Complaint::at_value(path.index(index), format!("there is no sync `{}`", neutral(pattern)));
        let hint = match nearest(pattern, at.names("syncs")) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the syncs are {}", listed(at.names("syncs"))),
        };
        at.complaints.add(complaint.hinting(hint));
    }
    patterns.to_vec()
}
