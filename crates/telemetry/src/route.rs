//! The name of a request: its route's pattern, never its path.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;

/// Stands in for the route of a request that no route takes, so that its path is not shown.
const NO_ROUTE: &str = "none";

thread_local! {
    /// Patterns that are the only path they match: actix finds a pattern by matching the path anew against one route after the
    /// other, and the busiest paths are of this kind.
    static PLAIN: RefCell<HashSet<Arc<str>>> = RefCell::default();
}

/// A route's pattern, kept with the request.
#[derive(Debug, Clone)]
pub(crate) struct Route(Arc<str>);

impl Route {
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        let kept = request.extensions().get::<Self>().cloned();
        kept.unwrap_or_else(|| {
            let found = Self::find(request);
            request.extensions_mut().insert(found.clone());
            found
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn find(request: &ServiceRequest) -> Self {
        let path = request.path();
        let plain = PLAIN.with_borrow(|plain| plain.get(path).cloned());
        Self(plain.unwrap_or_else(|| match request.match_pattern() {
            Some(pattern) if pattern == path => remember(pattern.into()),
            Some(pattern) => pattern.into(),
            None => NO_ROUTE.into(),
        }))
    }
}

/// There are only as many as there are routes.
fn remember(pattern: Arc<str>) -> Arc<str> {
    PLAIN.with_borrow_mut(|plain| plain.insert(Arc::clone(&pattern)));
    pattern
}
