//! What Baton does with an ATS, decided from what it says.

mod lever_decision;
mod lever_note;
mod lever_tags;
mod lever_titles;
mod sample;
