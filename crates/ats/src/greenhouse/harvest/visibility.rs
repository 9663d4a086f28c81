//! Who may read a note.

use domain::NoteVisibility;
use greenhouse_harvest::Visibility;

/// In Harvest's words.
pub fn visibility(of: NoteVisibility) -> Visibility {
    match of {
        NoteVisibility::Private => Visibility::Private,
        NoteVisibility::Public => Visibility::Public,
        NoteVisibility::AdminOnly => Visibility::AdminOnly,
    }
}
