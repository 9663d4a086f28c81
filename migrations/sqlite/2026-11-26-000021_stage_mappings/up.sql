-- Stages of jobs in Greenhouse whose newcomers are invited, and to what.
CREATE TABLE stage_mappings (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL,
    stage_id TEXT NOT NULL,
    stage_name TEXT NOT NULL,
    job_id TEXT NOT NULL,
    job_name TEXT NOT NULL,
    assessment_id BLOB NOT NULL,
    -- By Greenhouse's clock, the end of that second.
    configured_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX stage_mappings_pair ON stage_mappings (organization_id, stage_id, assessment_id);
