DROP INDEX CONCURRENTLY invites_of_candidate;
