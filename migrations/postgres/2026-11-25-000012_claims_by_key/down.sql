DROP INDEX CONCURRENTLY jobs_claimed_keys;
