//! The shapes in which answers come.

use lever::{List, Stage, Unreadable, list, single};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

const OFFER: &str = r#"{"id":"offer","text":"Offer"}"#;

#[rstest]
#[case::single(r#"{"data":OFFER}"#)]
#[case::nested(r#"{"data":{"data":OFFER}}"#)]
#[case::bare("OFFER")]
#[case::with_paging(r#"{"data":OFFER,"hasNext":false}"#)]
#[case::with_news(r#"{"data":OFFER,"meta":{"region":"global"}}"#)]
fn one_object_is_read_from_every_shape(#[case] shape: &str) {
    let body = shape.replace("OFFER", OFFER);
    let stage: Stage = single(body.as_bytes()).expect("read");
    assert_eq!(stage.id, "offer");
}

#[rstest]
#[case::plain(r#"{"data":[OFFER],"hasNext":false}"#, None)]
#[case::without_has_next(r#"{"data":[OFFER]}"#, None)]
#[case::bare("[OFFER]", None)]
#[case::nested(r#"{"data":{"data":[OFFER],"hasNext":true,"next":"x"}}"#, Some("x"))]
#[case::more(r#"{"data":[OFFER],"hasNext":true,"next":"x"}"#, Some("x"))]
#[case::next_without_has_next(r#"{"data":[OFFER],"next":"x"}"#, None)]
#[case::next_that_is_none(r#"{"data":[OFFER],"hasNext":false,"next":"x"}"#, None)]
fn a_list_is_read_from_every_shape(#[case] shape: &str, #[case] next: Option<&str>) {
    let body = shape.replace("OFFER", OFFER);
    let page: List<Stage> = list(body.as_bytes()).expect("read");
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.next.as_deref(), next);
}

#[rstest]
#[case::not_json("<html>", Unreadable::NotJson)]
#[case::empty("", Unreadable::NotJson)]
#[case::cut_off(r#"{"data":[{"id":"offer""#, Unreadable::NotJson)]
#[case::no_list(r#"{"data":{"id":"offer"}}"#, Unreadable::Member("data".into()))]
#[case::no_id(r#"{"data":[{"id":"a"},{"text":"b"}]}"#, Unreadable::Member("[1]".into()))]
#[case::odd_id(r#"{"data":[{"id":["ada@candidate.example"]}]}"#, Unreadable::Member("[0].id".into()))]
#[case::next_missing(r#"{"data":[],"hasNext":true}"#, Unreadable::Member("next".into()))]
#[case::next_blank(r#"{"data":[],"hasNext":true,"next":""}"#, Unreadable::Member("next".into()))]
fn what_can_not_be_read_is_named_and_not_repeated(#[case] body: &str, #[case] why: Unreadable) {
    let error = list::<Stage>(body.as_bytes()).expect_err("unreadable");
    assert_eq!(error, why);
    assert!(!error.to_string().contains("ada@"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let name = prop_oneof![
            Just("data".to_owned()),
            Just("hasNext".to_owned()),
            Just("next".to_owned()),
            Just("id".to_owned()),
            "[a-z]{1,5}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(body in any::<Vec<u8>>()) {
        let _ = single::<Value>(&body);
        let _ = list::<Value>(&body);
    }

    #[test]
    fn any_json_is_read_without_a_panic(value in any_json()) {
        let body = value.to_string();
        let _ = list::<Stage>(body.as_bytes());
        let read = single::<Value>(body.as_bytes());
        prop_assert!(read.is_ok());
    }

    #[test]
    fn a_stage_comes_out_of_any_depth_of_wrapping(id in "[a-z-]{1,9}", text in ".{0,9}", depth in 0..5_usize) {
        let stage = json!({ "id": id, "text": text });
        let body = (0..depth).fold(stage, |inner, _| json!({ "data": inner }));
        let read: Stage = single(body.to_string().as_bytes()).expect("read");
        prop_assert_eq!(read.id.as_str(), id);
        prop_assert_eq!(read.text, text);
    }

    #[test]
    fn a_list_keeps_its_items_and_their_order(ids in prop::collection::vec("[a-z]{1,5}", 0..9), next in prop::option::of(".{1,9}"), depth in 1..4_usize) {
        let data: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        let page = match &next {
            Some(next) => json!({ "data": data, "hasNext": true, "next": next }),
            None => json!({ "data": data, "hasNext": false }),
        };
        let body = (1..depth).fold(page, |inner, _| json!({ "data": inner }));
        let page = list::<Stage>(body.to_string().as_bytes()).expect("read");
        let read: Vec<_> = page.items.into_iter().map(|stage| String::from(stage.id)).collect();
        prop_assert_eq!(read, ids);
        prop_assert_eq!(page.next, next);
    }
}
