DROP INDEX invites_of_candidate;
