use ldap3::Scope;

use super::address::{Address, Security};
use super::settings::Settings;
use super::wanted::Search;

/// The same search as a command that a person may paste. The password is asked for: it stands nowhere.
pub(super) fn ldapsearch(settings: &Settings, address: &Address, search: &Search) -> String {
    let mut words = Vec::new();
    if let Some(file) = settings.authorities.as_ref().filter(|_| address.security != Security::Clear) {
        words.push(format!("LDAPTLS_CACERT={}", quoted(file)));
    }
    words.extend(["ldapsearch -LLL -x -H".to_owned(), quoted(&address.to_string())]);
    if address.security == Security::StartTls {
        words.push("-ZZ".into());
    }
    if let Some(bind) = &settings.bind {
        words.extend(["-D".to_owned(), quoted(&bind.dn), "-W".to_owned()]);
    }
    if let Some(size) = settings.paging {
        words.push(format!("-E pr={size}/noprompt"));
    }
    let scope = match search.scope {
        Scope::Base => "base",
        Scope::OneLevel => "one",
        Scope::Subtree => "sub",
    };
    words.extend(["-b".to_owned(), quoted(&search.base), format!("-s {scope}"), quoted(&search.filter)]);
    words.extend(search.attributes.iter().map(|name| quoted(name)));
    words.join(" ")
}

/// A word that a POSIX shell takes as it is.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@+".contains(&byte);
    if !text.is_empty() && !text.starts_with('-') && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
