DROP INDEX jobs_claimed_keys;
