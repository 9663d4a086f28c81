PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('20261124000001','2026-11-25 17:12:30');
CREATE TABLE organizations (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    logo_url TEXT,
    privacy_url TEXT,
    reply_to TEXT,
    link_key TEXT NOT NULL,
    signing_secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO organizations VALUES(X'01a213b1d22776e385ef93e62d340f40','Acme',NULL,NULL,NULL,'v1.test.LXblgkZsczQAuyl-lUmXs3XriOCRGjvgTelGoJGHP4kR9Q5_HliZUSNhzb22BCBEznYO3MJXOEGn6z_7-WPB85K8e_3z3IRC','v1.test.kXRRT3hVqbxjJQvH876bG9sWE8pn4840oFq0TJgav3WMumTGHXLdfS90Bme_DnznzKfRC-2sjRgmJtTl-_qiaEJq4iPOdbAmYno-98Bwonw8kDLzK3QbAOCY',1795626750504116);
CREATE TABLE users (
    id BLOB PRIMARY KEY,
    organization_id BLOB REFERENCES organizations (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT,
    setup_hash BLOB UNIQUE,
    setup_expires_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE TABLE api_keys (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL,
    encrypted_key TEXT,
    created_at BIGINT NOT NULL,
    ends_at BIGINT,
    last_used_at BIGINT
);
INSERT INTO api_keys VALUES(X'01a213b1d300713e86c974d73a6a753c',X'01a213b1d22776e385ef93e62d340f40','platform','Made by the operator','["read","write"]','bjzqBEoUw7Q5',X'070f7b4dfcd927d8439c4655837c5650750b0616b84fa5dd71027877d240d5f2',NULL,1795626750720585,NULL,1795626751381040);
INSERT INTO api_keys VALUES(X'01a213b1d4167318977e6bc2a5eedf70',X'01a213b1d22776e385ef93e62d340f40','greenhouse_assessment','Made by the operator','["assess","mail"]','iTBlHRwT6rcm',X'01395e3de2b7f8fa885d4848ff4ff13103d216f3c5b44b7806eace177d030442','v1.test.bONsxB3THIzb5fpmfbryTa_kp048QzsQCP2m11Zo3ovgKyT6ruv7I1STJ3fPMGsSpYrdJDhwK9B7YVey91tWbzHVCLh4CbI_D4T5VTsfapPkFW_ESK9jzGMU5yILbFyH25InJcaPzjuc',1795626750999205,NULL,1795626751840779);
CREATE TABLE assessments (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL UNIQUE,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
INSERT INTO assessments VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d59c763ea3da9aa9a68f3fdd','published',1,'Backend','backend','{"id":"01a213b1-d59c-763e-a3da-9aa9a68f3fdd","organization":"01a213b1-d227-76e3-85ef-93e62d340f40","status":"published","version":1,"title":"Backend","description_html":null,"kind":"external","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[],"external":{"launch_url":"https://runner.example/start"},"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}',1795626751388438);
INSERT INTO assessments VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d67c75fa9ce61640eca88503','published',1,'Choices','choices','{"id":"01a213b1-d67c-75fa-9ce6-1640eca88503","organization":"01a213b1-d227-76e3-85ef-93e62d340f40","status":"published","version":1,"title":"Choices","description_html":null,"kind":"questionnaire","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[{"id":"01a213b1-d67c-75fa-9ce6-164186891060","kind":"single_choice","prompt":"Two and two?","choices":[{"id":"01a213b1-d67c-75fa-9ce6-1642294462f2","text":"Four","correct":true},{"id":"01a213b1-d67c-75fa-9ce6-1643422d0f56","text":"Five","correct":false}],"points":1.0,"competency":null}],"external":null,"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}',1795626751612993);
CREATE TABLE assessment_versions (
    organization_id BLOB NOT NULL,
    assessment_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (organization_id, assessment_id, version)
);
INSERT INTO assessment_versions VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d59c763ea3da9aa9a68f3fdd',1,'{"id":"01a213b1-d59c-763e-a3da-9aa9a68f3fdd","organization":"01a213b1-d227-76e3-85ef-93e62d340f40","status":"published","version":1,"title":"Backend","description_html":null,"kind":"external","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[],"external":{"launch_url":"https://runner.example/start"},"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}');
INSERT INTO assessment_versions VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d67c75fa9ce61640eca88503',1,'{"id":"01a213b1-d67c-75fa-9ce6-1640eca88503","organization":"01a213b1-d227-76e3-85ef-93e62d340f40","status":"published","version":1,"title":"Choices","description_html":null,"kind":"questionnaire","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[{"id":"01a213b1-d67c-75fa-9ce6-164186891060","kind":"single_choice","prompt":"Two and two?","choices":[{"id":"01a213b1-d67c-75fa-9ce6-1642294462f2","text":"Four","correct":true},{"id":"01a213b1-d67c-75fa-9ce6-1643422d0f56","text":"Five","correct":false}],"points":1.0,"competency":null}],"external":null,"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}');
CREATE TABLE candidates (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    email_key TEXT NOT NULL,
    id BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, email_key)
);
INSERT INTO candidates VALUES(X'01a213b1d22776e385ef93e62d340f40','ada@candidate.example',X'01a213b1d77870d39b4c17ffcc6051f8',1795626751863627);
INSERT INTO candidates VALUES(X'01a213b1d22776e385ef93e62d340f40','alan@candidate.example',X'01a213b1d95f75119202f4a2cf50d15a',1795626752351242);
INSERT INTO candidates VALUES(X'01a213b1d22776e385ef93e62d340f40','grace@candidate.example',X'01a213b1dd82713ebcd02bcf8f00723c',1795626753409588);
INSERT INTO candidates VALUES(X'01a213b1d22776e385ef93e62d340f40','joan@candidate.example',X'01a213b1de56723b9dbb52a88a55b929',1795626753622005);
CREATE TABLE invites (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL UNIQUE,
    assessment_id BLOB NOT NULL,
    assessment_version INTEGER NOT NULL,
    assessment_title TEXT NOT NULL,
    complete_on TEXT NOT NULL,
    candidate_id BLOB NOT NULL,
    candidate TEXT NOT NULL,
    email_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    origin TEXT NOT NULL,
    ask_key TEXT,
    ats TEXT NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    attempt_started_at BIGINT,
    attempt_ends_at BIGINT,
    link_hash BLOB NOT NULL,
    launch_url TEXT,
    mails BOOLEAN NOT NULL,
    email_state TEXT NOT NULL,
    resends INTEGER NOT NULL,
    result TEXT,
    grant_number INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT,
    completed_at BIGINT,
    expires_at BIGINT NOT NULL,
    due_at BIGINT,
    edition INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
);
INSERT INTO invites VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d77870d39b4c17fe6e35309d',X'01a213b1d59c763ea3da9aa9a68f3fdd',1,'Backend','graded',X'01a213b1d77870d39b4c17ffcc6051f8','{"first_name":"ada","last_name":"Lovelace","preferred_name":null,"email":"ada@candidate.example","phone":"+44 20 7946 0018","linkedin_url":null}','ada@candidate.example',replace('ada lovelace\n\nada@candidate.example\nbackend','\n',char(10)),'greenhouse','url http://127.0.0.1:1/take_home_tests/ada','{"profile_url":"https://app.greenhouse.io/people/1?application_id=2","person_id":"1","application_id":"2","sent_by":"recruiter@customer.example"}','completed',1,1795626752218165,NULL,X'e6d20467e507c530cdcc101445923cc42ea03f0565f16314c35728394d66e888',NULL,1,'sent',0,'{"revision":2,"at":"2026-11-25T17:12:32.269579Z","score":82.0,"max_score":100.0,"report_url":null,"summary":"Good","recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}',1,1795626751863627,1795626752269579,1795626752269579,1827162751863627,NULL,4);
INSERT INTO invites VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d95f75119202f4a17d964329',X'01a213b1d67c75fa9ce61640eca88503',1,'Choices','graded',X'01a213b1d95f75119202f4a2cf50d15a','{"first_name":"Alan","last_name":"Turing","preferred_name":null,"email":"alan@candidate.example","phone":null,"linkedin_url":null}','alan@candidate.example',replace('alan turing\n\nalan@candidate.example\nchoices','\n',char(10)),'api',NULL,'{}','invited',2,NULL,NULL,X'5deda06edd3c605428edf087281fa477cb75d992bdf5dafc393c619e58998742',NULL,1,'sent',1,NULL,1,1795626752351242,NULL,NULL,1827162753039144,1827162753039144,5);
INSERT INTO invites VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dd82713ebcd02bced35bbb2f',X'01a213b1d59c763ea3da9aa9a68f3fdd',1,'Backend','graded',X'01a213b1dd82713ebcd02bcf8f00723c','{"first_name":"grace","last_name":"Lovelace","preferred_name":null,"email":"grace@candidate.example","phone":"+44 20 7946 0018","linkedin_url":null}','grace@candidate.example',replace('grace lovelace\n\ngrace@candidate.example\nbackend','\n',char(10)),'greenhouse','url http://127.0.0.1:1/take_home_tests/grace','{"profile_url":"https://app.greenhouse.io/people/1?application_id=2","person_id":"1","application_id":"2","sent_by":"recruiter@customer.example"}','invited',1,NULL,NULL,X'945f50ac4fddfab0ad60633c557cb659c7e92175dffcd0f518e1b9d214efbcec',NULL,1,'queued',0,NULL,1,1795626753409588,NULL,NULL,1827162753409588,1827162753409588,0);
INSERT INTO invites VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1de56723b9dbb52a72834e98e',X'01a213b1d59c763ea3da9aa9a68f3fdd',1,'Backend','graded',X'01a213b1de56723b9dbb52a88a55b929','{"first_name":"joan","last_name":"Lovelace","preferred_name":null,"email":"joan@candidate.example","phone":"+44 20 7946 0018","linkedin_url":null}','joan@candidate.example',replace('joan lovelace\n\njoan@candidate.example\nbackend','\n',char(10)),'greenhouse','url http://127.0.0.1:1/take_home_tests/joan','{"profile_url":"https://app.greenhouse.io/people/1?application_id=2","person_id":"1","application_id":"2","sent_by":"recruiter@customer.example"}','completed',1,1795626753741205,NULL,X'231870c88c0561c4d81096d854abc81f7a27542afd7bcb42511944de9f7b0d8f',NULL,1,'queued',0,'{"revision":1,"at":"2026-11-25T17:12:33.755482Z","score":64.0,"max_score":100.0,"report_url":null,"summary":null,"recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}',1,1795626753622005,1795626753755482,1795626753755482,1827162753622005,NULL,2);
CREATE TABLE attempts (
    organization_id BLOB NOT NULL,
    invite_id BLOB NOT NULL,
    attempt INTEGER NOT NULL,
    answers TEXT NOT NULL,
    seq BIGINT NOT NULL,
    marks TEXT NOT NULL,
    PRIMARY KEY (organization_id, invite_id, attempt)
);
CREATE TABLE dead_links (
    link_hash BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL,
    invite_id BLOB NOT NULL
);
INSERT INTO dead_links VALUES(X'6bfb600cc75568a286eebc31e6a2c079f8410c521565383fbbc35f26eba6ee87',X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d95f75119202f4a17d964329');
CREATE TABLE revisions (
    organization_id BLOB NOT NULL,
    invite_id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, invite_id, revision)
);
INSERT INTO revisions VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d77870d39b4c17fe6e35309d',1,'{"score":81.0,"max_score":100.0,"report_url":null,"summary":null,"recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":false}',1795626752245345);
INSERT INTO revisions VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d77870d39b4c17fe6e35309d',2,'{"score":82.0,"max_score":100.0,"report_url":null,"summary":"Good","recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}',1795626752269579);
INSERT INTO revisions VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1de56723b9dbb52a72834e98e',1,'{"score":64.0,"max_score":100.0,"report_url":null,"summary":null,"recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}',1795626753755482);
CREATE TABLE places (
    organization_id BLOB NOT NULL,
    invite_id BLOB NOT NULL,
    id BLOB NOT NULL,
    target TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT,
    revision INTEGER,
    at BIGINT,
    seen_at BIGINT,
    detail TEXT,
    PRIMARY KEY (organization_id, invite_id, id)
);
INSERT INTO places VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d77870d39b4c17fe6e35309d',X'01a213b1d77870d39b4c18005f78985c','greenhouse_status','http://127.0.0.1:1/take_home_tests/ada','retrying',2,1795626752281831,1795626752293621,'Greenhouse did not answer: it will be tried again');
INSERT INTO places VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dd82713ebcd02bced35bbb2f',X'01a213b1dd82713ebcd02bd0fdfa69c5','greenhouse_status','http://127.0.0.1:1/take_home_tests/grace',NULL,NULL,NULL,NULL,NULL);
INSERT INTO places VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1de56723b9dbb52a72834e98e',X'01a213b1de56723b9dbb52a955d0661b','greenhouse_status','http://127.0.0.1:1/take_home_tests/joan','pending',1,1795626753755482,NULL,NULL);
CREATE TABLE events (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL,
    invite_id BLOB,
    name TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d77870d39b4c18017b1345b2',X'01a213b1d77870d39b4c17fe6e35309d','invite.created','{"origin":"greenhouse","mails":true}',1795626751863627);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d7b07775830c8746e8b21550',X'01a213b1d77870d39b4c17fe6e35309d','mail.sent','{"mail":"invitation"}',1795626751920230);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d8da7375835ede783a58db22',X'01a213b1d77870d39b4c17fe6e35309d','invite.started','{}',1795626752218165);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d8f574a59cc7d858d69beba0',X'01a213b1d77870d39b4c17fe6e35309d','result.revised','{"revision":1,"final":false}',1795626752245345);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d90d70f4a8ef3dc3416ee77f',X'01a213b1d77870d39b4c17fe6e35309d','result.revised','{"revision":2,"final":true}',1795626752269579);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d90d70f4a8ef3dc4d6943628',X'01a213b1d77870d39b4c17fe6e35309d','invite.completed','{}',1795626752269579);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d91a73d7bce0b813b350991b',X'01a213b1d77870d39b4c17fe6e35309d','writeback.retrying','{"target":"greenhouse_status","revision":2,"detail":"Greenhouse did not answer: it will be tried again"}',1795626752281831);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d92671cf9dd3afa83f43cb2d',X'01a213b1d77870d39b4c17fe6e35309d','writeback.seen','{"target":"greenhouse_status"}',1795626752293621);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d9457540981368f12aecfb87',X'01a213b1d77870d39b4c17fe6e35309d','greenhouse.response_error','{"api_call":"send_test","errors":["none"]}',1795626752325935);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d95f75119202f4a3ff7d911b',X'01a213b1d95f75119202f4a17d964329','invite.created','{"origin":"api","mails":true}',1795626752351242);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1d99c75e79e31a2e37c67f922',X'01a213b1d95f75119202f4a17d964329','mail.sent','{"mail":"invitation"}',1795626752412355);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1db87725a9bda2ffde019a204',X'01a213b1d95f75119202f4a17d964329','invite.started','{}',1795626752903650);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dbc7736cbc109fadcf300977',X'01a213b1d95f75119202f4a17d964329','invite.extended','{"expires_at":"2027-06-01T00:00:00Z"}',1795626752967200);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dc0f76c990542de2ffe7e7ff',X'01a213b1d95f75119202f4a17d964329','invite.reset','{"attempt":2}',1795626753039144);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dc13718582994bd93b0e2519',X'01a213b1d95f75119202f4a17d964329','mail.sent','{"mail":"resend-1"}',1795626753043481);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dc557614a9dce512a67c1d9d',X'01a213b1d95f75119202f4a17d964329','mail.sent','{"mail":"invitation"}',1795626753109882);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dd82713ebcd02bd1d695818e',X'01a213b1dd82713ebcd02bced35bbb2f','invite.created','{"origin":"greenhouse","mails":true}',1795626753409588);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1de57775691e46b10ae1d8937',X'01a213b1de56723b9dbb52a72834e98e','invite.created','{"origin":"greenhouse","mails":true}',1795626753622005);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1decd7182afff4951937278c4',X'01a213b1de56723b9dbb52a72834e98e','invite.started','{}',1795626753741205);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dedb7614b11f4709b4b3106e',X'01a213b1de56723b9dbb52a72834e98e','result.revised','{"revision":1,"final":true}',1795626753755482);
