//! The body of `send_test`.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::lenient::{self, Fault, Object};
use crate::{ProfileIds, Test};

/// One ask: this candidate is to take this test.
///
/// Read by [`parse`](Self::parse), which takes every dialect that was ever documented. `Debug` shows nothing about the
/// candidate.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SendTest {
    /// One of the ids that `list_tests` gave.
    pub partner_test_id: String,
    /// Who is to take the test.
    pub candidate: Candidate,
    /// E-mail of the Greenhouse user who sent it; absent where a rule did.
    pub sent_by: Option<String>,
    /// What to PATCH when the test is complete. Opaque; hold it against a list of hosts before a credential goes there.
    /// `None` only where the candidate has a profile URL.
    pub url: Option<String>,
    /// Undocumented `candidate.id` and `application.id`; see [`profile_ids`](Self::profile_ids).
    #[serde(skip)]
    extra_ids: ProfileIds,
}

/// The candidate of a [`SendTest`]. Only the e-mail is certain.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Candidate {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// What the person wants to be called.
    pub preferred_name: Option<String>,
    /// Where the invitation goes; not blank, its form is not judged here.
    pub email: String,
    /// Free text.
    pub phone_number: Option<String>,
    /// Ends to work after seven days.
    pub resume_url: Option<String>,
    /// The application's page in Greenhouse.
    pub greenhouse_profile_url: Option<String>,
}

impl SendTest {
    /// An ask as Greenhouse sends it, for callers: all other members start as `None`.
    pub fn new(test: &Test, candidate: Candidate) -> Self {
        Self {
            partner_test_id: test.id.clone(),
            candidate,
            sent_by: None,
            url: None,
            extra_ids: ProfileIds::default(),
        }
    }

    /// Reads a body.
    ///
    /// Unknown members are ignored; absent, `null` and blank are the same; ids may be numbers; `url` may stand inside
    /// `candidate`, as in 2019. Needed are `partner_test_id`, `candidate.email`, and `url` or else
    /// `candidate.greenhouse_profile_url`.
    ///
    /// ```
    /// use greenhouse_assessment::{Fault, SendTest};
    ///
    /// let ask = SendTest::parse(
    ///     br#"{"partner_test_id": 17, "candidate": {"email": "ada@candidate.example"},
    ///          "url": "https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1"}"#,
    /// )?;
    /// assert_eq!(ask.partner_test_id, "17");
    ///
    /// let fault = SendTest::parse(br#"{"partner_test_id": "a", "candidate": {}}"#).unwrap_err();
    /// assert!(fault.to_string().starts_with("candidate.email is missing"));
    /// # Ok::<(), Fault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Fault`], naming the first member that is missing or can't be used.
    pub fn parse(body: &[u8]) -> Result<Self, Fault> {
        let object = lenient::object(body)?;
        let inner = candidate_object(&object)?;
        let ask = Self {
            partner_test_id: test_id(&object)?,
            candidate: candidate(inner)?,
            sent_by: lenient::text(&object, "sent_by"),
            url: url(&object, inner)?,
            extra_ids: extra_ids(&object, inner),
        };
        ask.check_address()
    }

    /// Greenhouse's ids of person and application: from the profile URL, which is documented; where that lacks one, from
    /// members that some traffic shows.
    pub fn profile_ids(&self) -> ProfileIds {
        let url = self.candidate.greenhouse_profile_url.as_deref();
        url.map(ProfileIds::from_profile_url)
            .unwrap_or_default()
            .or(self.extra_ids)
    }

    fn check_address(self) -> Result<Self, Fault> {
        if self.url.is_none() && self.candidate.greenhouse_profile_url.is_none() {
            return Err(Fault::Missing {
                field: "url",
                expected: "the https address to call when the test is complete",
            });
        }
        Ok(self)
    }
}

impl Candidate {
    /// A candidate of whom only the e-mail is known.
    pub fn new(email: impl Into<String>) -> Self {
        Self {
            first_name: None,
            last_name: None,
            preferred_name: None,
            email: email.into(),
            phone_number: None,
            resume_url: None,
            greenhouse_profile_url: None,
        }
    }

    /// How to address the person: the preferred name, else the first name, else the e-mail up to the `@`.
    pub fn salutation(&self) -> &str {
        let local = self.email.split('@').next().unwrap_or(&self.email);
        let name = self.preferred_name.as_deref();
        name.or(self.first_name.as_deref()).unwrap_or(local)
    }
}

impl fmt::Debug for SendTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendTest")
            .field("partner_test_id", &self.partner_test_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Candidate").finish_non_exhaustive()
    }
}

fn candidate_object(object: &Object) -> Result<&Object, Fault> {
    const FIELD: &str = "candidate";
    const EXPECTED: &str = "an object with the candidate's e-mail and names";
    match object.get("candidate") {
        Some(Value::Object(candidate)) => Ok(candidate),
        None | Some(Value::Null) => Err(Fault::Missing {
            field: FIELD,
            expected: EXPECTED,
        }),
        Some(_) => Err(Fault::Unusable {
            field: FIELD,
            expected: EXPECTED,
        }),
    }
}

fn test_id(object: &Object) -> Result<String, Fault> {
    lenient::test_id(object)?.ok_or(Fault::Missing {
        field: "partner_test_id",
        expected: "the id of a test that list_tests names",
    })
}

fn candidate(object: &Object) -> Result<Candidate, Fault> {
    Ok(Candidate {
        first_name: lenient::text(object, "first_name"),
        last_name: lenient::text(object, "last_name"),
        preferred_name: lenient::text(object, "preferred_name"),
        email: email(object)?,
        phone_number: lenient::text(object, "phone_number"),
        resume_url: decoration(object, "resume_url"),
        greenhouse_profile_url: decoration(object, "greenhouse_profile_url"),
    })
}

fn email(object: &Object) -> Result<String, Fault> {
    const FIELD: &str = "candidate.email";
    const EXPECTED: &str = "the candidate's e-mail address";
    match object.get("email") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => lenient::clean(text),
        Some(_) => {
            return Err(Fault::Unusable {
                field: FIELD,
                expected: EXPECTED,
            });
        }
    }
    .ok_or(Fault::Missing {
        field: FIELD,
        expected: EXPECTED,
    })
}

/// A link that we can do without: where it can't be used it counts as absent.
fn decoration(object: &Object, member: &str) -> Option<String> {
    lenient::address(object, member, "").ok().flatten()
}

fn url(object: &Object, candidate: &Object) -> Result<Option<String>, Fault> {
    match lenient::address(object, "url", "url")? {
        Some(url) => Ok(Some(url)),
        None => lenient::address(candidate, "url", "candidate.url"),
    }
}

fn extra_ids(object: &Object, candidate: &Object) -> ProfileIds {
    let application = object.get("application").and_then(Value::as_object);
    ProfileIds {
        person: lenient::number(candidate, "id"),
        application: application.and_then(|object| lenient::number(object, "id")),
    }
}
