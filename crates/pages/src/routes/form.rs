//! Posted forms, as pairs of name and value.

use actix_web::web::Bytes;

/// The most bytes of a form: the longest answers to the most questions fit in.
pub(crate) const LONGEST: usize = 4 * 1024 * 1024;

/// The fields of one form, in its order.
#[derive(Debug)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`; whatever the bytes, there is some reading of them.
    pub(crate) fn read(body: &Bytes) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of `name`, or an empty text.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// Did the person say yes to the question before it?
    pub(crate) fn is_confirmed(&self) -> bool {
        self.get("confirmed") == "yes"
    }
}
