-- Far sides that fail: how often in a row, and until when they are left alone. One that answers has no row.
CREATE TABLE circuits (
    organization_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    failures BIGINT NOT NULL,
    open_until BIGINT,
    wait BIGINT NOT NULL,
    trial BOOLEAN NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (organization_id, name)
);
