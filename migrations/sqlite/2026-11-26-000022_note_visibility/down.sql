ALTER TABLE organizations DROP COLUMN note_visibility;
