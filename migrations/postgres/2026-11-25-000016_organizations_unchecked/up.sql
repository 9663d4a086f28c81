-- A new invite's organization comes from the key that was looked up in the same transaction, and no organization is ever deleted.
-- Asking again for each row cost a tenth of send_test, and with two transactions at once a shared lock on the organization's row.
ALTER TABLE invites DROP CONSTRAINT invites_organization_id_fkey;
ALTER TABLE candidates DROP CONSTRAINT candidates_organization_id_fkey;
