CREATE INDEX jobs_claimed ON jobs (claimed_until) WHERE state = 'claimed';
