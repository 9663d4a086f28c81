-- The first schema. Ids are 16 bytes, times are microseconds since 1970 (UTC), documents are JSON as text: three
-- forms that mean the same on both databases (docs/adr/0004). `organization_id` leads the keys of tenants' tables.

CREATE TABLE organizations (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    logo_url TEXT,
    privacy_url TEXT,
    reply_to TEXT,
    link_key TEXT NOT NULL,
    signing_secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id BYTEA PRIMARY KEY,
    organization_id BYTEA REFERENCES organizations (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT,
    setup_hash BYTEA UNIQUE,
    setup_expires_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash BYTEA PRIMARY KEY,
    user_id BYTEA NOT NULL REFERENCES users (id),
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE api_keys (
    id BYTEA PRIMARY KEY,
    organization_id BYTEA NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    secret_hash BYTEA NOT NULL,
    encrypted_key TEXT,
    created_at BIGINT NOT NULL,
    ends_at BIGINT,
    last_used_at BIGINT
);
CREATE INDEX api_keys_of_organization ON api_keys (organization_id, kind, created_at);

CREATE TABLE assessments (
    organization_id BYTEA NOT NULL REFERENCES organizations (id),
    id BYTEA NOT NULL UNIQUE,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX assessments_published_title ON assessments (organization_id, title_key) WHERE status = 'published';

CREATE TABLE assessment_versions (
    organization_id BYTEA NOT NULL,
    assessment_id BYTEA NOT NULL,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (organization_id, assessment_id, version)
);

CREATE TABLE candidates (
    organization_id BYTEA NOT NULL REFERENCES organizations (id),
    email_key TEXT NOT NULL,
    id BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, email_key)
);

CREATE TABLE invites (
    organization_id BYTEA NOT NULL REFERENCES organizations (id),
    id BYTEA NOT NULL UNIQUE,
    assessment_id BYTEA NOT NULL,
    assessment_version INTEGER NOT NULL,
    assessment_title TEXT NOT NULL,
    complete_on TEXT NOT NULL,
    candidate_id BYTEA NOT NULL,
    candidate TEXT NOT NULL,
    email_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    origin TEXT NOT NULL,
    ask_key TEXT,
    ats TEXT NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    attempt_started_at BIGINT,
    attempt_ends_at BIGINT,
    link_hash BYTEA NOT NULL,
    launch_url TEXT,
    mails BOOLEAN NOT NULL,
    email_state TEXT NOT NULL,
    resends INTEGER NOT NULL,
    result TEXT,
    grant_number INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT,
    completed_at BIGINT,
    expires_at BIGINT NOT NULL,
    due_at BIGINT,
    edition INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
);
-- One live invite per ask; one that was replaced loses its ask_key.
CREATE UNIQUE INDEX invites_ask ON invites (organization_id, ask_key) WHERE ask_key IS NOT NULL;
CREATE UNIQUE INDEX invites_link ON invites (link_hash);
CREATE INDEX invites_due ON invites (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE attempts (
    organization_id BYTEA NOT NULL,
    invite_id BYTEA NOT NULL,
    attempt INTEGER NOT NULL,
    answers TEXT NOT NULL,
    seq BIGINT NOT NULL,
    marks TEXT NOT NULL,
    PRIMARY KEY (organization_id, invite_id, attempt)
);

-- Links of attempts that are over: they answer 410, not 404.
CREATE TABLE dead_links (
    link_hash BYTEA PRIMARY KEY,
    organization_id BYTEA NOT NULL,
    invite_id BYTEA NOT NULL
);

CREATE TABLE revisions (
    organization_id BYTEA NOT NULL,
    invite_id BYTEA NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, invite_id, revision)
);

-- Where an invite is shown, and the write-back that shows it there.
CREATE TABLE places (
    organization_id BYTEA NOT NULL,
    invite_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    target TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT,
    revision INTEGER,
    at BIGINT,
    seen_at BIGINT,
    detail TEXT,
    PRIMARY KEY (organization_id, invite_id, id)
);
CREATE INDEX places_blocked ON places (organization_id) WHERE state = 'blocked';

CREATE TABLE events (
    organization_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    invite_id BYTEA,
    name TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX events_of_invite ON events (organization_id, invite_id, id) WHERE invite_id IS NOT NULL;

CREATE TABLE jobs (
    id BYTEA PRIMARY KEY,
    organization_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    run_at BIGINT NOT NULL,
    first_tried_at BIGINT,
    claim_token BYTEA,
    claimed_until BIGINT,
    last_error TEXT,
    traceparent TEXT,
    created_at BIGINT NOT NULL
);
-- Work still to be done is there once; what is being done may be asked for again.
CREATE UNIQUE INDEX jobs_waiting ON jobs (organization_id, kind, dedupe_key) WHERE state = 'ready';
CREATE INDEX jobs_ready ON jobs (run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_claimed ON jobs (claimed_until) WHERE state = 'claimed';
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';

CREATE TABLE idempotency_keys (
    organization_id BYTEA NOT NULL,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, key, route)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
