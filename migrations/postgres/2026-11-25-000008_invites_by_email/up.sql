CREATE INDEX CONCURRENTLY invites_email ON invites (organization_id, email_key, id);
