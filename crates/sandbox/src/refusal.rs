//! Why an action was not carried out, in words for the person who asked.

/// An action that cannot be done. Pages and control API show the same sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Nothing has that id.
    #[error("There is no {what} with the id {id}. Open the front page to see what there is.")]
    Unknown {
        /// The kind of thing asked for.
        what: &'static str,
        /// The id as given.
        id: String,
    },
    /// A field of the request is missing or at fault.
    #[error("{message}")]
    Field {
        /// The field's name on the wire and in the form.
        field: &'static str,
        /// What was wrong and what to do.
        message: String,
    },
    /// The state of things forbids it.
    #[error("{0}")]
    Conflict(String),
    /// The vendor's answer was not usable.
    #[error("{0}")]
    Vendor(String),
}

impl Refusal {
    /// Nothing has that id.
    pub(crate) fn unknown(what: &'static str, id: impl ToString + Copy) -> Self {
        Self::Unknown {
            what,
            id: id.to_string(),
        }
    }

    /// A fault of one field.
    pub(crate) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Field {
            field,
            message: message.into(),
        }
    }

    /// The HTTP status that pages and control API answer with.
    pub(crate) fn status(&self) -> actix_web::http::StatusCode {
        use actix_web::http::StatusCode;
        match self {
            Self::Unknown { .. } => StatusCode::NOT_FOUND,
            Self::Field { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Vendor(_) => StatusCode::BAD_GATEWAY,
        }
    }

    /// The stable word for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "not_found",
            Self::Field { .. } => "field_at_fault",
            Self::Conflict(_) => "conflict",
            Self::Vendor(_) => "vendor_answer_unusable",
        }
    }

    /// The field at fault, if it was one.
    pub(crate) fn field_name(&self) -> Option<&'static str> {
        match self {
            Self::Field { field, .. } => Some(field),
            _ => None,
        }
    }
}
