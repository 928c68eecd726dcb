//! How far the changes of a directory were followed: what the next reading begins from.

use serde::{Deserialize, Serialize};

use super::asked::{Asked, show_deleted};
use super::directory::{Directory, Server};
use super::dn::dn_key;
use super::entry::Entry;
use super::identity::hexadecimal;
use super::session::Session;
use super::trouble::Trouble;
use super::wanted::Search;

/// The control of a content synchronisation. RFC 4533, section 2.2.
const CONTENT_SYNC: &str = "1.3.6.1.4.1.4203.1.9.1.1";

/// A point in the history of a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Position {
    /// Cookies of RFC 4533, one for each search.
    ContentSync { users: String, groups: String },
    /// The highest `uSNChanged` of one domain controller, and which that is. MS-ADTS, section 3.1.1.1.9.
    Usn { highest: u64, controller: String },
}

/// Where the history stands now. Asked for before a reading begins: what changes meanwhile is then read again by the
/// next, and never missed. The inner error says why this server's changes cannot be followed.
///
/// # Errors
/// When the connection is lost.
pub(super) async fn now(
    session: &mut Session,
    directory: &Directory,
    asked: &Asked,
) -> Result<Result<Position, String>, Trouble> {
    match directory.server {
        Server::OpenLdap if !directory.knows_control(CONTENT_SYNC) => {
            Ok(Err("the server does not offer content synchronisation (the `syncprov` overlay)".into()))
        }
        Server::OpenLdap => content_sync(session, directory, asked).await,
        Server::ActiveDirectory => usn(session, directory, asked).await,
        Server::Ds389 | Server::Other => Ok(Err("changes are followed on OpenLDAP and Active Directory".into())),
    }
}

async fn content_sync(
    session: &mut Session,
    directory: &Directory,
    asked: &Asked,
) -> Result<Result<Position, String>, Trouble> {
    let users = match cookie(session, directory, &asked.users).await? {
        Ok(cookie) => cookie,
        Err(why) => return Ok(Err(why)),
    };
    let groups = match &asked.groups {
        Some(groups) => cookie(session, directory, groups).await?,
        None => Ok(String::new()),
    };
    Ok(groups.map(|groups| Position::ContentSync { users, groups }))
}

/// The cookie that stands for this moment, made of the `contextCSN` of the tree that holds the search. That it looks so
/// is a fact of OpenLDAP alone (`slap_parse_sync_cookie`); a server that cannot read it sends everything, and that is
/// seen.
async fn cookie(
    session: &mut Session,
    directory: &Directory,
    search: &Search,
) -> Result<Result<String, String>, Trouble> {
    let base = dn_key(&search.base).unwrap_or_default();
    let holds = |context: &&String| dn_key(context).is_some_and(|context| is_below(&base, &context));
    let Some(context) = directory.contexts.iter().filter(holds).max_by_key(|context| context.len()) else {
        return Ok(Err(format!("no naming context holds {}", search.base)));
    };
    let found = session.entry(&Search::at(context, ["contextCSN"])).await?;
    let mut csns: Vec<_> = texts(&found, "contextCSN");
    csns.sort_unstable();
    if csns.is_empty() {
        return Ok(Err(format!("`contextCSN` of {context} cannot be read: allow it to the bind account")));
    }
    Ok(Ok(format!("rid=000,csn={}", csns.join(";"))))
}

async fn usn(session: &mut Session, directory: &Directory, asked: &Asked) -> Result<Result<Position, String>, Trouble> {
    let Some(context) = directory.contexts.first() else {
        return Ok(Err("the server names no naming context".into()));
    };
    let above = dn_key(context).unwrap_or_default();
    if let Some(base) = asked.bases().find(|base| !dn_key(base).is_some_and(|key| is_below(&key, &above))) {
        return Ok(Err(format!("{base} is not below {context}, the one tree whose changes are looked for")));
    }
    // What is deleted can be followed only where it can be seen.
    let mut deleted = Search::at(&format!("CN=Deleted Objects,{context}"), ["objectGUID"]);
    deleted.controls = vec![show_deleted()];
    if session.entry(&deleted).await?.attributes.is_empty() {
        return Ok(Err("the bind account may not see deleted objects, so their going could not be followed".into()));
    }
    let root = session.entry(&Search::at("", ["highestCommittedUSN", "dsServiceName"])).await?;
    let highest = texts(&root, "highestCommittedUSN").first().and_then(|text| text.parse().ok());
    let service = texts(&root, "dsServiceName").into_iter().next();
    let (Some(highest), Some(service)) = (highest, service) else {
        return Ok(Err("the server does not say its `highestCommittedUSN`".into()));
    };
    // A controller that was restored from a backup counts anew, under another id.
    let settings = session.entry(&Search::at(&service, ["invocationId"])).await?;
    match settings.values("invocationId") {
        [id] => Ok(Ok(Position::Usn { highest, controller: hexadecimal(id).into() })),
        _ => Ok(Err("the `invocationId` of the domain controller cannot be read".into())),
    }
}

/// Whether the DN of this key is that of the other, or below it.
fn is_below(key: &str, above: &str) -> bool {
    above.is_empty() || key.strip_suffix(above).is_some_and(|rest| rest.is_empty() || rest.ends_with(','))
}

fn texts(entry: &Entry, name: &str) -> Vec<String> {
    entry.values(name).iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dn_is_below_another_by_whole_parts() {
        assert!(is_below("uid=ada,dc=example,dc=org", "dc=example,dc=org"));
        assert!(is_below("dc=org", "dc=org") && is_below("dc=org", ""));
        assert!(!is_below("dc=org", "dc=example,dc=org") && !is_below("adc=org", "dc=org"));
    }
}
