CREATE INDEX jobs_claimed_keys ON jobs (organization_id, kind, dedupe_key) WHERE state = 'claimed';
