ALTER TABLE candidates ADD CONSTRAINT candidates_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id);
ALTER TABLE invites ADD CONSTRAINT invites_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id);
