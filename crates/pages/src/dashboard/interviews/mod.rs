//! Interviews on the vendor's side: the list, the form, one of them.

mod form;
mod list;
mod one;

pub use form::{InterviewForm, NewInterviewPage, ScoreField};
pub use list::{InterviewRow, InterviewsPage};
pub use one::{AnswerView, InterviewPage};

use super::{Frame, Section};
