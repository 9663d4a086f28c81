-- Interviews on the vendor's side, whose candidate is passed on to the customer's ATS once interviewer and candidate said yes.
CREATE TABLE referrals (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL UNIQUE,
    candidate_id BLOB NOT NULL,
    candidate TEXT NOT NULL,
    -- Who interviewed, when, scores and comments.
    interview TEXT NOT NULL,
    greenhouse_job_id TEXT,
    link_hash BLOB NOT NULL,
    mails BOOLEAN NOT NULL,
    email_state TEXT NOT NULL,
    -- The two answers, and what came of them.
    advance BOOLEAN NOT NULL,
    interested BOOLEAN,
    answered_at BIGINT,
    begun BOOLEAN NOT NULL,
    passing TEXT,
    passing_at BIGINT,
    detail TEXT,
    -- What was done at the ATS so far; only its own module reads it.
    steps TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edition INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX referrals_link ON referrals (link_hash);
CREATE INDEX referrals_of_candidate ON referrals (organization_id, candidate_id, id);
