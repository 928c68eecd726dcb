use serde_json::json;

use super::support::{Cluster, group, lists, send};

const PEOPLE: usize = 100_000;
const TEAMS: usize = 200;

fn person(number: usize, display_name: &str) -> String {
    let (first, second) = (number % TEAMS, (number + 7) % TEAMS);
    format!(
        r#"{{"name":"p{number}@x.test","displayName":"{display_name}","mail":"p{number}@x.test",
        "principalTypeEnum":"SAML_USER","groupNames":["team{first}","team{second}"]}}"#
    )
}

/// Fails only by taking forever: nothing here may cost the square of the users.
#[tokio::test]
async fn a_hundred_thousand_users_are_listed_and_synchronised() {
    let cluster = Cluster::start(json!([])).await;
    let teams = (0..TEAMS).map(|team| group(&format!("team{team}"), &[]).to_string());
    let people = (0..PEOPLE).map(|number| person(number, "Somebody"));
    let mut everybody: Vec<String> = teams.chain(people).collect();
    let seed = serde_json::from_str(&format!("[{}]", everybody.join(","))).expect("records");
    cluster.emulator().seed(seed).expect("a good seed");
    let list = send(cluster.get("user/list")).await.text().await.expect("a body");
    assert_eq!(list.matches("\"displayName\"").count(), PEOPLE + TEAMS + 7);

    everybody.pop();
    everybody[TEAMS] = person(0, "Another");
    let form = reqwest::multipart::Form::new()
        .text("principals", format!("[{}]", everybody.join(",")))
        .text("applyChanges", "true");
    let gone = format!("p{}@x.test", PEOPLE - 1);
    let expected = lists(&json!({"usersUpdated": ["p0@x.test"], "usersDeleted": [gone]}));
    assert_eq!(cluster.sync_form(form).await, (200, expected));
}
