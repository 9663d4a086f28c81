-- Order, parking, crashes and the liveness of workers. Only nullable or defaulted columns and new tables: the previous
-- release goes on working beside this one. The indexes that are replaced were no promise: its statements mean the same.

ALTER TABLE jobs ADD COLUMN ordering_key TEXT;
ALTER TABLE jobs ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN strict BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE jobs ADD COLUMN parked_under TEXT;
ALTER TABLE jobs ADD COLUMN worker_id BLOB;
ALTER TABLE jobs ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN died_at BIGINT;

-- Work still to be done is there once; what is being done may be asked for again.
CREATE UNIQUE INDEX jobs_pending ON jobs (organization_id, kind, dedupe_key) WHERE state IN ('ready', 'waiting', 'parked');
-- jobs_waiting, which says less, stays for the release before: SQLite knows the index of an ON CONFLICT … WHERE by its very
-- words. It goes with the release after this one.
-- Each ordering key has one head; the others wait behind it. A strict job that died stays the head of its key.
CREATE UNIQUE INDEX jobs_heads ON jobs (organization_id, ordering_key)
    WHERE ordering_key IS NOT NULL AND (state IN ('ready', 'claimed') OR (state = 'dead' AND strict));
CREATE INDEX jobs_behind ON jobs (organization_id, ordering_key, seq) WHERE state = 'waiting';

-- What may be claimed, oldest first and by organization. First tries and later ones apart, for each has its share of hands.
CREATE INDEX jobs_fresh ON jobs (run_at, id) WHERE state = 'ready' AND attempt = 0;
CREATE INDEX jobs_again ON jobs (run_at, id) WHERE state = 'ready' AND attempt > 0 AND crashes < 2;
CREATE INDEX jobs_fresh_by_turns ON jobs (organization_id, run_at, id) WHERE state = 'ready' AND attempt = 0;
CREATE INDEX jobs_again_by_turns ON jobs (organization_id, run_at, id)
    WHERE state = 'ready' AND attempt > 0 AND crashes < 2;
-- Those that were in hand when two workers in a row went away: each runs alone.
CREATE INDEX jobs_suspect ON jobs (run_at, id) WHERE state = 'ready' AND crashes >= 2;
DROP INDEX jobs_ready;

CREATE INDEX jobs_parked ON jobs (organization_id, parked_under, id) WHERE state = 'parked';
CREATE INDEX jobs_parked_until ON jobs (run_at) WHERE state = 'parked';

-- Until when work under a name (a connection) is to be left alone.
CREATE TABLE parkings (
    organization_id BLOB NOT NULL,
    name TEXT NOT NULL,
    until BIGINT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (organization_id, name)
);

-- One row per worker that is alive. It is dead when `beat` stands still; `beat_at` is for people to read.
CREATE TABLE workers (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    beat BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    beat_at BIGINT NOT NULL
);

-- The last slot of each piece of periodic work that somebody took: one run per slot, however many workers there are.
CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    slot BIGINT NOT NULL
);
