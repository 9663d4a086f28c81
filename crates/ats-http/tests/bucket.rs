//! The allowance kept in memory, on a clock that the tests hold.

use std::sync::Arc;
use std::time::Duration;

use ats_http::{Throttle, TokenBucket, Wait};
use proptest::prelude::*;
use tokio::time::{Instant, advance};

/// When each of `count` calls that ask at once may leave, in milliseconds.
async fn departures(bucket: Arc<TokenBucket>, count: usize) -> Vec<u128> {
    let start = Instant::now();
    let calls: Vec<_> = (0..count)
        .map(|_| {
            let bucket = Arc::clone(&bucket);
            tokio::spawn(async move {
                bucket.permit().await.expect("patience enough");
                start.elapsed().as_millis()
            })
        })
        .collect();
    let mut left = Vec::new();
    for call in calls {
        left.push(call.await.expect("no panic"));
    }
    left
}

#[tokio::test(start_paused = true)]
async fn a_burst_leaves_at_once_and_the_rest_at_the_steady_rate() {
    let bucket = Arc::new(TokenBucket::new(10, 20));
    let left = departures(bucket, 25).await;
    assert!(left[..20].iter().all(|&at| at == 0), "{left:?}");
    assert_eq!(left[20..], [100, 200, 300, 400, 500]);
}

#[tokio::test(start_paused = true)]
async fn quiet_fills_the_bucket_and_no_more() {
    let bucket = Arc::new(TokenBucket::new(10, 3));
    departures(Arc::clone(&bucket), 3).await;
    advance(Duration::from_secs(60)).await;
    let left = departures(bucket, 4).await;
    assert_eq!(left, [0, 0, 0, 100]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_patience_is_refused_and_takes_nothing() {
    let bucket = TokenBucket::new(10, 1).with_patience(Duration::from_millis(50));
    assert_eq!(bucket.permit().await, Ok(()));
    for _ in 0..3 {
        assert_eq!(bucket.permit().await, Err(Wait(Duration::from_millis(100))));
    }
    advance(Duration::from_millis(100)).await;
    assert_eq!(bucket.permit().await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_the_bucket_is_empty() {
    let bucket = Arc::new(TokenBucket::new(10, 20));
    bucket.told_to_wait(Duration::from_secs(5)).await;
    let left = departures(bucket, 3).await;
    assert_eq!(left, [5000, 5100, 5200]);
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_those_who_wait_already() {
    let bucket = Arc::new(TokenBucket::new(1, 1));
    assert_eq!(bucket.permit().await, Ok(()));
    let start = Instant::now();
    let waiting = tokio::spawn({
        let bucket = Arc::clone(&bucket);
        async move { bucket.permit().await.map(|()| start.elapsed().as_millis()) }
    });
    tokio::task::yield_now().await;
    bucket.told_to_wait(Duration::from_secs(5)).await;
    assert_eq!(waiting.await.expect("no panic"), Ok(5000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_second_sees_more_than_burst_and_rate(rate in 1..30_u32, burst in 1..30_u32, count in 1..120_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let patient = move || Arc::new(TokenBucket::new(rate, burst).with_patience(Duration::from_secs(600)));
        let left = runtime.block_on(async { departures(patient(), count).await });
        for &from in &left {
            let within = left.iter().filter(|&&at| at >= from && at < from + 1000).count();
            prop_assert!(within <= (rate + burst) as usize, "{within} within a second from {from} in {left:?}");
        }
    }
}
