//! The trace that what is going on belongs to, wherever it leads: from a request into the jobs that it queues, from a job into
//! the next, over threads.

use domain::Traceparent;

tokio::task_local! {
    static CURRENT: Option<Traceparent>;
}

/// The trace of what is going on here; none where whoever began it named none.
pub fn current() -> Option<Traceparent> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Does `work` as part of `trace`.
pub async fn within<T>(trace: Option<Traceparent>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(trace, work).await
}

/// The same for work that is done at once, on this thread.
pub fn within_now<T>(trace: Option<Traceparent>, work: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(trace, work)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace() -> Option<Traceparent> {
        Traceparent::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    }

    #[tokio::test]
    async fn a_trace_lasts_as_long_as_its_work_and_can_be_carried_to_another_thread() {
        assert_eq!(current(), None);
        let there = within(trace(), async {
            let here = current();
            let carried = move || within_now(here, current);
            std::thread::spawn(carried).join().expect("no panic")
        });
        assert_eq!(there.await, trace());
        assert_eq!(current(), None);
    }
}
