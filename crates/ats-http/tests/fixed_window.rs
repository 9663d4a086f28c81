//! Windows that the far side counts, on a clock that the tests hold.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ats_http::{FixedWindow, Throttle, Wait, Window};
use proptest::prelude::*;
use tokio::time::{Instant, advance};

const LENGTH: Duration = Duration::from_secs(30);

fn window(limit: u32, remaining: u32, seconds: u64) -> Window {
    Window {
        limit,
        remaining,
        ends_in: Duration::from_secs(seconds),
    }
}

/// How many of `count` calls that ask at once leave, by second.
async fn departures(throttle: Arc<FixedWindow>, count: usize) -> BTreeMap<u64, usize> {
    let start = Instant::now();
    let calls: Vec<_> = (0..count)
        .map(|_| {
            let throttle = Arc::clone(&throttle);
            tokio::spawn(async move {
                throttle.permit().await.expect("patience enough");
                start.elapsed().as_secs()
            })
        })
        .collect();
    let mut left = BTreeMap::new();
    for call in calls {
        *left.entry(call.await.expect("no panic")).or_default() += 1;
    }
    left
}

fn impatient(limit: u32) -> FixedWindow {
    FixedWindow::new(limit, LENGTH).with_patience(Duration::ZERO)
}

async fn left(throttle: &FixedWindow) -> usize {
    let mut count = 0;
    while throttle.permit().await.is_ok() {
        count += 1;
    }
    count
}

#[tokio::test(start_paused = true)]
async fn each_window_lets_its_share_leave() {
    let throttle = FixedWindow::new(50, LENGTH).with_patience(Duration::from_secs(120));
    let left = departures(Arc::new(throttle), 100).await;
    assert_eq!(left, BTreeMap::from([(0, 40), (30, 40), (60, 20)]));
}

#[tokio::test(start_paused = true)]
async fn the_limit_and_the_end_are_learned_from_an_answer() {
    let throttle = Arc::new(FixedWindow::new(50, LENGTH));
    throttle.permit().await.expect("the first");
    throttle.observed(window(100, 99, 12)).await;
    let left = departures(throttle, 160).await;
    assert_eq!(left, BTreeMap::from([(0, 79), (12, 80), (42, 1)]));
}

#[tokio::test(start_paused = true)]
async fn a_smaller_limit_holds_at_once() {
    let throttle = impatient(50);
    throttle.permit().await.expect("the first");
    throttle.observed(window(10, 9, 20)).await;
    assert_eq!(left(&throttle).await, 7);
}

#[tokio::test(start_paused = true)]
async fn what_others_use_is_taken_into_account() {
    let throttle = impatient(50);
    throttle.permit().await.expect("the first");
    throttle.observed(window(50, 13, 20)).await;
    assert_eq!(left(&throttle).await, 3);
}

#[tokio::test(start_paused = true)]
async fn calls_on_their_way_are_not_handed_out_again() {
    let throttle = impatient(50);
    for _ in 0..30 {
        throttle.permit().await.expect("there are forty");
    }
    // The first of the thirty is answered before the others have arrived.
    throttle.observed(window(50, 49, 20)).await;
    assert_eq!(left(&throttle).await, 10);
}

#[tokio::test(start_paused = true)]
async fn an_answer_from_a_window_that_is_over_says_nothing() {
    let throttle = impatient(50);
    throttle.permit().await.expect("the first");
    throttle.observed(window(50, 49, 20)).await;
    advance(Duration::from_secs(20)).await;
    assert_eq!(left(&throttle).await, 40);
    throttle.observed(window(50, 49, 1)).await;
    advance(Duration::from_secs(2)).await;
    assert_eq!(left(&throttle).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_patience_is_told() {
    let throttle = impatient(50);
    left(&throttle).await;
    advance(Duration::from_secs(10)).await;
    assert_eq!(throttle.permit().await, Err(Wait(Duration::from_secs(20))));
}

#[tokio::test(start_paused = true)]
async fn patience_is_counted_from_the_asking() {
    let throttle = FixedWindow::new(1, LENGTH).with_patience(Duration::from_secs(45));
    let throttle = Arc::new(throttle);
    throttle.permit().await.expect("the first");
    let waiting = tokio::spawn({
        let throttle = Arc::clone(&throttle);
        async move { throttle.permit().await }
    });
    tokio::task::yield_now().await;
    // Whoever waits finds at the end of the window that it was made longer meanwhile.
    throttle.told_to_wait(Duration::from_secs(50)).await;
    let refused = waiting.await.expect("no panic");
    assert_eq!(refused, Err(Wait(Duration::from_secs(20))));
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_before_the_pause_is_over() {
    let throttle = Arc::new(FixedWindow::new(50, LENGTH));
    throttle.permit().await.expect("the first");
    throttle.told_to_wait(Duration::from_secs(7)).await;
    let left = departures(throttle, 2).await;
    assert_eq!(left, BTreeMap::from([(7, 2)]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A far side with windows of its own that tells the truth is never asked for more than it allows.
    #[test]
    fn a_limit_is_never_exceeded(limit in 1..120_u32, offset in 2..30_u64, count in 1..300_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let most = runtime.block_on(async {
            let throttle = FixedWindow::new(50, LENGTH).with_patience(Duration::from_secs(100_000));
            let start = Instant::now();
            let mut used = BTreeMap::<u64, u32>::new();
            for _ in 0..count {
                throttle.permit().await.expect("patience enough");
                let at = start.elapsed().as_secs() + offset;
                let used = used.entry(at / 30).or_default();
                *used += 1;
                throttle.observed(window(limit, limit.saturating_sub(*used), 30 - at % 30)).await;
            }
            used.into_values().max().unwrap_or_default()
        });
        prop_assert!(most <= limit);
    }
}
