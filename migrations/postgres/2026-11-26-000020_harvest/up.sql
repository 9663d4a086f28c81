-- What an ATS that counts calls in windows of time still allows, as all processes count it together.
CREATE TABLE call_windows (
    organization_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    call_limit INTEGER NOT NULL,
    calls_left INTEGER NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, name)
);

-- Which jobs in Greenhouse were imported, and as which assessment.
CREATE TABLE job_imports (
    organization_id BYTEA NOT NULL,
    job_id TEXT NOT NULL,
    assessment_id BYTEA NOT NULL,
    -- The post whose text was taken.
    post_id TEXT,
    -- SHA-256 of the description as it was taken last.
    description_hash BYTEA NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, job_id)
);
CREATE UNIQUE INDEX job_imports_assessment ON job_imports (organization_id, assessment_id);
