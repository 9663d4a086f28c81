-- All that one person was ever asked: what an erasure goes through.
CREATE INDEX CONCURRENTLY invites_of_candidate ON invites (organization_id, candidate_id, id);
