-- The operator let it have an account that another organization is connected to.
ALTER TABLE connections ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE connections SET shared = TRUE WHERE account_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM connections other
    WHERE other.kind = connections.kind AND other.account_id = connections.account_id
        AND other.organization_id <> connections.organization_id AND other.standing IN ('connected', 'needs_attention')
);
CREATE UNIQUE INDEX connections_of_account ON connections (kind, account_id)
    WHERE NOT shared AND standing IN ('connected', 'needs_attention');

-- Accounts that a connection has left for another one, and where our webhook and our access are still to be removed.
CREATE TABLE partings (
    organization_id BLOB NOT NULL,
    -- The grant's.
    id BLOB NOT NULL UNIQUE,
    connection_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    account_id TEXT,
    -- Access and refresh token, encrypted together.
    tokens TEXT NOT NULL,
    access_ends_at BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
