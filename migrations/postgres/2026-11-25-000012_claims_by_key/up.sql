-- A claim asks of each job in question whether the same work is being done: by its key, so that it reads no other claim, nor
-- the dead entries that a held snapshot keeps of a million claims of before.
CREATE INDEX CONCURRENTLY jobs_claimed_keys ON jobs (organization_id, kind, dedupe_key) WHERE state = 'claimed';
