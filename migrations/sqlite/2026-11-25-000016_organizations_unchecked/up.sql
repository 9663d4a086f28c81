-- SQLite looks an organization up in its own memory: nothing to gain.
SELECT 1;
