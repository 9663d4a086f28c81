-- Deliveries of an ATS's webhooks: the SHA-256 of each one's token, kept for as long as it may come again.
CREATE TABLE inbox (
    organization_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, connection_id, token_hash)
);
CREATE INDEX inbox_age ON inbox (received_at);

-- What came in from an ATS, what was decided, and why nothing was sent. Ids and our own words, no personal data.
CREATE TABLE activities (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    event TEXT,
    -- What in the ATS it is about: Lever's opportunity.
    subject TEXT,
    decision TEXT NOT NULL,
    reason TEXT,
    detail TEXT,
    invite_id BLOB,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX activities_kind ON activities (organization_id, kind, id);
CREATE INDEX activities_subject ON activities (organization_id, subject, id);
CREATE INDEX activities_age ON activities (at);

-- Which invites came of what in an ATS: of Lever's opportunities.
CREATE TABLE invite_sources (
    organization_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    source TEXT NOT NULL,
    invite_id BLOB NOT NULL,
    PRIMARY KEY (organization_id, connection_id, source, invite_id)
);

-- Up to where, by the clock of the ATS, a connection was looked through for what webhooks missed.
CREATE TABLE sweeps (
    organization_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    swept_to BIGINT NOT NULL,
    PRIMARY KEY (organization_id, connection_id)
);
