//! A list that comes in pages, as one stream.

use std::collections::HashSet;
use std::vec;

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _, try_unfold};

/// How often a list is begun again because an offset was refused.
const RESTARTS_MAX: u32 = 3;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// Where the next page begins, in the far side's own words; `None` on the last one.
    pub next: Option<String>,
}

/// How one list is read, page by page.
pub trait Pages: Send + Sync + 'static {
    /// What the list holds.
    type Item: Send + 'static;
    /// What a page can fail with.
    type Error: Send + 'static;

    /// Reads the page at `offset`; the first one for `None`.
    ///
    /// # Errors
    ///
    /// Whatever the call failed with.
    fn page(&self, offset: Option<String>) -> BoxFuture<'_, Result<Page<Self::Item>, Self::Error>>;

    /// What tells one item from another.
    fn id(&self, item: &Self::Item) -> String;

    /// Whether the far side no longer knows the offset, so that the list has to be read again from the start.
    fn is_stale(&self, error: &Self::Error) -> bool;
}

/// All items of a list, each id once: a list may shift while it is paged. When an offset is refused the list is begun again, up
/// to three times. Ends after the first error.
pub fn items<P: Pages>(pages: P) -> BoxStream<'static, Result<P::Item, P::Error>> {
    let reading = Reading {
        pages,
        offset: None,
        used: HashSet::new(),
        seen: HashSet::new(),
        queue: Vec::new().into_iter(),
        restarts: 0,
        ended: false,
    };
    try_unfold(reading, Reading::next).boxed()
}

struct Reading<P: Pages> {
    pages: P,
    offset: Option<String>,
    /// Offsets since the last start: one that comes again would make the list endless.
    used: HashSet<String>,
    seen: HashSet<String>,
    queue: vec::IntoIter<P::Item>,
    restarts: u32,
    ended: bool,
}

impl<P: Pages> Reading<P> {
    async fn next(mut self) -> Result<Option<(P::Item, Self)>, P::Error> {
        loop {
            if let Some(item) = self.unseen() {
                return Ok(Some((item, self)));
            }
            if self.ended {
                return Ok(None);
            }
            self.turn().await?;
        }
    }

    fn unseen(&mut self) -> Option<P::Item> {
        let (pages, seen) = (&self.pages, &mut self.seen);
        self.queue.find(|item| seen.insert(pages.id(item)))
    }

    async fn turn(&mut self) -> Result<(), P::Error> {
        let first = self.offset.is_none();
        match self.pages.page(self.offset.take()).await {
            Ok(page) => self.keep(page),
            Err(error) if first || !self.restart(&error) => return Err(error),
            Err(_) => {}
        }
        Ok(())
    }

    fn keep(&mut self, page: Page<P::Item>) {
        self.queue = page.items.into_iter();
        self.offset = page.next.filter(|next| self.used.insert(next.clone()));
        self.ended = self.offset.is_none();
    }

    fn restart(&mut self, error: &P::Error) -> bool {
        let may = self.restarts < RESTARTS_MAX && self.pages.is_stale(error);
        if may {
            self.restarts += 1;
            self.used.clear();
        }
        may
    }
}
