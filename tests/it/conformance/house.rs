//! What a product gives to the suite: how to start it, look into it, and where it hurts.

use rollcall::sandbox::Options;
use serde_json::{Map, Value, json};

/// Somebody, in the words that all products share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Person {
    /// `user` or `group`.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) display: String,
    pub(crate) active: bool,
    /// Sorted.
    pub(crate) groups: Vec<String>,
}

/// A product.
pub(crate) struct House {
    /// Its prefix in the sandbox; empty for a target that is no server.
    pub(crate) product: &'static str,
    /// The target in the configuration, a YAML flow mapping. `URL` stands for the address of the product. Its secret is in the
    /// file `secret`.
    pub(crate) target: &'static str,
    pub(crate) secret: &'static str,
    /// The listing of users and what makes a user, as faults name them.
    pub(crate) list: &'static str,
    pub(crate) create: &'static str,
    /// Principals of one page of the listing, as the configuration above asks for them; 0 where there are no pages.
    pub(crate) page: usize,
    /// Attributes of users: name, and two values to change between.
    pub(crate) attributes: fn() -> Vec<(&'static str, Value, Value)>,
    /// From the common words to a seed of the emulator, besides what every installation has.
    pub(crate) seed: fn(&[Person]) -> Value,
    /// From the state of the emulator to the common words, without what every installation has.
    pub(crate) people: fn(&Value) -> Vec<Person>,
    /// Sets up the emulator, so that its secret is one that nothing else is called.
    pub(crate) open: fn(&mut Options),
    /// Whether it is told by requests with a token that can end.
    pub(crate) tokens: bool,
}

impl Person {
    pub(crate) fn user(name: &str, groups: &[&str]) -> Self {
        let display = format!("{} Example", capital(name));
        let name = if name.contains('@') { name.to_owned() } else { format!("{name}@example.org") };
        Self { kind: "user", name, display, active: true, groups: sorted(groups) }
    }

    pub(crate) fn group(name: &str) -> Self {
        Self { kind: "group", name: name.to_owned(), display: name.to_owned(), active: true, groups: Vec::new() }
    }

    pub(crate) fn titled(mut self, display: &str) -> Self {
        self.display = display.to_owned();
        self
    }

    /// As the JSON source writes it, with an immutable id made of the first name.
    pub(crate) fn source(&self) -> Value {
        let Self { kind, name, display, active, groups } = self;
        let mut all = Map::new();
        let kind_name = if *kind == "user" { "LOCAL_USER" } else { "LOCAL_GROUP" };
        all.insert("name".into(), json!(name));
        all.insert("displayName".into(), json!(display));
        all.insert("principalTypeEnum".into(), json!(kind_name));
        all.insert("id".into(), json!(format!("id-{name}")));
        if *kind == "user" {
            all.insert("mail".into(), json!(name));
            all.insert("groupNames".into(), json!(groups));
            if !active {
                all.insert("active".into(), json!(false));
            }
        }
        Value::Object(all)
    }
}

/// The group `staff` and so many people in it.
pub(crate) fn company(count: usize) -> Vec<Person> {
    let users = (1..=count).map(|number| Person::user(&format!("u{number:03}"), &["staff"]));
    std::iter::once(Person::group("staff")).chain(users).collect()
}

fn capital(name: &str) -> String {
    let first = name.split('@').next().unwrap_or(name);
    let mut letters = first.chars();
    letters.next().map(|letter| letter.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

pub(crate) fn sorted<T: AsRef<str>>(names: &[T]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|name| name.as_ref().to_owned()).collect();
    names.sort();
    names
}

/// The texts of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    sorted(&value.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>())
}

/// A member that is a text.
pub(crate) fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}
