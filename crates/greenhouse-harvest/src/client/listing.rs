//! Lists, page by page.

use std::sync::atomic::{AtomicU64, Ordering};

use ats_http::reqwest::Url;
use ats_http::reqwest::header::{HeaderMap, LINK};
use ats_http::{BoxFuture, Page, Pages, items};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::request::{Request, within};
use super::{Client, Listing};
use crate::link::{self, BadLink};
use crate::{Error, ErrorKind, Filter, Id, Resource, answer};

struct Reading<R> {
    client: Client,
    filter: Filter<R>,
    /// How many elements had no id.
    nameless: AtomicU64,
}

impl Client {
    /// The records that meet `filter`, the newest first. Each page is one call. Scope [`scope::list`](crate::scope::list);
    /// the acting user has to be a Site Admin, and does not see everything even then.
    pub fn list<R: Resource>(&self, filter: &Filter<R>) -> Listing<R::Item> {
        if filter.is_void() {
            return stream::empty().boxed();
        }
        items(Reading {
            client: self.clone(),
            filter: filter.clone(),
            nameless: AtomicU64::new(0),
        })
    }

    /// One record; `None` where there is none, or none that the acting user may see. Harvest has no address for one record:
    /// this is a list of one.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn find<R: Resource>(&self, id: Id<R>) -> Result<Option<R::Item>, Error> {
        self.list(&Filter::new().ids([id])).try_next().await
    }
}

impl<R: Resource> Reading<R> {
    fn request(&self, page: Option<String>) -> Result<Request, ErrorKind> {
        match page {
            Some(url) => {
                let url = Url::parse(&url).map_err(|_| ErrorKind::ForeignPage)?;
                Ok(Request::page(url))
            }
            None => Ok(Request::list(R::PATH, self.filter.query()?)),
        }
    }

    async fn read(&self, page: Option<String>) -> Result<Page<R::Item>, Error> {
        let failed = |kind| Error::new(kind, true);
        let request = self.request(page).map_err(failed)?;
        let body = self.client.send(&request).await?;
        let items = answer::read(&body.bytes).map_err(|unreadable| failed(unreadable.into()))?;
        let here = request.url(&self.client.base).map_err(failed)?;
        let next = next(&self.client.base, &here, &body.headers).map_err(failed)?;
        Ok(Page {
            items,
            next: next.map(String::from),
        })
    }
}

/// Where the next page is. It is followed as it was given, as long as it is a place of the API.
fn next(base: &Url, here: &Url, headers: &HeaderMap) -> Result<Option<Url>, ErrorKind> {
    for header in headers.get_all(LINK) {
        let links = link::parse(header.to_str().map_err(|_| BadLink)?)?;
        let Some(link) = links.iter().find(|link| link.is("next")) else {
            continue;
        };
        let url = here.join(&link.target).map_err(|_| BadLink)?;
        return if within(base, &url) {
            Ok(Some(url))
        } else {
            Err(ErrorKind::ForeignPage)
        };
    }
    Ok(None)
}

impl<R: Resource> Pages for Reading<R> {
    type Item = R::Item;
    type Error = Error;

    fn page(&self, page: Option<String>) -> BoxFuture<'_, Result<Page<R::Item>, Error>> {
        Box::pin(self.read(page))
    }

    /// An element without an id is like no other.
    fn id(&self, item: &R::Item) -> String {
        match R::id(item) {
            Some(id) => id.to_string(),
            None => format!("nameless {}", self.nameless.fetch_add(1, Ordering::Relaxed)),
        }
    }

    /// A cursor is all that the request holds, so that it is what was refused.
    fn is_stale(&self, error: &Error) -> bool {
        self.client.restart && matches!(error.status(), Some(400 | 404 | 410 | 422))
    }
}
