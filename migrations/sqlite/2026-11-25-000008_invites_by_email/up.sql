CREATE INDEX invites_email ON invites (organization_id, email_key, id);
