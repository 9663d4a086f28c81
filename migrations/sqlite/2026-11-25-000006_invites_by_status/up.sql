CREATE INDEX invites_status ON invites (organization_id, status, id);