INSERT INTO events VALUES(X'01a213b1d22776e385ef93e62d340f40',X'01a213b1dedb7614b11f470ab0102b5b',X'01a213b1de56723b9dbb52a72834e98e','invite.completed','{}',1795626753755482);
CREATE TABLE jobs (
    id BLOB PRIMARY KEY,
    organization_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    run_at BIGINT NOT NULL,
    first_tried_at BIGINT,
    claim_token BLOB,
    claimed_until BIGINT,
    last_error TEXT,
    traceparent TEXT,
    created_at BIGINT NOT NULL
);
INSERT INTO jobs VALUES(X'01a213b1d90d70f4a8ef3dc5ebcd4c35',X'01a213b1d22776e385ef93e62d340f40','show_at','01a213b1-d778-70d3-9b4c-18005f78985c','{"invite":"01a213b1-d778-70d3-9b4c-17fe6e35309d","place":"01a213b1-d778-70d3-9b4c-18005f78985c"}','ready',1,1795626754250864,1795626752272664,NULL,NULL,'Greenhouse did not answer: it will be tried again',NULL,1795626752269579);
INSERT INTO jobs VALUES(X'01a213b1dd82713ebcd02bd2ebd023a6',X'01a213b1d22776e385ef93e62d340f40','mail_invite','01a213b1-dd82-713e-bcd0-2bced35bbb2f.1.invitation','{"invite":"01a213b1-dd82-713e-bcd0-2bced35bbb2f","attempt":1,"occasion":"invitation"}','ready',0,1795626753409588,NULL,NULL,NULL,NULL,NULL,1795626753409588);
INSERT INTO jobs VALUES(X'01a213b1de57775691e46b11ce2e29d9',X'01a213b1d22776e385ef93e62d340f40','mail_invite','01a213b1-de56-723b-9dbb-52a72834e98e.1.invitation','{"invite":"01a213b1-de56-723b-9dbb-52a72834e98e","attempt":1,"occasion":"invitation"}','claimed',1,1795626753622005,NULL,X'00000000000000000000000000000000',0,NULL,NULL,1795626753622005);
INSERT INTO jobs VALUES(X'01a213b1dedb7614b11f470b1a7598b7',X'01a213b1d22776e385ef93e62d340f40','show_at','01a213b1-de56-723b-9dbb-52a955d0661b','{"invite":"01a213b1-de56-723b-9dbb-52a72834e98e","place":"01a213b1-de56-723b-9dbb-52a955d0661b"}','ready',0,1795626753755482,NULL,NULL,NULL,NULL,NULL,1795626753755482);
CREATE TABLE idempotency_keys (
    organization_id BLOB NOT NULL,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, key, route)
);
INSERT INTO idempotency_keys VALUES(X'01a213b1d22776e385ef93e62d340f40','one','POST /v1/invites',X'31701546ec675e855c7eef81cda5cf1311f8dbd4dbe72be0ba529782625e3829',201,'v1.test.1f0lK1JXhztKH8Wdb_lB2k4cTCMRwD3P7lmwL5d0p_ciGnnBMhXHXwTz9D7OuPbp24aK3bVDf0EtTm2gFVsNOfC6-rRZP4V_ycPw5yiO--nwf6uqbXRYoFlZ8E71ZHAWbE7Me8kXw65Sq1Njkn-8sag8Krmcv0OZsGr26n-6puTvGAc-Qy5KFqSSGxpxSOjU7e8yP5XCvDPLhfGMWe7xAKRiM3sxOjvC3RTaC18ERuNCq5ScfRFgJ86Q39Fg3wfwu6RtVUY8hwzGgXWpr0BTJ-a2OsUcUMLr-ZI0qj72aKPvonQlcX9EwTNILDE7SfY65UOXktSpLWMUzVP6lURh3RtGUMg2w-adAnLygnKatHDyr8E8AxBTaJzSrLQBRhQLhh1ReP6tFbaGW2oeBVBzn-3sxzvsamY39aD8nmrdxhLgruF3JTESX5OjJ0w5GqeVFNekWtXI1-EQmmud09exYoSfQHaAUIQaUCiCJQZQJzCbTrwT8lwDkWgsg2IPH-OwIT5kg06C7ERx8ll5QFVVPpShTdyXV67q-xbdk6a6u67tsepEuyFu7WTA546-qbvi1qhVzovZkFa0AVIypXQCtzirvQo743MoqfjBj29LxNzb1wu_Y95wdDaFT0p7mwE4ea4gqIbolJZ2LlAzTrJMyenpAFipvUJnJWCYyaekIt0sNxX2BWesYADUqueM1XnFatPtslX5wyZiPDOV_juChogaFqZkwlVZwnsxF81h6nvoIJjhi8AF_0IcP0Sv1ecjiMb26iMibNRC09yMcRC6qDgpodouxfVx2OfwtpojMLdOODBDXV7FxDOq8z3gJx0FwnfPxtigh9mJOI_jSJ6TMwq4cIQRDszy3mspAw5LEULkZANFM-56nz4l3C-6qB1BjHLhE4gX5h1eYgoQOM9NHqe06dT9ivL9WPbUjBMiCOTA51ytXzI6vhXdzTskpd6W9heDrN8HgiEAB238DtLs8Yk8ql9isO6qMVpiallQERfll9UjpxBHmHgrIJIe8TmqaFWyqU7NRjtWjGHXjiUBMfoWEDE8NvciulIY38dVueVa5hPClQkfUUHUTN_Mzh3UnXzClqU_h18o-dp8XnXIKmyJvPIotlPfsY8fGcsvaceN9g5bHtiB-8mxBlUn600SgG9dz9lrRqxuYgtmLesBdA16ngrZNKsGf11oJ4w9RMk8bJ3Tr0RG_PtAkrk5qsNb53PC60Yh_kJ16kD7ZIGSSOs_LFrgAlzAv0ejSEts_iw0fjloX3MmweBZVkou09TKHW_CZEGKBFCnRilpvWksMW4ivCh3HlwrTEasf26qnNTuaW5VOjX7NHVgn09XXrYL2Bo_oRr6OjCp0Hj6fxcaOI-b1hea9Lts8qWExMQniwU',1795626752353868);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX api_keys_of_organization ON api_keys (organization_id, kind, created_at);
CREATE UNIQUE INDEX assessments_published_title ON assessments (organization_id, title_key) WHERE status = 'published';
CREATE UNIQUE INDEX invites_ask ON invites (organization_id, ask_key) WHERE ask_key IS NOT NULL;
CREATE UNIQUE INDEX invites_link ON invites (link_hash);
CREATE INDEX invites_due ON invites (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX places_blocked ON places (organization_id) WHERE state = 'blocked';
CREATE INDEX events_of_invite ON events (organization_id, invite_id, id) WHERE invite_id IS NOT NULL;
CREATE UNIQUE INDEX jobs_waiting ON jobs (organization_id, kind, dedupe_key) WHERE state = 'ready';
CREATE INDEX jobs_ready ON jobs (run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_claimed ON jobs (claimed_until) WHERE state = 'claimed';
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
COMMIT;
