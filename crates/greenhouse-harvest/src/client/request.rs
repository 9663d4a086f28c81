//! One request, before it becomes a call.

use ats_http::Call;
use ats_http::reqwest::{Method, Url};
use serde_json::{Map, Value};

use crate::ErrorKind;

#[derive(Clone)]
pub(super) struct Request {
    method: Method,
    target: Target,
    body: Option<Vec<u8>>,
    /// See [`Error::is_ambiguous`](crate::Error::is_ambiguous).
    pub(super) repeatable: bool,
}

#[derive(Clone)]
enum Target {
    /// What follows the base.
    Path(String, Vec<(&'static str, String)>),
    /// A page, as the one before it named it.
    Page(Url),
}

impl Request {
    pub(super) fn list(path: &str, query: Vec<(&'static str, String)>) -> Self {
        Self::of(Method::GET, Target::Path(path.to_owned(), query), true)
    }

    /// An address that [`within`] has let through. A cursor stands alone: the filters are in it.
    pub(super) fn page(url: Url) -> Self {
        Self::of(Method::GET, Target::Page(url), true)
    }

    /// After which the same request changes nothing more.
    pub(super) fn update(path: String, body: &Map<String, Value>) -> Self {
        Self::at(Method::PATCH, path, true).json(body)
    }

    pub(super) fn delete(path: String) -> Self {
        Self::at(Method::DELETE, path, true)
    }

    /// That makes something anew, or moves it on.
    pub(super) fn act(path: impl Into<String>, body: &Map<String, Value>) -> Self {
        Self::at(Method::POST, path.into(), false).json(body)
    }

    fn at(method: Method, path: String, repeatable: bool) -> Self {
        Self::of(method, Target::Path(path, Vec::new()), repeatable)
    }

    fn of(method: Method, target: Target, repeatable: bool) -> Self {
        Self {
            method,
            target,
            body: None,
            repeatable,
        }
    }

    fn json(mut self, body: &Map<String, Value>) -> Self {
        let bytes = serde_json::to_vec(body).expect("what was set are values of JSON");
        self.body = Some(bytes);
        self
    }

    pub(super) fn call(&self, base: &Url) -> Result<Call, ErrorKind> {
        let call = Call::new(self.method.clone(), self.url(base)?);
        Ok(match &self.body {
            Some(body) => call.json(body.clone()),
            None => call,
        })
    }

    /// Under `base`, whose path is kept whether or not it ends with a slash.
    pub(super) fn url(&self, base: &Url) -> Result<Url, ErrorKind> {
        let (path, query) = match &self.target {
            Target::Page(url) => return Ok(url.clone()),
            Target::Path(path, query) => (path, query),
        };
        let mut url = base.clone();
        url.path_segments_mut()
            .map_err(|()| ErrorKind::Unusable("the API's base is no web address"))?
            .pop_if_empty()
            .extend(path.split('/'));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

/// Whether `url` is a place of the API, where its access token may go.
pub(super) fn within(base: &Url, url: &Url) -> bool {
    let same_host = url.scheme() == base.scheme()
        && url.host_str() == base.host_str()
        && url.port_or_known_default() == base.port_or_known_default();
    let plain = url.username().is_empty() && url.password().is_none();
    let prefix = base.path().trim_end_matches('/');
    let inside = url.path().strip_prefix(prefix);
    same_host && plain && inside.is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[rstest]
    #[case("https://harvest.greenhouse.io/v3")]
    #[case("https://harvest.greenhouse.io/v3/")]
    fn paths_are_joined_to_the_base(#[case] base: &str) {
        let query = vec![("created_at", "gte|2026-11-23T00:00:00Z".to_owned())];
        let request = Request::list("job_posts", query);
        let joined = request.url(&url(base)).expect("an address");
        assert_eq!(
            joined.as_str(),
            "https://harvest.greenhouse.io/v3/job_posts?created_at=gte%7C2026-11-23T00%3A00%3A00Z"
        );
    }

    #[rstest]
    #[case("https://harvest.greenhouse.io/v3/jobs?cursor=x", true)]
    #[case("https://HARVEST.greenhouse.io:443/v3/jobs", true)]
    #[case("http://harvest.greenhouse.io/v3/jobs", false)]
    #[case("https://harvest.greenhouse.io:8443/v3/jobs", false)]
    #[case("https://harvest.greenhouse.io.evil.example/v3/jobs", false)]
    #[case("https://evil.example/v3/jobs", false)]
    #[case("https://harvest.greenhouse.io@evil.example/v3/jobs", false)]
    #[case("https://u:p@harvest.greenhouse.io/v3/jobs", false)]
    #[case("https://harvest.greenhouse.io/v33/jobs", false)]
    #[case("https://harvest.greenhouse.io/v3", false)]
    #[case("https://harvest.greenhouse.io/v3/../auth/token", false)]
    #[case("https://harvest.greenhouse.io/v3/%2e%2e/auth/token", false)]
    #[case("https://harvest.greenhouse.io/auth/token?v3/", false)]
    fn only_places_of_the_api_are_trusted(#[case] page: &str, #[case] expected: bool) {
        let base = url("https://harvest.greenhouse.io/v3");
        assert_eq!(within(&base, &url(page)), expected);
    }

    proptest! {
        #[test]
        fn whatever_a_page_names_stays_in_the_api(target in "(https?:)?[/\\\\]{0,3}[a-z@:.]{0,12}(harvest\\.greenhouse\\.io)?[a-z:@/.?#%2e\\\\]{0,24}") {
            let base = url("https://harvest.greenhouse.io/v3");
            let first = url("https://harvest.greenhouse.io/v3/jobs?per_page=1");
            if let Ok(page) = first.join(&target) && within(&base, &page) {
                prop_assert!(page.as_str().starts_with("https://harvest.greenhouse.io/v3/"), "{}", page);
            }
        }
    }
}
