-- One organization's links to ATSs, one of each kind at most; made when there is first something to say of one.
CREATE TABLE connections (
    organization_id BYTEA NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    id BYTEA NOT NULL UNIQUE,
    -- Switched off by the operator: then it has to be asked for.
    offered BOOLEAN NOT NULL,
    standing TEXT NOT NULL,
    detail TEXT,
    account_id TEXT,
    account_name TEXT,
    requested_at BIGINT,
    connected_at BIGINT,
    -- By the clock of the ATS.
    connected_at_there BIGINT,
    settings TEXT NOT NULL,
    webhook_id TEXT,
    webhook_url TEXT,
    webhook_token TEXT,
    webhook_received_at BIGINT,
    PRIMARY KEY (organization_id, kind)
);
CREATE INDEX connections_account ON connections (kind, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX connections_requested ON connections (requested_at) WHERE requested_at IS NOT NULL;

-- What an ATS gave us to call it with. One is in use; one may be held until somebody confirms it.
CREATE TABLE grants (
    organization_id BYTEA NOT NULL,
    id BYTEA NOT NULL UNIQUE,
    connection_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    held TEXT,
    -- When the ATS refused it for good.
    lost_at BIGINT,
    account_id TEXT,
    account_name TEXT,
    granted_at BIGINT NOT NULL,
    granted_at_there BIGINT,
    access_token TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    version BIGINT NOT NULL,
    access_ends_at BIGINT NOT NULL,
    refresh_at BIGINT NOT NULL,
    refreshed_at BIGINT NOT NULL,
    -- Who refreshes it now, and until when nobody else does.
    lease BYTEA,
    leased_until BIGINT,
    -- Since when refreshing fails, how often it has, and not before when it is tried again.
    failing_since BIGINT,
    failures INTEGER NOT NULL,
    retry_at BIGINT,
    -- The access token came of a refusal of the one before.
    after_refusal BOOLEAN NOT NULL,
    -- That it ends soon was told.
    told_ending BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX grants_in_use ON grants (organization_id, connection_id) WHERE held IS NULL;
CREATE UNIQUE INDEX grants_held ON grants (organization_id, connection_id) WHERE held IS NOT NULL;
CREATE INDEX grants_refreshed ON grants (kind, refreshed_at) WHERE held IS NULL AND lost_at IS NULL;
CREATE INDEX grants_granted ON grants (kind, granted_at) WHERE held IS NULL AND lost_at IS NULL;

-- Ways back from an ATS that are open: the SHA-256 of each one's `state`, used once.
CREATE TABLE oauth_states (
    state_hash BYTEA PRIMARY KEY,
    organization_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    -- What it leads to: a new grant, or the end of one that is wrong.
    purpose TEXT NOT NULL,
    -- The browser's session, where it was made in the dashboard.
    session_hash BYTEA,
    -- The connect link that it was made by.
    link_hash BYTEA,
    grant_id BYTEA,
    ends_at BIGINT NOT NULL
);
CREATE INDEX oauth_states_age ON oauth_states (ends_at);

-- Links with which somebody without an account connects.
CREATE TABLE connect_links (
    link_hash BYTEA PRIMARY KEY,
    organization_id BYTEA NOT NULL,
    kinds TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX connect_links_age ON connect_links (ends_at);

-- Stages in Lever: whoever is moved into one is invited.
CREATE TABLE trigger_stages (
    organization_id BYTEA NOT NULL,
    id BYTEA NOT NULL UNIQUE,
    stage_id TEXT NOT NULL,
    name TEXT NOT NULL,
    missing BOOLEAN NOT NULL,
    -- By Lever's clock, the end of that second.
    configured_at BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX trigger_stages_stage ON trigger_stages (organization_id, stage_id);
CREATE INDEX trigger_stages_checked ON trigger_stages (checked_at);

-- How much of what an ATS allows has been used, by all processes.
CREATE TABLE allowances (
    organization_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    used_up_to BIGINT NOT NULL,
    PRIMARY KEY (organization_id, name)
);
