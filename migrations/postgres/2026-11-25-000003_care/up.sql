-- Who did what: one chain for each organization, and one under the nil id for the operator's own doings. Rows are only
-- ever added (docs/adr/0012); `number` is the place in the chain, `hash` covers the row and the hash before it.
CREATE TABLE audit_events (
    organization_id BYTEA NOT NULL,
    number BIGINT NOT NULL,
    id BYTEA NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    address TEXT,
    request TEXT,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (organization_id, number)
);

-- The end of each chain: who adds to one holds this row until the commit.
CREATE TABLE audit_chains (
    organization_id BYTEA PRIMARY KEY,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

-- People who were erased. Holds no personal data: it is carried over into a restored backup, to erase them there again.
CREATE TABLE erasures (
    organization_id BYTEA NOT NULL,
    candidate_id BYTEA NOT NULL,
    asked_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (organization_id, candidate_id)
);
CREATE INDEX erasures_open ON erasures (asked_at) WHERE finished_at IS NULL;
