CREATE INDEX CONCURRENTLY invites_assessment ON invites (organization_id, assessment_id, id);
