//! A list that comes in pages, as one stream.

use std::sync::Mutex;

use ats_http::{BoxFuture, Page, Pages, items};
use futures_util::{StreamExt as _, TryStreamExt as _};
use proptest::prelude::*;

type Answer = Result<Page<u32>, &'static str>;

/// Answers in the given order; `asked` holds the offsets.
struct Script<'a> {
    answers: Mutex<Vec<Answer>>,
    asked: &'a Mutex<Vec<Option<String>>>,
}

impl Pages for Script<'static> {
    type Item = u32;
    type Error = &'static str;

    fn page(&self, offset: Option<String>) -> BoxFuture<'_, Answer> {
        self.asked.lock().expect("no panic").push(offset);
        let answer = self.answers.lock().expect("no panic").pop();
        Box::pin(async move { answer.unwrap_or(Err("nothing left")) })
    }

    fn id(&self, item: &u32) -> String {
        item.to_string()
    }

    fn is_stale(&self, error: &&'static str) -> bool {
        *error == "stale"
    }
}

fn page(items: &[u32], next: Option<&str>) -> Answer {
    Ok(Page {
        items: items.to_vec(),
        next: next.map(str::to_owned),
    })
}

/// What came, and the offsets that were asked for.
async fn read(answers: Vec<Answer>) -> (Vec<Result<u32, &'static str>>, Vec<Option<String>>) {
    let asked: &'static Mutex<_> = Box::leak(Box::default());
    let answers = Mutex::new(answers.into_iter().rev().collect());
    let came = items(Script { answers, asked }).collect().await;
    let asked = asked.lock().expect("no panic").clone();
    (came, asked)
}

#[tokio::test]
async fn pages_are_read_one_after_the_other() {
    let (came, asked) = read(vec![
        page(&[1, 2], Some("a")),
        page(&[], Some("b")),
        page(&[3], None),
    ])
    .await;
    assert_eq!(came, [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(asked, [None, Some("a".into()), Some("b".into())]);
}

#[tokio::test]
async fn an_item_that_shifts_to_the_next_page_comes_once() {
    let (came, _) = read(vec![page(&[1, 2], Some("a")), page(&[2, 3], None)]).await;
    assert_eq!(came, [Ok(1), Ok(2), Ok(3)]);
}

#[tokio::test]
async fn a_stale_offset_begins_the_list_again() {
    let answers = vec![
        page(&[1, 2], Some("a")),
        Err("stale"),
        page(&[1, 2], Some("b")),
        page(&[3], None),
    ];
    let (came, asked) = read(answers).await;
    assert_eq!(came, [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(asked, [None, Some("a".into()), None, Some("b".into())]);
}

#[tokio::test]
async fn offsets_that_stay_stale_end_in_the_error() {
    let stale = || [page(&[1], Some("a")), Err("stale")];
    let (came, asked) = read((0..9).flat_map(|_| stale()).collect()).await;
    assert_eq!(came, [Ok(1), Err("stale")]);
    assert_eq!(asked.len(), 8);
}

#[tokio::test]
async fn a_first_page_that_fails_is_not_begun_again() {
    let (came, asked) = read(vec![Err("stale"), page(&[1], None)]).await;
    assert_eq!(came, [Err("stale")]);
    assert_eq!(asked.len(), 1);
}

#[tokio::test]
async fn an_error_comes_after_what_was_read_and_is_the_last() {
    let (came, _) = read(vec![page(&[1], Some("a")), Err("broken"), page(&[2], None)]).await;
    assert_eq!(came, [Ok(1), Err("broken")]);
}

#[tokio::test]
async fn a_list_that_leads_back_into_itself_ends() {
    let answers = vec![
        page(&[1], Some("a")),
        page(&[2], Some("b")),
        page(&[3], Some("a")),
        page(&[4], None),
    ];
    let (came, asked) = read(answers).await;
    assert_eq!(came, [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(asked.len(), 3);
}

proptest! {
    #[test]
    fn any_list_comes_whole_and_each_item_once(pages in prop::collection::vec(prop::collection::vec(0..50_u32, 0..8), 1..10), stale in 0..10_usize) {
        let last = pages.len() - 1;
        let list = |pages: &[Vec<u32>]| -> Vec<Answer> {
            pages.iter().enumerate().map(|(at, items)| {
                let next = format!("page {}", at + 1);
                page(items, (at < last).then_some(next.as_str()))
            }).collect()
        };
        // Once, somewhere after the first page, the offset is refused, and the list comes again.
        let mut answers = list(&pages);
        if (1..=last).contains(&stale) {
            answers.truncate(stale);
            answers.push(Err("stale"));
            answers.extend(list(&pages));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let came: Result<Vec<u32>, _> = runtime.block_on(async {
            let asked: &'static Mutex<_> = Box::leak(Box::default());
            let answers = Mutex::new(answers.into_iter().rev().collect());
            items(Script { answers, asked }).try_collect().await
        });
        let mut expected: Vec<u32> = Vec::new();
        for item in pages.into_iter().flatten() {
            if !expected.contains(&item) {
                expected.push(item);
            }
        }
        prop_assert_eq!(came, Ok(expected));
    }
}
