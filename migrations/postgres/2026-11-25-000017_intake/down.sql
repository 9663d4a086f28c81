DROP TABLE sweeps;
DROP TABLE invite_sources;
DROP TABLE activities;
DROP TABLE inbox;
