use crate::principal::{
    GroupNames, Kind, Members, Principal, PrincipalDocument, PrincipalView, RecordError, Visibility,
};

fn read(json: &str, members: Members) -> Result<(Principal, GroupNames), RecordError> {
    let mut names = GroupNames::new();
    let document: PrincipalDocument = serde_json::from_str(json).unwrap();
    document.into_principal(&mut names, members).map(|principal| (principal, names))
}

fn strict(json: &str) -> (Principal, GroupNames) {
    read(json, Members::Strict).unwrap()
}

fn refusal(json: &str) -> RecordError {
    read(json, Members::Strict).unwrap_err()
}

fn broken(json: &str) -> String {
    serde_json::from_str::<PrincipalDocument>(json).unwrap_err().to_string()
}

#[test]
fn every_member_is_read_and_printed_in_a_fixed_order() {
    let json = r#"{"visibility":"NON_SHARABLE","groupNames":["b","a","b"],"name":"ada","mail":"ada@x.example",
        "active":true,"attributes":{"n":1,"list":["x"]},"id":"7","description":"d","displayName":"Ada",
        "principalTypeEnum":"LDAP_USER","created":1,"modified":2,"password":"secret"}"#;
    let (principal, names) = strict(json);
    assert_eq!(principal.password.as_ref().unwrap().reveal(), "secret");
    assert_eq!(
        serde_json::to_string(&PrincipalView::new(&principal, &names)).unwrap(),
        r#"{"name":"ada","displayName":"Ada","description":"d","mail":"ada@x.example","id":"7","principalTypeEnum":"LDAP_USER","groupNames":["a","b"],"visibility":"NON_SHARABLE","active":true,"attributes":{"list":["x"],"n":1}}"#
    );
    assert!(!format!("{principal:?}").contains("secret"));
}

#[test]
fn a_member_left_out_is_unmanaged() {
    let (principal, _) = strict(r#"{"name":"ada"}"#);
    assert_eq!(principal.kind, Kind::User);
    assert!(principal.display_name.is_none() && principal.mail.is_none() && principal.description.is_none());
    assert!(principal.groups.is_none() && principal.visibility.is_none() && principal.active.is_none());
    assert!(principal.attributes.is_none() && principal.id.is_none() && principal.password.is_none());
}

#[test]
fn null_and_empty_clear() {
    for value in ["null", "\"\""] {
        let json = format!(r#"{{"name":"ada","displayName":{value},"description":{value},"mail":{value}}}"#);
        let (principal, _) = strict(&json);
        for text in [&principal.display_name, &principal.description, &principal.mail] {
            assert_eq!(text.as_deref(), Some(""), "{json}");
        }
        let (principal, _) = strict(&format!(r#"{{"name":"ada","visibility":{value}}}"#));
        assert_eq!(principal.visibility, Some(Visibility::Default));
    }
    for value in ["null", "[]"] {
        let (principal, _) = strict(&format!(r#"{{"name":"ada","groupNames":{value}}}"#));
        assert_eq!(principal.groups.as_deref(), Some([].as_slice()));
    }
    let (principal, _) = strict(r#"{"name":"ada","id":"","password":""}"#);
    assert!(principal.id.is_none() && principal.password.is_none(), "an empty id or password is none");
}

#[test]
fn the_type_tells_the_kind() {
    assert_eq!(strict(r#"{"name":"x","principalTypeEnum":"SAML_GROUP"}"#).0.kind, Kind::Group);
    assert_eq!(strict(r#"{"name":"x","principalTypeEnum":"WHATEVER_USER"}"#).0.kind, Kind::User);
    let error = refusal(r#"{"name":"x","principalTypeEnum":"ROBOT"}"#);
    assert_eq!(error.name, None, "whether it is a user or a group cannot be said");
    assert!(error.reason.contains("ROBOT"));
}

#[test]
fn a_record_without_a_name_says_so() {
    for json in [r#"{"mail":"x"}"#, r#"{"name":""}"#, r#"{"name":"  "}"#, r#"{"name":null}"#] {
        let error = refusal(json);
        assert_eq!((error.name, error.reason.as_str()), (None, "`name` is missing or blank"));
    }
}

#[test]
fn a_source_may_not_misspell_a_member() {
    let error = refusal(r#"{"name":"ada","displayname":"Ada"}"#);
    assert_eq!(error.name, Some((Kind::User, "ada".into())), "so that it can be set aside by name");
    assert!(error.reason.starts_with("unknown member `displayname`"), "{}", error.reason);
    strict(r#"{"name":"ada","created":1,"modified":2,"activate":true}"#);
}

#[test]
fn a_wrong_value_is_named_without_a_secret() {
    assert!(refusal(r#"{"name":"ada","visibility":"HIDDEN"}"#).reason.contains("HIDDEN"));
    assert!(broken(r#"{"name":"ada","active":"yes"}"#).contains("`active`"));
    assert!(broken(r#"{"name":"ada","groupNames":["x",5]}"#).contains("`groupNames`"));
    let error = broken(r#"{"name":"ada","password":12345}"#);
    assert!(error.contains("`password`") && !error.contains("12345"), "{error}");
}

#[test]
fn a_member_that_stands_twice_is_an_error() {
    assert!(broken(r#"{"name":"ada","mail":"a","mail":"b"}"#).contains("`mail` stands twice"));
    assert!(broken(r#"{"name":"ada","odd":1,"odd":2}"#).contains("`odd` stands twice"));
    assert!(broken("[]").contains("a principal"));
}

#[test]
fn members_of_the_target_are_carried_through_byte_for_byte() {
    let extra = r#""created":1399931230000,"float":1.10,"nested":{"b":[1,2 , 3],"a":"\u00e9"}"#;
    let (principal, names) = read(&format!(r#"{{"name":"ada",{extra}}}"#), Members::Carried).unwrap();
    let text = serde_json::to_string(&PrincipalView::carried(&principal, &names)).unwrap();
    assert_eq!(text, format!(r#"{{"name":"ada","principalTypeEnum":"LOCAL_USER",{extra}}}"#));
    let shown = serde_json::to_string(&PrincipalView::new(&principal, &names)).unwrap();
    assert!(!shown.contains("created"), "a report does not show what is only carried");
}

#[test]
fn what_is_printed_reads_back_the_same() {
    let json = r#"{"name":"a\"\u0000\u202e","displayName":"","groupNames":["z","a"],"attributes":{"k":null}}"#;
    let (principal, names) = strict(json);
    let text = serde_json::to_string(&PrincipalView::new(&principal, &names)).unwrap();
    let (again, names) = strict(&text);
    assert_eq!(serde_json::to_string(&PrincipalView::new(&again, &names)).unwrap(), text);
}
