DROP INDEX CONCURRENTLY invites_assessment;
