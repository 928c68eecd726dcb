use std::time::Duration;

use serde_json::{Value, json};

use super::super::lifetime::lifetime;

/// `{"iat":1656067154,"exp":1656103154}`: ten hours, as in the vendor's sample.
const JWT: &str = "eyJ0eXAiOiJKV1QifQ.eyJpYXQiOjE2NTYwNjcxNTQsImV4cCI6MTY1NjEwMzE1NH0.x";

fn seconds(token: &str, created: &Value, expires: &Value) -> Option<u64> {
    lifetime(token, Some(created), Some(expires)).map(|life| life.as_secs())
}

#[test]
fn an_answer_says_from_when_to_when() {
    let (from, to) = (json!("2024-01-01T00:00:00+00:00"), json!("2024-01-01T02:00:00+01:00"));
    assert_eq!(seconds("opaque", &from, &to), Some(3600));
    assert_eq!(seconds("opaque", &json!(1_704_067_200), &json!(1_704_067_260)), Some(60));
    assert_eq!(seconds("opaque", &json!(1_704_067_200_000_i64), &json!(1_704_067_260_000_i64)), Some(60));
    assert_eq!(seconds("opaque", &Value::Null, &json!(600)), Some(600), "a length of time");
    assert_eq!(seconds("opaque", &Value::Null, &json!("600")), Some(600));
}

#[test]
fn a_token_says_it_where_the_answer_does_not() {
    let same = json!("2024-01-01T00:00:00+00:00");
    assert_eq!(seconds(JWT, &same, &same), Some(36_000), "the vendor's sample prints one moment twice");
    assert_eq!(lifetime(JWT, None, None), Some(Duration::from_hours(10)));
    assert_eq!(seconds(JWT, &Value::Null, &json!("2022-06-24T11:39:14Z")), Some(3600), "since it was issued");
}

#[test]
fn nothing_is_made_of_nonsense() {
    for token in ["", "opaque", "a.b", "a.!!.c", "a.e30.c"] {
        assert_eq!(lifetime(token, None, None), None, "{token}");
        assert_eq!(seconds(token, &json!({}), &json!("soon")), None, "{token}");
        assert_eq!(seconds(token, &json!(200_000_000), &json!(100_000_001)), None, "{token}: backwards");
    }
}
