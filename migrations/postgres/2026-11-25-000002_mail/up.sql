-- Each mail of an invite, from the moment its first try begins. One that waits for a later day (`held`) has no job: the row
-- is what brings it back.
CREATE TABLE mails (
    organization_id BYTEA NOT NULL,
    invite_id BYTEA NOT NULL,
    attempt INTEGER NOT NULL,
    occasion TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT,
    PRIMARY KEY (organization_id, invite_id, attempt, occasion)
);
CREATE INDEX mails_held ON mails (organization_id, at, invite_id) WHERE state = 'held';

-- How many mails an organization sent on a day (UTC), counted in days since 1970.
CREATE TABLE mail_days (
    organization_id BYTEA NOT NULL,
    day INTEGER NOT NULL,
    mails BIGINT NOT NULL,
    PRIMARY KEY (organization_id, day)
);

-- The one reminder of an invite's present deadline. Without `remind_at` it is done with.
CREATE TABLE reminders (
    organization_id BYTEA NOT NULL,
    invite_id BYTEA NOT NULL,
    attempt INTEGER NOT NULL,
    deadline BIGINT NOT NULL,
    remind_at BIGINT,
    PRIMARY KEY (organization_id, invite_id)
);
CREATE INDEX reminders_due ON reminders (remind_at) WHERE remind_at IS NOT NULL;
