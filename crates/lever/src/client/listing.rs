//! Lists, page by page.

use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use ats_http::{BoxFuture, Page, Pages, items};
use futures_util::TryStreamExt as _;
use serde::de::DeserializeOwned;

use super::answer::BODY_LENGTH_MAX;
use super::request::Request;
use super::{Client, Dated, Listing};
use crate::{Error, envelope};

/// Pages are full unless a caller asked otherwise.
const PAGE_SIZE: &str = "100";

struct Reading<T> {
    client: Client,
    request: Request,
    id: fn(&T) -> &str,
    /// When the first page was sent.
    sent_at: Arc<OnceLock<Option<SystemTime>>>,
}

impl Client {
    pub(super) fn listing<T>(&self, request: Request, id: fn(&T) -> &str) -> Listing<T>
    where
        T: DeserializeOwned + Send + 'static,
    {
        items(self.reading(request, id))
    }

    /// All of a list that is short.
    pub(super) async fn whole<T>(
        &self,
        request: Request,
        id: fn(&T) -> &str,
    ) -> Result<Dated<Vec<T>>, Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let reading = self.reading(request, id);
        let sent_at = Arc::clone(&reading.sent_at);
        let value = items(reading).try_collect().await?;
        Ok(Dated {
            value,
            sent_at: sent_at.get().copied().flatten(),
        })
    }

    fn reading<T>(&self, request: Request, id: fn(&T) -> &str) -> Reading<T> {
        Reading {
            client: self.clone(),
            request,
            id,
            sent_at: Arc::default(),
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> Reading<T> {
    async fn read(&self, offset: Option<String>) -> Result<Page<T>, Error> {
        let request = self.request.clone().with("limit", PAGE_SIZE);
        let request = request.with_each("offset", offset);
        let body = self.client.send(&request, BODY_LENGTH_MAX).await?;
        let _ = self.sent_at.set(body.sent_at);
        let list = envelope::list(&body.bytes)
            .map_err(|unreadable| Error::new(unreadable, request.repeatable))?;
        Ok(Page {
            items: list.items,
            next: list.next,
        })
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages for Reading<T> {
    type Item = T;
    type Error = Error;

    fn page(&self, offset: Option<String>) -> BoxFuture<'_, Result<Page<T>, Error>> {
        Box::pin(self.read(offset))
    }

    fn id(&self, item: &T) -> String {
        (self.id)(item).to_owned()
    }

    /// Lever has no code of its own for this; the words are what its users report.
    fn is_stale(&self, error: &Error) -> bool {
        error.refusal().is_some_and(|refusal| {
            refusal.status < 500
                && refusal
                    .message
                    .to_lowercase()
                    .contains("invalid offset token")
        })
    }
}
