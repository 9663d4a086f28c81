DROP INDEX invites_email;
