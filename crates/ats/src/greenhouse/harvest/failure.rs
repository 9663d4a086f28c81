//! What an error of Harvest's means for what is to be written there.

use std::fmt;

use domain::Receipt;
use greenhouse_harvest::Error;

use crate::Shown;

/// What the admin reads once the grant is gone.
pub const LOST: &str = "Greenhouse no longer accepts this connection: connect to Greenhouse again on the Integrations page. Nothing is lost until then";

/// Is the grant gone for good? A 401 alone does not say so: the call after it proves it, or is answered.
pub fn is_lost(error: &Error) -> bool {
    error.is_auth_lost() && error.status().is_none()
}

/// Did Greenhouse give no answer, or one that says that it cannot? Being asked to wait is an answer.
pub fn is_failing(error: &Error) -> bool {
    (error.is_temporary() || error.is_ambiguous()) && !error.is_throttled()
}

/// What we ask of Harvest, and the permission for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Who writes.
    LookUpAuthor,
    /// Is the person there?
    LookForPerson,
    /// They are not.
    MakePerson,
    /// Address or profile are missing.
    CompletePerson,
    /// Does an application run?
    LookForApplication,
    /// None does.
    MakeApplication,
    /// Is the note there?
    LookForNote,
    /// It is not.
    WriteNote,
}

impl Doing {
    /// The scope that allows it.
    pub fn scope(self) -> &'static str {
        match self {
            Self::LookUpAuthor => "harvest:users:list",
            Self::LookForPerson => "harvest:candidates:list",
            Self::MakePerson => "harvest:candidates:create",
            Self::CompletePerson => "harvest:candidates:update",
            Self::LookForApplication => "harvest:applications:list",
            Self::MakeApplication => "harvest:applications:create",
            Self::LookForNote => "harvest:notes:list",
            Self::WriteNote => "harvest:notes:create",
        }
    }
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LookUpAuthor => "look up the author",
            Self::LookForPerson => "look for the candidate",
            Self::MakePerson => "add the candidate",
            Self::CompletePerson => "add to the candidate's details",
            Self::LookForApplication => "look for the candidate's applications",
            Self::MakeApplication => "add the application",
            Self::LookForNote => "look for the note",
            Self::WriteNote => "write the note",
        })
    }
}

/// The receipt where `doing` gave nothing.
pub fn receipt(doing: Doing, error: &Error) -> Shown {
    if is_lost(error) {
        let detail = LOST.to_owned();
        return Receipt::Blocked { detail }.into();
    }
    if error.is_forbidden() {
        return forbidden(doing);
    }
    if is_refused(error) {
        return refused(doing, error);
    }
    let detail = format!("Could not {doing} in Greenhouse: {error}");
    Shown {
        not_before: error.retry_after(),
        is_asked_to_wait: error.is_throttled(),
        is_answered: !is_failing(error),
        ..Receipt::Retrying { detail }.into()
    }
}

fn forbidden(doing: Doing) -> Shown {
    let scope = doing.scope();
    let detail = format!(
        "Greenhouse does not allow us to {doing}: the permission {scope} is missing, or whoever connected is no Site Admin. Connect \
         to Greenhouse again as a Site Admin and accept all permissions that are asked for; it goes on by itself then"
    );
    Receipt::Blocked { detail }.into()
}

/// The same call would be refused again, until somebody mends what it is about.
fn refused(doing: Doing, error: &Error) -> Shown {
    let advice = match doing {
        Doing::MakePerson | Doing::MakeApplication => {
            "Look whether the job is still there and open, and try again"
        }
        _ => "Look at the candidate there, and try again",
    };
    let detail = format!("Could not {doing}: {error}. {advice}");
    Receipt::Blocked { detail }.into()
}

/// Has Greenhouse understood and said no?
fn is_refused(error: &Error) -> bool {
    let refused = error.status().is_some_and(|status| status < 500);
    refused && !error.is_throttled() && !error.is_temporary() && !error.is_auth_lost()
}
