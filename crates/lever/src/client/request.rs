//! One request, before it becomes an address.

use ats_http::Call;
use ats_http::reqwest::{Method, Url};
use serde_json::Value;

use crate::{ErrorKind, UserId};

#[derive(Clone)]
pub(super) struct Request {
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    slash: bool,
    body: Option<(String, Vec<u8>)>,
    accept: &'static str,
    /// See [`Error::is_ambiguous`](crate::Error::is_ambiguous).
    pub(super) repeatable: bool,
}

impl Request {
    pub(super) fn get(path: &[&str]) -> Self {
        Self::of(Method::GET, path, true)
    }

    pub(super) fn put(path: &[&str]) -> Self {
        Self::of(Method::PUT, path, true)
    }

    pub(super) fn delete(path: &[&str]) -> Self {
        Self::of(Method::DELETE, path, true)
    }

    /// A POST after which the same POST changes nothing more.
    pub(super) fn post(path: &[&str]) -> Self {
        Self::of(Method::POST, path, true)
    }

    /// A POST that makes something anew each time.
    pub(super) fn create(path: &[&str]) -> Self {
        Self::of(Method::POST, path, false)
    }

    fn of(method: Method, path: &[&str], repeatable: bool) -> Self {
        Self {
            method,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            slash: false,
            body: None,
            accept: "application/json",
            repeatable,
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn with_each<I>(mut self, name: &'static str, values: I) -> Self
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        let pairs = values.into_iter().map(|value| (name, value.to_string()));
        self.query.extend(pairs);
        self
    }

    pub(super) fn perform_as(self, user: Option<&UserId>) -> Self {
        self.with_each("perform_as", user)
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    pub(super) fn body(mut self, content_type: impl Into<String>, bytes: Vec<u8>) -> Self {
        self.body = Some((content_type.into(), bytes));
        self
    }

    pub(super) fn any_type(mut self) -> Self {
        self.accept = "*/*";
        self
    }

    /// Lever documents one path with a slash at its end.
    pub(super) fn with_slash(mut self) -> Self {
        self.slash = true;
        self
    }

    /// The call under `base`, whose path is kept whether or not it ends with a slash.
    pub(super) fn call(&self, base: &Url) -> Result<Call, ErrorKind> {
        let mut call = Call::new(self.method.clone(), self.url(base)?).accept(self.accept);
        call.body = self.body.clone();
        Ok(call)
    }

    fn url(&self, base: &Url) -> Result<Url, ErrorKind> {
        // The address would quietly be another one: `/opportunities/` lists all of them.
        if self.path.iter().any(|segment| leads_elsewhere(segment)) {
            return Err(ErrorKind::Unusable(
                "an id is blank, made of dots, or holds a control character",
            ));
        }
        let mut url = base.clone();
        url.path_segments_mut()
            .map_err(|()| ErrorKind::Unusable("the API's base is no web address"))?
            .pop_if_empty()
            .extend(&self.path)
            .extend(self.slash.then_some(""));
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

/// The parser of addresses leaves out tabs and line breaks and walks dots, one after the other.
fn leads_elsewhere(segment: &str) -> bool {
    segment.trim().is_empty()
        || segment.contains(char::is_control)
        || segment.chars().all(|c| c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn url(base: &str, request: &Request) -> Result<String, ErrorKind> {
        let base = Url::parse(base).expect("an address");
        request.url(&base).map(String::from)
    }

    #[rstest]
    #[case("https://api.lever.co/v1")]
    #[case("https://api.lever.co/v1/")]
    fn paths_are_joined_to_the_base(#[case] base: &str) {
        let request = Request::get(&["opportunities", "a b/c?d", "notes"])
            .with("offset", "[1,\"x\"]&y")
            .with_each("expand", ["stage", "contact"]);
        assert_eq!(
            url(base, &request).as_deref(),
            Ok(
                "https://api.lever.co/v1/opportunities/a%20b%2Fc%3Fd/notes?offset=%5B1%2C%22x%22%5D%26y&expand=stage&expand=contact"
            )
        );
    }

    #[rstest]
    #[case("")]
    #[case("  ")]
    #[case(".")]
    #[case("..")]
    #[case(".\t.")]
    fn an_id_that_would_name_another_address_is_refused(#[case] id: &str) {
        let request = Request::get(&["opportunities", id]);
        assert!(url("https://api.lever.co/v1", &request).is_err());
    }

    proptest! {
        #[test]
        fn any_id_stays_one_segment(id in ".*") {
            if let Ok(url) = url("https://api.lever.co/v1", &Request::get(&["opportunities", &id, "notes"])) {
                let url = Url::parse(&url).expect("an address");
                let segments: Vec<_> = url.path_segments().expect("a path").collect();
                prop_assert_eq!(segments.len(), 4);
                prop_assert_eq!((segments[0], segments[1], segments[3]), ("v1", "opportunities", "notes"));
            }
        }
    }
}
