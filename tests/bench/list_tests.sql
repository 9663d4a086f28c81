-- One list_tests of an organization with 20 published assessments: the statements that it needs, of the same tables as those of
-- baton-api, which answers up to 64 calls with them.
--
-- From outside: key, organization.

SELECT api_keys.id, api_keys.organization_id, api_keys.kind, api_keys.name, api_keys.scopes, api_keys.public_id,
    api_keys.secret_hash, api_keys.encrypted_key, api_keys.created_at, api_keys.ends_at, api_keys.last_used_at,
    EXISTS (SELECT 1 FROM places WHERE places.organization_id = api_keys.organization_id AND places.state = 'blocked')
FROM api_keys
WHERE api_keys.public_id = :key;

SELECT assessments.id, assessments.title
FROM assessments
WHERE assessments.organization_id = :organization AND status = 'published';
