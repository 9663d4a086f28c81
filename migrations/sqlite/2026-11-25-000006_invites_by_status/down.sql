DROP INDEX invites_status;
