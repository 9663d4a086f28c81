-- Who may read the notes that are written about candidates in Greenhouse.
ALTER TABLE organizations ADD COLUMN note_visibility TEXT NOT NULL DEFAULT 'private';
