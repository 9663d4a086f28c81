-- The migrations that a program has to know to run on this schema. A migration that takes away what an earlier release
-- still used writes here the version of the one that brought the replacement.
CREATE TABLE schema_floor (
    version TEXT PRIMARY KEY
);

-- Written to while the database is said to take no writes, to find out whether it does again.
CREATE TABLE write_probes (
    id INTEGER PRIMARY KEY,
    filler TEXT NOT NULL
);
