-- One test_status of an invite that waits for its candidate: the statements that it needs, of the same tables as
-- those of baton-api, which answers up to 64 calls with them.
--
-- From outside: key, organization and its number (1 or 2); seed.sql says how the ids of its 5,000 invites are made.
\set invite random(1, 5000)
\set high (:number << 32) | 28672

SELECT api_keys.id, api_keys.organization_id, api_keys.kind, api_keys.name, api_keys.scopes, api_keys.public_id,
    api_keys.secret_hash, api_keys.encrypted_key, api_keys.created_at, api_keys.ends_at, api_keys.last_used_at,
    EXISTS (SELECT 1 FROM places WHERE places.organization_id = api_keys.organization_id AND places.state = 'blocked')
FROM api_keys
WHERE api_keys.public_id = :key;

SELECT invites.organization_id, invites.id, invites.assessment_id, invites.assessment_version, invites.assessment_title,
    invites.complete_on, invites.candidate_id, invites.candidate, invites.email_key, invites.search_text, invites.origin,
    invites.ask_key, invites.ats, invites.status, invites.attempt, invites.attempt_started_at, invites.attempt_ends_at,
    invites.link_hash, invites.launch_url, invites.mails, invites.email_state, invites.resends, invites.result,
    invites.grant_number, invites.created_at, invites.submitted_at, invites.completed_at, invites.expires_at,
    invites.due_at, invites.edition
FROM invites
WHERE invites.organization_id = :organization AND invites.id = int8send(:high) || int8send(:invite);
