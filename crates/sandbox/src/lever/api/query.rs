//! Query strings as the Data API reads them.

use super::answer::Problem;

/// Names and values in order; `name[]` counts as `name`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string; anything can be read.
    pub(crate) fn read(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        let named = pairs.map(|(name, value)| {
            let name = name.strip_suffix("[]").unwrap_or(&name).to_owned();
            (name, value.into_owned())
        });
        Self(named.collect())
    }

    /// The first value of a parameter.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All values of a parameter: they are alternatives.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// All values, where commas separate values too.
    pub(crate) fn listed(&self, name: &str) -> Vec<String> {
        let values = self.all(name).flat_map(|value| value.split(','));
        values.map(|value| value.trim().to_owned()).collect()
    }

    /// Whether `value` is among a parameter's values, or the parameter is not there.
    pub(crate) fn lets(&self, name: &str, value: &str) -> bool {
        self.lets_any(name, |wanted| wanted == value)
    }

    /// Whether one of a parameter's values passes `test`, or the parameter is not there.
    pub(crate) fn lets_any(&self, name: &str, test: impl Fn(&str) -> bool) -> bool {
        self.first(name).is_none() || self.all(name).any(test)
    }

    /// A number of milliseconds.
    ///
    /// # Errors
    /// 400: it is none.
    pub(crate) fn time(&self, name: &str) -> Result<Option<i64>, Problem> {
        let text = self.first(name);
        text.map(|text| {
            text.parse()
                .map_err(|_| Problem::bad_request(format!("{name} has to be a timestamp.")))
        })
        .transpose()
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// 400: it is neither.
    pub(crate) fn truth(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.first(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Problem::bad_request(format!(
                "{name} has to be true or false."
            ))),
        }
    }

    /// Parameters that choose what a list holds, in a fixed order: what a paging token is bound to.
    pub(crate) fn fingerprint(&self) -> String {
        let chosen = self
            .0
            .iter()
            .filter(|(name, _)| name != "offset" && name != "limit");
        let mut pairs: Vec<_> = chosen.collect();
        pairs.sort();
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        text.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_values_are_alternatives_and_brackets_do_not_matter() {
        let query = Query::read("stage_id=a&stage_id[]=b&expand=stage,contact");
        assert!(query.lets("stage_id", "b"));
        assert!(!query.lets("stage_id", "c"));
        assert!(query.lets("tag", "anything"));
        assert_eq!(query.listed("expand"), ["stage", "contact"]);
    }

    #[test]
    fn a_fingerprint_ignores_order_and_place() {
        let one = Query::read("tag=a&limit=2&stage_id=b&offset=x");
        let other = Query::read("stage_id=b&tag=a&limit=50");
        assert_eq!(one.fingerprint(), other.fingerprint());
    }
}
