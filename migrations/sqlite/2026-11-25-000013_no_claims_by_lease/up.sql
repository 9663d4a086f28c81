DROP INDEX jobs_claimed;
