-- One send_test of a new ask, for a candidate not known yet: the statements that it needs, of the same tables as
-- those of baton-api. The api stores up to 64 asks in one such transaction, with arrays; pgbench cannot, so here it is one,
-- with the plain statements of one.
--
-- From outside: key, organization, test (of one organization); now (microseconds since 1970) and n (0) when a run begins.
-- Ids grow with time, as the api's do.
-- In the documents a space follows each colon, or pgbench would see a variable.
\set n :n + 1
\set high ((:now / 1000 + :n) << 16) | 28672
\set low random(0, 4611686018427387903)

BEGIN;

SELECT api_keys.id, api_keys.organization_id, api_keys.kind, api_keys.name, api_keys.scopes, api_keys.public_id,
    api_keys.secret_hash, api_keys.encrypted_key, api_keys.created_at, api_keys.ends_at, api_keys.last_used_at,
    EXISTS (SELECT 1 FROM places WHERE places.organization_id = api_keys.organization_id AND places.state = 'blocked')
FROM api_keys
WHERE api_keys.public_id = :key;

SELECT organizations.id, organizations.name, organizations.logo_url, organizations.privacy_url, organizations.reply_to,
    organizations.link_key, organizations.signing_secret, organizations.created_at
FROM organizations
WHERE organizations.id = :organization;

SELECT assessments.definition
FROM assessments
WHERE assessments.organization_id = :organization AND assessments.id = :test AND assessments.status = 'published';

SELECT invites.organization_id, invites.id, invites.assessment_id, invites.assessment_version, invites.assessment_title,
    invites.complete_on, invites.candidate_id, invites.candidate, invites.email_key, invites.search_text, invites.origin,
    invites.ask_key, invites.ats, invites.status, invites.attempt, invites.attempt_started_at, invites.attempt_ends_at,
    invites.link_hash, invites.launch_url, invites.mails, invites.email_state, invites.resends, invites.result,
    invites.grant_number, invites.created_at, invites.submitted_at, invites.completed_at, invites.expires_at,
    invites.due_at, invites.edition
FROM invites
WHERE invites.organization_id = :organization
    AND invites.ask_key = 'url https://app.greenhouse.io/assessments/pgbench/' || :low;

SELECT candidates.organization_id, candidates.email_key, candidates.id
FROM candidates
WHERE candidates.organization_id = :organization AND candidates.email_key = 'ada.' || :low || '@example.com';

INSERT INTO candidates (organization_id, email_key, id, created_at)
VALUES (:organization, 'ada.' || :low || '@example.com', int8send(:high) || int8send(:low), :now)
ON CONFLICT DO NOTHING;

INSERT INTO invites (organization_id, id, assessment_id, assessment_version, assessment_title, complete_on, candidate_id,
    candidate, email_key, search_text, origin, ask_key, ats, status, attempt, attempt_started_at, attempt_ends_at,
    link_hash, launch_url, mails, email_state, resends, result, grant_number, created_at, submitted_at, completed_at,
    expires_at, due_at, edition)
VALUES (:organization, int8send(:high) || int8send(:low), :test, 1, 'Bench assessment 1', 'graded',
    int8send(:high) || int8send(:low),
    '{"first_name": "Ada", "last_name": "Lovelace", "preferred_name": null, "email": "ada.' || :low
        || '@example.com", "phone": "+44 20 7946 0018", "linkedin_url": null}',
    'ada.' || :low || '@example.com', 'ada lovelace  ada.' || :low || '@example.com bench assessment 1', 'greenhouse',
    'url https://app.greenhouse.io/assessments/pgbench/' || :low,
    '{"profile_url": "https://app.greenhouse.io/people/17681532?application_id=26234709", "person_id": "17681532", '
        || '"application_id": "26234709"}',
    'invited', 1, DEFAULT, DEFAULT, sha256(int8send(:low)), DEFAULT, true, 'queued', 0, DEFAULT, 1, :now, DEFAULT, DEFAULT,
    :now + 1209600000000, :now + 1209600000000, 0);

INSERT INTO places (organization_id, invite_id, id, target, subject, state, revision, at, seen_at, detail)
VALUES (:organization, int8send(:high) || int8send(:low), int8send(:high) || int8send(:low), 'greenhouse_status',
    'https://app.greenhouse.io/assessments/pgbench/' || :low, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT);

INSERT INTO events (organization_id, id, invite_id, name, detail, at)
VALUES (:organization, int8send(:high) || int8send(:low), int8send(:high) || int8send(:low), 'invite.created',
    '{"mails": true, "origin": "greenhouse"}', :now);

INSERT INTO jobs (id, organization_id, kind, dedupe_key, ordering_key, seq, strict, payload, state, attempt, run_at,
    traceparent, created_at)
VALUES (int8send(:high) || int8send(:low), :organization, 'mail_invite',
    encode(int8send(:high) || int8send(:low), 'hex') || '.1.invitation', NULL, 0, false,
    '{"invite": "' || encode(int8send(:high) || int8send(:low), 'hex') || '", "attempt": 1, "occasion": "invitation"}',
    'ready', 0, :now, NULL, :now)
ON CONFLICT DO NOTHING;

COMMIT;
