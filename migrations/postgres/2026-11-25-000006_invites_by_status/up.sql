-- Without CONCURRENTLY nobody could store an invite meanwhile. A statement like this is alone in its migration and has no
-- transaction around it.
CREATE INDEX CONCURRENTLY invites_status ON invites (organization_id, status, id);
