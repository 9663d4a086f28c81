//! Posted forms, as pairs of name and value.

use actix_web::Resource;
use actix_web::web::{self, Bytes, PayloadConfig};

/// The most bytes of a usual form.
pub(crate) const USUAL: usize = 256 * 1024;

/// The most bytes of a form with a field for each question: long answers to many questions fit in.
const LONGEST: usize = 4 * 1024 * 1024;

/// A resource that takes forms with a field for each question.
pub(crate) fn long(path: &str) -> Resource {
    web::resource(path).app_data(PayloadConfig::new(LONGEST))
}

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
