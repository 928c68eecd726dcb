//! Names: of one piece with us, of two with them.

use proptest::prelude::*;

use super::super::config::Auth;
use super::super::convert::{bend, display, is_mail, names, refuses};
use super::{group, settings, user};

fn bent(display: &str) -> Option<String> {
    let mut principal = user("ana@example.org");
    principal.display_name = Some(display.into());
    bend(&mut principal, &settings(Auth::Saml));
    principal.display_name.map(String::from)
}

#[test]
fn the_first_word_is_the_first_name_and_the_rest_the_last() {
    let pair = |first: &str, last: &str| (first.to_owned(), last.to_owned());
    assert_eq!(names("Ana Ruiz", "-"), pair("Ana", "Ruiz"));
    assert_eq!(names("  Ana   Maria\tde la  Cruz ", "-"), pair("Ana", "Maria de la Cruz"));
    assert_eq!(names("Cher", "-"), pair("Cher", "-"));
    assert_eq!(names("Cher", "(none)"), pair("Cher", "(none)"));
}

#[test]
fn who_has_no_last_name_shows_none() {
    assert_eq!(display("Cher", "-", "-"), "Cher");
    assert_eq!(display("Cher", "", "-"), "Cher");
    assert_eq!(display(" Mary  Jane", "Watson ", "-"), "Mary Jane Watson");
    assert_eq!(display("", "Ruiz", "-"), "Ruiz");
}

#[test]
fn a_display_name_is_bent_to_what_two_names_can_hold() {
    assert_eq!(bent("  Ana   Ruiz ").as_deref(), Some("Ana Ruiz"));
    assert_eq!(bent("").as_deref(), Some("ana@example.org"), "nobody is without a name");
    assert_eq!(bent("Ana -").as_deref(), Some("Ana"));
    let long = bent(&format!("{} {}", "x".repeat(300), "𝄞".repeat(300))).expect("a name");
    let (first, last) = long.split_once(' ').expect("two words");
    assert_eq!((first.len(), last.encode_utf16().count()), (255, 254), "no half of a character is left");
}

#[test]
fn what_the_server_does_not_hold_is_not_wanted() {
    let mut ana = user("ana@example.org");
    (ana.mail, ana.description) = (Some("other@example.org".into()), Some("x".into()));
    ana.set_groups(Vec::new());
    bend(&mut ana, &settings(Auth::Builtin));
    assert_eq!((ana.mail, ana.description, ana.display_name), (None, None, None));
    assert!(ana.groups.is_some());
    let mut gone = user("eve@example.org");
    (gone.active, gone.display_name) = (Some(false), Some("Eve".into()));
    gone.set_groups(Vec::new());
    bend(&mut gone, &settings(Auth::Windows));
    assert_eq!(
        (gone.active, gone.groups, gone.display_name),
        (Some(false), None, None),
        "names come from the directory"
    );
}

#[test]
fn the_role_of_a_group_is_that_of_the_configuration() {
    let mut named = group("BI Admins");
    let mut other = group("bi admins");
    for group in [&mut named, &mut other] {
        group.active = Some(true);
        bend(group, &settings(Auth::Saml));
    }
    let role = named.attributes.as_ref().and_then(|attributes| attributes.get("role").cloned());
    assert_eq!(role, Some("Artisan".into()));
    assert_eq!((named.active, other.attributes.is_none()), (None, true));
    assert_eq!(named.display_name.as_deref(), Some("BI Admins"));
}

#[test]
fn names_that_nobody_can_have_are_refused() {
    assert!(refuses(&group("  ")).is_some() && refuses(&user("a\u{7}@x")).is_some());
    assert!(refuses(&group(&"x".repeat(256))).is_some());
    assert_eq!(refuses(&group(&"x".repeat(255))), None);
    assert_eq!(refuses(&user("ana")), None, "that is for the plan to hold, with advice");
}

#[test]
fn an_e_mail_address_has_two_ends_and_no_gap() {
    for good in ["ana@example.org", "o'brien+tag@x", "ä@ö.org"] {
        assert!(is_mail(good), "{good}");
    }
    for bad in ["ana", "@example.org", "ana@", "a@b@c", "ana ruiz@example.org", ""] {
        assert!(!is_mail(bad), "{bad}");
    }
}

proptest! {
    #[test]
    fn to_bend_twice_is_to_bend_once_and_both_names_make_it_again(text in "\\PC{0,40}", spaces in "[ \\t]{0,3}") {
        let once = bent(&format!("{spaces}{text}{spaces}{text}")).expect("a name");
        prop_assert_eq!(bent(&once), Some(once.clone()));
        let (first, last) = names(&once, "-");
        prop_assert_eq!(display(&first, &last, "-").to_string(), once);
        prop_assert!((1..=255).contains(&last.encode_utf16().count()));
    }
}
