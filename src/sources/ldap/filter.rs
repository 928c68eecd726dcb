//! Search filters. RFC 4515.

/// Whether `text` is a filter.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(text: &str) -> Result<(), String> {
    let (open, close) = (text.matches('(').count(), text.matches(')').count());
    match ldap3::parse_filter(text) {
        Ok(_) if text.trim_start().starts_with('(') => Ok(()),
        Ok(_) => Err(format!("`{text}` has no parentheses around it")),
        Err(()) if open > close => Err(format!("`{text}` lacks a closing parenthesis")),
        Err(()) if open < close => Err(format!("`{text}` has a closing parenthesis too many")),
        Err(()) => Err(format!("`{text}` is no filter of RFC 4515")),
    }
}

/// The attributes that a filter asks about, each once, in their order: to find the one that a server does not know,
/// for to such a filter it answers with nothing and no error.
pub(super) fn attributes(filter: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for item in filter.split('(').skip(1) {
        let end = item.find(['=', '~', '<', '>', ':']).unwrap_or(0);
        let name = item[..end].trim();
        let name = name.split(';').next().unwrap_or(name);
        if !name.is_empty() && !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_told_from_what_is_none() {
        assert_eq!(check("(&(objectClass=person)(!(uid=a\\2a*)))"), Ok(()));
        assert_eq!(check("(userAccountControl:1.2.840.113556.1.4.803:=2)"), Ok(()));
        assert_eq!(check("(uid=a"), Err("`(uid=a` lacks a closing parenthesis".into()));
        assert_eq!(check("(uid=a))"), Err("`(uid=a))` has a closing parenthesis too many".into()));
        assert_eq!(check("uid=a"), Err("`uid=a` has no parentheses around it".into()));
        assert_eq!(check("(=)"), Err("`(=)` is no filter of RFC 4515".into()));
    }

    #[test]
    fn the_attributes_of_a_filter_are_found() {
        let filter =
            "(&(objectClass=person)(|(uid>=a)(cn;lang-de~=b))(!(UID=c))(memberOf:1.2.840.113556.1.4.1941:=cn=g))";
        assert_eq!(attributes(filter), ["objectClass", "uid", "cn", "memberOf"]);
    }
}
