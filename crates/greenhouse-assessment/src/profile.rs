//! Greenhouse's own ids, as far as a `send_test` tells them.

use url::Url;

/// Greenhouse's ids of the person and the application. They run to twelve digits, beyond 32 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProfileIds {
    /// The person (Harvest's candidate id).
    pub person: Option<u64>,
    /// The application.
    pub application: Option<u64>,
}

impl ProfileIds {
    /// Reads `https://app.greenhouse.io/people/<person id>?application_id=<application id>`. What is not there, or not
    /// readable, is `None`; a strange address is no error.
    ///
    /// ```
    /// use greenhouse_assessment::ProfileIds;
    ///
    /// let url = "https://app4.greenhouse.io/people/163900000004?application_id=172800000004";
    /// let ids = ProfileIds::from_profile_url(url);
    /// assert_eq!((ids.person, ids.application), (Some(163_900_000_004), Some(172_800_000_004)));
    /// ```
    pub fn from_profile_url(url: &str) -> Self {
        let Ok(url) = Url::parse(url) else {
            return Self::default();
        };
        Self {
            person: person(&url),
            application: application(&url),
        }
    }

    /// Fills what is missing from `other`.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            person: self.person.or(other.person),
            application: self.application.or(other.application),
        }
    }
}

fn person(url: &Url) -> Option<u64> {
    let mut segments = url.path_segments()?;
    segments.find(|segment| *segment == "people")?;
    whole(segments.next()?)
}

fn application(url: &Url) -> Option<u64> {
    let (_, value) = url
        .query_pairs()
        .find(|(name, _)| name == "application_id")?;
    whole(&value)
}

/// Digits only: `u64::from_str` alone would take `+5` too.
fn whole(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "https://app.eu.greenhouse.io/people/1/applications?application_id=2",
        Some(1),
        Some(2)
    )]
    #[case("https://app.greenhouse.io/people/7", Some(7), None)]
    #[case("https://app.greenhouse.io/people/x?application_id=y", None, None)]
    #[case("https://app.greenhouse.io/people?application_id=+5", None, None)]
    #[case("https://app.greenhouse.io/people/99999999999999999999", None, None)]
    #[case("mailto:a@b.example", None, None)]
    #[case("not an address", None, None)]
    #[case("", None, None)]
    fn reads_what_is_there(
        #[case] url: &str,
        #[case] person: Option<u64>,
        #[case] application: Option<u64>,
    ) {
        assert_eq!(
            ProfileIds::from_profile_url(url),
            ProfileIds {
                person,
                application
            }
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(url in ".*") {
            let _ = ProfileIds::from_profile_url(&url);
        }
    }
}
