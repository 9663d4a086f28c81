CREATE INDEX CONCURRENTLY jobs_claimed ON jobs (claimed_until) WHERE state = 'claimed';
