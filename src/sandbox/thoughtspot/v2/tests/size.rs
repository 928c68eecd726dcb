use serde_json::{Value, json};

use super::support::Cluster;

const PEOPLE: usize = 100_000;
const TEAMS: usize = 200;

/// Fails only by taking forever: nothing here may cost the square of the users.
#[tokio::test]
async fn a_hundred_thousand_users_are_searched_page_by_page_and_changed_one_by_one() {
    let cluster = Cluster::start(json!([])).await;
    let teams = (0..TEAMS).map(|team| json!({"name": format!("team{team}"), "principalTypeEnum": "LOCAL_GROUP"}));
    let people = (0..PEOPLE).map(|number| {
        json!({"name": format!("p{number:06}"), "mail": "p@x.test", "principalTypeEnum": "SAML_USER",
            "groupNames": [format!("team{}", number % TEAMS)]})
    });
    let seed = serde_json::from_value(teams.chain(people).collect()).expect("records");
    cluster.emulator().seed(seed).expect("a good seed");
    // A page is counted as text: to take it apart would cost more than all the rest.
    let count = async |operation: &str, page: &Value| {
        let response = cluster.post(operation, page).send().await.expect("an answer");
        response.text().await.expect("a body").matches("\"creation_time_in_millis\"").count()
    };
    let mut seen = 0;
    while seen < PEOPLE + 4 {
        let page = json!({"record_size": 5_000, "record_offset": seen});
        let rows = count("users/search", &page).await;
        assert!(rows > 0);
        seen += rows;
    }
    for number in 0..200 {
        let ask = json!({"operation": "ADD", "group_identifiers": [format!("team{number}")]});
        assert_eq!(cluster.status(&format!("users/P{number:06}/update"), &ask).await, 204);
    }
    assert_eq!(count("groups/search", &json!({"record_size": -1})).await, TEAMS + 5);
}
