use std::fmt::Write;

use super::support::{Portal, send};

const PEOPLE: usize = 100_000;
const TEAMS: usize = 200;

/// Fails only by taking forever: nothing here may cost the square of the users.
#[tokio::test]
async fn a_hundred_thousand_users_are_listed_and_changed() {
    let mut people = String::new();
    for number in 0..PEOPLE {
        let comma = if number == 0 { "" } else { "," };
        let (first, second) = (number % TEAMS, (number + 7) % TEAMS);
        let groups = format!(r#"["team{first}","team{second}"]"#);
        write!(people, r#"{comma}{{"name":"p{number}@x.test","email":"p{number}@x.test","groups":{groups}}}"#)
            .expect("memory");
    }
    let teams: Vec<String> = (0..TEAMS).map(|team| format!(r#"{{"name":"team{team}"}}"#)).collect();
    let seed = format!(r#"{{"users":[{people}],"groups":[{}]}}"#, teams.join(","));
    let portal = Portal::start(serde_json::from_str(&seed).expect("JSON")).await;
    let list = send(portal.post("User/listUsers", &[])).await.text().await.expect("a body");
    assert_eq!(list.matches("\"full_name\"").count(), PEOPLE);
    for number in 0..100 {
        let name = format!("p{number}@x.test");
        let (_, told) = portal.ask("User/addUserToGroup", &[("username", &name), ("group", "team100")]).await;
        assert_eq!(told["result"], "Success");
    }
    assert!(portal.members("team100").len() > 2 * PEOPLE / TEAMS);
}
