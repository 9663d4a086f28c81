-- 5,000 invites for each organization, each of another person, and otherwise like the one that a send_test has made for it.
--
-- An id is, in hexadecimal, the organization's number (1 or 2, oldest first; 8 digits), 00007000, and the invite's number (1 to
-- 5000; 16 digits): so the load generators can name each of them.

CREATE TEMPORARY TABLE wanted AS
SELECT model.id AS model_id, n, n || '.' || email_key AS email,
    decode(format('%s00007000%s', lpad(to_hex(number), 8, '0'), lpad(to_hex(n), 16, '0')), 'hex') AS id
FROM (SELECT id, email_key, row_number() OVER (ORDER BY organization_id) AS number FROM invites) AS model,
    generate_series(1, 5000) AS n;

INSERT INTO candidates
SELECT made.*
FROM wanted JOIN invites ON invites.id = wanted.model_id JOIN candidates AS model ON model.id = invites.candidate_id,
    jsonb_populate_record(model, jsonb_build_object('id', wanted.id::text, 'email_key', email)) AS made;

INSERT INTO invites
SELECT made.*
FROM wanted JOIN invites AS model ON model.id = wanted.model_id,
    jsonb_populate_record(model, jsonb_build_object(
        'id', wanted.id::text,
        'ask_key', ask_key || '/' || n,
        'link_hash', sha256(wanted.id)::text,
        'candidate_id', wanted.id::text,
        'email_key', email,
        'candidate', replace(candidate, email_key, email),
        'search_text', replace(search_text, email_key, email)
    )) AS made;

INSERT INTO places
SELECT made.*
FROM wanted JOIN places AS model ON model.invite_id = wanted.model_id,
    jsonb_populate_record(model, jsonb_build_object('id', wanted.id::text, 'invite_id', wanted.id::text)) AS made;

INSERT INTO events
SELECT made.*
FROM wanted JOIN events AS model ON model.invite_id = wanted.model_id,
    jsonb_populate_record(model, jsonb_build_object('id', wanted.id::text, 'invite_id', wanted.id::text)) AS made;

VACUUM ANALYZE;
