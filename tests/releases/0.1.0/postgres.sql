






CREATE TABLE public.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);



CREATE TABLE public.api_keys (
    id bytea NOT NULL,
    organization_id bytea NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    public_id text NOT NULL,
    secret_hash bytea NOT NULL,
    encrypted_key text,
    created_at bigint NOT NULL,
    ends_at bigint,
    last_used_at bigint
);



CREATE TABLE public.assessment_versions (
    organization_id bytea NOT NULL,
    assessment_id bytea NOT NULL,
    version integer NOT NULL,
    definition text NOT NULL
);



CREATE TABLE public.assessments (
    organization_id bytea NOT NULL,
    id bytea NOT NULL,
    status text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    title_key text NOT NULL,
    definition text NOT NULL,
    created_at bigint NOT NULL
);



CREATE TABLE public.attempts (
    organization_id bytea NOT NULL,
    invite_id bytea NOT NULL,
    attempt integer NOT NULL,
    answers text NOT NULL,
    seq bigint NOT NULL,
    marks text NOT NULL
);



CREATE TABLE public.candidates (
    organization_id bytea NOT NULL,
    email_key text NOT NULL,
    id bytea NOT NULL,
    created_at bigint NOT NULL
);



CREATE TABLE public.dead_links (
    link_hash bytea NOT NULL,
    organization_id bytea NOT NULL,
    invite_id bytea NOT NULL
);



CREATE TABLE public.events (
    organization_id bytea NOT NULL,
    id bytea NOT NULL,
    invite_id bytea,
    name text NOT NULL,
    detail text NOT NULL,
    at bigint NOT NULL
);



CREATE TABLE public.idempotency_keys (
    organization_id bytea NOT NULL,
    key text NOT NULL,
    route text NOT NULL,
    body_hash bytea NOT NULL,
    status integer NOT NULL,
    answer text,
    created_at bigint NOT NULL
);



CREATE TABLE public.invites (
    organization_id bytea NOT NULL,
    id bytea NOT NULL,
    assessment_id bytea NOT NULL,
    assessment_version integer NOT NULL,
    assessment_title text NOT NULL,
    complete_on text NOT NULL,
    candidate_id bytea NOT NULL,
    candidate text NOT NULL,
    email_key text NOT NULL,
    search_text text NOT NULL,
    origin text NOT NULL,
    ask_key text,
    ats text NOT NULL,
    status text NOT NULL,
    attempt integer NOT NULL,
    attempt_started_at bigint,
    attempt_ends_at bigint,
    link_hash bytea NOT NULL,
    launch_url text,
    mails boolean NOT NULL,
    email_state text NOT NULL,
    resends integer NOT NULL,
    result text,
    grant_number integer NOT NULL,
    created_at bigint NOT NULL,
    submitted_at bigint,
    completed_at bigint,
    expires_at bigint NOT NULL,
    due_at bigint,
    edition integer NOT NULL
);



CREATE TABLE public.jobs (
    id bytea NOT NULL,
    organization_id bytea NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    payload text NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL,
    run_at bigint NOT NULL,
    first_tried_at bigint,
    claim_token bytea,
    claimed_until bigint,
    last_error text,
    traceparent text,
    created_at bigint NOT NULL
);



CREATE TABLE public.organizations (
    id bytea NOT NULL,
    name text NOT NULL,
    logo_url text,
    privacy_url text,
    reply_to text,
    link_key text NOT NULL,
    signing_secret text NOT NULL,
    created_at bigint NOT NULL
);



CREATE TABLE public.places (
    organization_id bytea NOT NULL,
    invite_id bytea NOT NULL,
    id bytea NOT NULL,
    target text NOT NULL,
    subject text NOT NULL,
    state text,
    revision integer,
    at bigint,
    seen_at bigint,
    detail text
);



CREATE TABLE public.revisions (
    organization_id bytea NOT NULL,
    invite_id bytea NOT NULL,
    revision integer NOT NULL,
    body text NOT NULL,
    at bigint NOT NULL
);



CREATE TABLE public.sessions (
    token_hash bytea NOT NULL,
    user_id bytea NOT NULL,
    csrf text NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL
);



CREATE TABLE public.users (
    id bytea NOT NULL,
    organization_id bytea,
    email text NOT NULL,
    email_key text NOT NULL,
    role text NOT NULL,
    password_hash text,
    setup_hash bytea,
    setup_expires_at bigint,
    created_at bigint NOT NULL
);



INSERT INTO public.__diesel_schema_migrations VALUES ('20261124000001', '2026-11-25 17:12:39.991968');



INSERT INTO public.api_keys VALUES ('\x01a213b1f8f07194b86c66a1528eaa4c', '\x01a213b1f85f76159ab4b7597bdd4651', 'platform', 'Made by the operator', '["read","write"]', 'pdPsVJVRS0T5', '\x5dcfb7215aeaaf45a4d8252f6161869f78b58e814d539b7e4507ab3a8a402eb0', NULL, 1795626760432505, NULL, 1795626761171844);
INSERT INTO public.api_keys VALUES ('\x01a213b1f9db7562b3766b32c1cd26e8', '\x01a213b1f85f76159ab4b7597bdd4651', 'greenhouse_assessment', 'Made by the operator', '["assess","mail"]', 't0XQiqtigvsr', '\x2e81ba3047c77c4a16fa6ddde45337c1c658a9ba8b47ed946bc30577aeca4041', 'v1.test.bzIh__skbcV_uaT9qMlbMQgfMxhWigXqNMGRJ6bPM-EDz_bvMCp9OeWkwRzARyVn0u_anTOCJFBWO9TqVPNqWnGnGBAsJRwyjnAOe_poU_Pi31wgLnhz5Bo37zUoknfOcmOQACJ5JsNO', 1795626760667436, NULL, 1795626761740911);



INSERT INTO public.assessment_versions VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fc0076c8b8e2137ab6a510e2', 1, '{"id":"01a213b1-fc00-76c8-b8e2-137ab6a510e2","organization":"01a213b1-f85f-7615-9ab4-b7597bdd4651","status":"published","version":1,"title":"Backend","description_html":null,"kind":"external","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[],"external":{"launch_url":"https://runner.example/start"},"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}');
INSERT INTO public.assessment_versions VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fd08744b87f528aac9b8e654', 1, '{"id":"01a213b1-fd08-744b-87f5-28aac9b8e654","organization":"01a213b1-f85f-7615-9ab4-b7597bdd4651","status":"published","version":1,"title":"Choices","description_html":null,"kind":"questionnaire","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[{"id":"01a213b1-fd08-744b-87f5-28abfa37889f","kind":"single_choice","prompt":"Two and two?","choices":[{"id":"01a213b1-fd08-744b-87f5-28ac6481f71a","text":"Four","correct":true},{"id":"01a213b1-fd08-744b-87f5-28ad5a7cebf0","text":"Five","correct":false}],"points":1.0,"competency":null}],"external":null,"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}');



INSERT INTO public.assessments VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fc0076c8b8e2137ab6a510e2', 'published', 1, 'Backend', 'backend', '{"id":"01a213b1-fc00-76c8-b8e2-137ab6a510e2","organization":"01a213b1-f85f-7615-9ab4-b7597bdd4651","status":"published","version":1,"title":"Backend","description_html":null,"kind":"external","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[],"external":{"launch_url":"https://runner.example/start"},"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}', 1795626761216373);
INSERT INTO public.assessments VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fd08744b87f528aac9b8e654', 'published', 1, 'Choices', 'choices', '{"id":"01a213b1-fd08-744b-87f5-28aac9b8e654","organization":"01a213b1-f85f-7615-9ab4-b7597bdd4651","status":"published","version":1,"title":"Choices","description_html":null,"kind":"questionnaire","time_limit_minutes":null,"invite_valid_days":365.0,"send_email":true,"email_template":null,"competencies":[],"questions":[{"id":"01a213b1-fd08-744b-87f5-28abfa37889f","kind":"single_choice","prompt":"Two and two?","choices":[{"id":"01a213b1-fd08-744b-87f5-28ac6481f71a","text":"Four","correct":true},{"id":"01a213b1-fd08-744b-87f5-28ad5a7cebf0","text":"Five","correct":false}],"points":1.0,"competency":null}],"external":null,"category":null,"greenhouse_job_id":null,"greenhouse_complete_on":"graded"}', 1795626761480317);






INSERT INTO public.candidates VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', 'ada@candidate.example', '\x01a213b1fe407473ba69c9ab5d85357e', 1795626761789424);
INSERT INTO public.candidates VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', 'alan@candidate.example', '\x01a213b20101709e881c2c712b8e3f48', 1795626762496629);
INSERT INTO public.candidates VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', 'grace@candidate.example', '\x01a213b204b8752b8e4a6a5955db5d5e', 1795626763446703);
INSERT INTO public.candidates VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', 'joan@candidate.example', '\x01a213b20595738cb9a9ac7b3d8c33d4', 1795626763667626);



INSERT INTO public.dead_links VALUES ('\xa87df95bc9a3a6ab985d2c2b92590053492c03170c22aecf93d18aa520ea0b00', '\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b20101709e881c2c704fd0c220');



INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fe407473ba69c9ad2081b4e1', '\x01a213b1fe407473ba69c9aafeb69167', 'invite.created', '{"origin":"greenhouse","mails":true}', 1795626761789424);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1ff3c740587ecba93cbdbeb6b', '\x01a213b1fe407473ba69c9aafeb69167', 'mail.sent', '{"mail":"invitation"}', 1795626762044494);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b2008870c79371baf2ecfcc874', '\x01a213b1fe407473ba69c9aafeb69167', 'invite.started', '{}', 1795626762375388);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b200a776b4b7a96bfc8ec39eb3', '\x01a213b1fe407473ba69c9aafeb69167', 'result.revised', '{"revision":1,"final":false}', 1795626762406489);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b200c2704ca86a6423d3b40e5e', '\x01a213b1fe407473ba69c9aafeb69167', 'result.revised', '{"revision":2,"final":true}', 1795626762433667);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b200c2704ca86a64241f1f1682', '\x01a213b1fe407473ba69c9aafeb69167', 'invite.completed', '{}', 1795626762433667);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b200d8715484ef88926bf1ed0c', '\x01a213b1fe407473ba69c9aafeb69167', 'writeback.seen', '{"target":"greenhouse_status"}', 1795626762455379);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b200ef73ee8d5e175bfef10fdf', '\x01a213b1fe407473ba69c9aafeb69167', 'greenhouse.response_error', '{"api_call":"send_test","errors":["none"]}', 1795626762480015);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b20101709e881c2c72a27f55cf', '\x01a213b20101709e881c2c704fd0c220', 'invite.created', '{"origin":"api","mails":true}', 1795626762496629);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b201107234b6d876f2cefd5980', '\x01a213b1fe407473ba69c9aafeb69167', 'writeback.retrying', '{"target":"greenhouse_status","revision":2,"detail":"Greenhouse did not answer: it will be tried again"}', 1795626762510730);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b2014c70349cf68c1326ff427e', '\x01a213b20101709e881c2c704fd0c220', 'mail.sent', '{"mail":"invitation"}', 1795626762572919);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b2035173b59cb8006db5f27e2b', '\x01a213b20101709e881c2c704fd0c220', 'invite.started', '{}', 1795626763089125);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b2037674f7a79b38b5a3dd00a9', '\x01a213b20101709e881c2c704fd0c220', 'invite.extended', '{"expires_at":"2027-06-01T00:00:00Z"}', 1795626763126270);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b203b272858f4f1bec231ee171', '\x01a213b20101709e881c2c704fd0c220', 'invite.reset', '{"attempt":2}', 1795626763185631);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b203b972779ae71417779dafa8', '\x01a213b20101709e881c2c704fd0c220', 'mail.sent', '{"mail":"resend-1"}', 1795626763193958);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b203f87496a2bb587f627e25dc', '\x01a213b20101709e881c2c704fd0c220', 'mail.sent', '{"mail":"invitation"}', 1795626763256449);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b204b8752b8e4a6a5b1f10bc5f', '\x01a213b204b8752b8e4a6a58504e7cf3', 'invite.created', '{"origin":"greenhouse","mails":true}', 1795626763446703);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b20595738cb9a9ac7d806657cc', '\x01a213b20595738cb9a9ac7a4ffc2b64', 'invite.created', '{"origin":"greenhouse","mails":true}', 1795626763667626);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b2068d71039bc24cb2467b839d', '\x01a213b20595738cb9a9ac7a4ffc2b64', 'invite.started', '{}', 1795626763916827);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b206ab72778d55e6181bbed08b', '\x01a213b20595738cb9a9ac7a4ffc2b64', 'result.revised', '{"revision":1,"final":true}', 1795626763946620);
INSERT INTO public.events VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b206ab72778d55e619caf4e32e', '\x01a213b20595738cb9a9ac7a4ffc2b64', 'invite.completed', '{}', 1795626763946620);



INSERT INTO public.idempotency_keys VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', 'one', 'POST /v1/invites', '\x1d03320a7d16e49fed808b5c14361b506c4161f003c86efcac88ea9cdaa51d4c', 201, 'v1.test.uZXbTsPOYIrvp1pXqg_51GNqkzIDjkj0zi8eRZKe-FoX5bdoGZTexccUthmtUuwCxyTaoaKogH-SKxSowtfM6GXkEolu0_UKnlhRXwmCovJbYoDD_do3nNotFQx9NDdx64SpG_QyhVuPZ4EBfRj2HPxZef1vuS2u1CmYE16nK2_QJ9w_oXet2CUb3TxMc3_UxxC4szWgh1GsWW0hGsnlTEBeoDeIvF-kfOJNmQyioPtbVBVAmKr-gRlfajaTJTdcmj0V72NJAwA0I4vCeEB3qkuR53JRbMAa7HatWjEBhFA3n1bggKWP9zgexoVMyYl6IJgH8JXXxE8qoHEfCw9woCnykHq0miTSpPcR5DEkCJFMgVV0lhwnJ5gzCUxhcADDf-EcGIQwfYFr-e231JzPBJOgeatj6ssSsV7OeIXvModPYmY1ZVvIhlpydD8h3YxY7-AqjE_7HWCjDLz-ENK8YSbr9sCF9InHtMzBi7maIPsSlVAq1gFLoN5nfm0Ng4GyZmiIP_L1v_i3DIFv5xXKfC3mPtWFnE54WL6m9ci9QQq-oJ1OcndyNh0yn-eZGEqpjvX8CvMM2Ofu2loVb16MKOqd3u9YoPrMCANBDWjYqp6v7OBLgKNFLWUxt_OPAMGvkyEYH2jFKwPUJbiu6sQ5isJHWGMSGL_VrjiWSsiU0FBW7hwlnttexTbNJgc7Hj-gToAXq2Q15Mjff10GV1e7dQxOhacmwAVSeDZliF_cfaT5mvc3C2RsWMAGuwefdseDTuh3CAEuICMaBT0iOoNuRVlez3S9tgOGV4wNRGYC8kOmBJkb0u7fq-ZtctkCMKqZvY8UYbimmKRzX5kJjv54woA1T0cnz_4Be7Rp15OAuF1k8zZSNFldy94d6YsmTd7AvuHXDf8XmGoMJmmenug1AF9djckpJ1i8alwzh4Ys9uK2ZK00Ecc09IIBzOcvsvHE-HMHic7ZgKSTRQdf_oMA2KK5446K-gz4GH8-bJFKWdIl4ib12etMI8vXb_WPeI6EDK-nQnt03H0EpfRn5ittEcQyBcXTIi-Kic7wVRXM_oZtxSfDAJHeHtAGkV5WwupWR9wMoWft45w8jPqV9KK8b73UBpMXcb0LCOpQRuDFbXbJmDf5Q7279c9RUxsBgxgdz7_rr6dh2EHDoJCxeWik5Y-0ii2SJTxyD8uhKKWYWESJ9tmn9J69gjHHCfIGuqkt0kT2BemntB671MqOFhjR4ZX9reBiGelnrLBCBwojueJ_w4q3KP_iRVeQvpriJDzt7Kiy3-a21uamYtTVbPVDHG6Fe3PrD3mXhdnz_M3qM8dj5ZEdFhsDRcFPUxqPSyqI4n5-Te7cymFWo18ZOs6v49fLdQXk3vSrYKWVGWyMNUk', 1795626762501031);



INSERT INTO public.invites VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b20595738cb9a9ac7a4ffc2b64', '\x01a213b1fc0076c8b8e2137ab6a510e2', 1, 'Backend', 'graded', '\x01a213b20595738cb9a9ac7b3d8c33d4', '{"first_name":"joan","last_name":"Lovelace","preferred_name":null,"email":"joan@candidate.example","phone":"+44 20 7946 0018","linkedin_url":null}', 'joan@candidate.example', 'joan lovelace

joan@candidate.example
backend', 'greenhouse', 'url http://127.0.0.1:1/take_home_tests/joan', '{"profile_url":"https://app.greenhouse.io/people/1?application_id=2","person_id":"1","application_id":"2","sent_by":"recruiter@customer.example"}', 'completed', 1, 1795626763916827, NULL, '\x93e0835d28ec1934c16aa8aa6c9d0da4820c0439c4a21bb4282d03a23cafb8ad', NULL, true, 'queued', 0, '{"revision":1,"at":"2026-11-25T17:12:43.946620Z","score":64.0,"max_score":100.0,"report_url":null,"summary":null,"recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}', 1, 1795626763667626, 1795626763946620, 1795626763946620, 1827162763667626, NULL, 2);
INSERT INTO public.invites VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fe407473ba69c9aafeb69167', '\x01a213b1fc0076c8b8e2137ab6a510e2', 1, 'Backend', 'graded', '\x01a213b1fe407473ba69c9ab5d85357e', '{"first_name":"ada","last_name":"Lovelace","preferred_name":null,"email":"ada@candidate.example","phone":"+44 20 7946 0018","linkedin_url":null}', 'ada@candidate.example', 'ada lovelace

ada@candidate.example
backend', 'greenhouse', 'url http://127.0.0.1:1/take_home_tests/ada', '{"profile_url":"https://app.greenhouse.io/people/1?application_id=2","person_id":"1","application_id":"2","sent_by":"recruiter@customer.example"}', 'completed', 1, 1795626762375388, NULL, '\xbf2386023405ae010436b7d6318d478875e797360174429330d195229e5cd327', NULL, true, 'sent', 0, '{"revision":2,"at":"2026-11-25T17:12:42.433667Z","score":82.0,"max_score":100.0,"report_url":null,"summary":"Good","recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}', 1, 1795626761789424, 1795626762433667, 1795626762433667, 1827162761789424, NULL, 4);
INSERT INTO public.invites VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b20101709e881c2c704fd0c220', '\x01a213b1fd08744b87f528aac9b8e654', 1, 'Choices', 'graded', '\x01a213b20101709e881c2c712b8e3f48', '{"first_name":"Alan","last_name":"Turing","preferred_name":null,"email":"alan@candidate.example","phone":null,"linkedin_url":null}', 'alan@candidate.example', 'alan turing

alan@candidate.example
choices', 'api', NULL, '{}', 'invited', 2, NULL, NULL, '\xcbc2852f9736dff18a721b2f42c4b2ea1db28789bbc4caddb4b876f44b729340', NULL, true, 'sent', 1, NULL, 1, 1795626762496629, NULL, NULL, 1827162763185631, 1827162763185631, 6);
INSERT INTO public.invites VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b204b8752b8e4a6a58504e7cf3', '\x01a213b1fc0076c8b8e2137ab6a510e2', 1, 'Backend', 'graded', '\x01a213b204b8752b8e4a6a5955db5d5e', '{"first_name":"grace","last_name":"Lovelace","preferred_name":null,"email":"grace@candidate.example","phone":"+44 20 7946 0018","linkedin_url":null}', 'grace@candidate.example', 'grace lovelace

grace@candidate.example
backend', 'greenhouse', 'url http://127.0.0.1:1/take_home_tests/grace', '{"profile_url":"https://app.greenhouse.io/people/1?application_id=2","person_id":"1","application_id":"2","sent_by":"recruiter@customer.example"}', 'invited', 1, NULL, NULL, '\x41967509c5258cbd5bcef05a00d4e6de1cb60a516203264ac8e6be8fd71a4a8d', NULL, true, 'queued', 0, NULL, 1, 1795626763446703, NULL, NULL, 1827162763446703, 1827162763446703, 0);



INSERT INTO public.jobs VALUES ('\x01a213b200c2704ca86a64255701ddfc', '\x01a213b1f85f76159ab4b7597bdd4651', 'show_at', '01a213b1-fe40-7473-ba69-c9aca0ce2006', '{"invite":"01a213b1-fe40-7473-ba69-c9aafeb69167","place":"01a213b1-fe40-7473-ba69-c9aca0ce2006"}', 'ready', 1, 1795626764180032, 1795626762481916, NULL, NULL, 'Greenhouse did not answer: it will be tried again', NULL, 1795626762433667);
INSERT INTO public.jobs VALUES ('\x01a213b204b8752b8e4a6a5c8da1efdb', '\x01a213b1f85f76159ab4b7597bdd4651', 'mail_invite', '01a213b2-04b8-752b-8e4a-6a58504e7cf3.1.invitation', '{"invite":"01a213b2-04b8-752b-8e4a-6a58504e7cf3","attempt":1,"occasion":"invitation"}', 'ready', 0, 1795626763446703, NULL, NULL, NULL, NULL, NULL, 1795626763446703);
INSERT INTO public.jobs VALUES ('\x01a213b206ab72778d55e61a158a9526', '\x01a213b1f85f76159ab4b7597bdd4651', 'show_at', '01a213b2-0595-738c-b9a9-ac7cce1b3a02', '{"invite":"01a213b2-0595-738c-b9a9-ac7a4ffc2b64","place":"01a213b2-0595-738c-b9a9-ac7cce1b3a02"}', 'ready', 0, 1795626763946620, NULL, NULL, NULL, NULL, NULL, 1795626763946620);
INSERT INTO public.jobs VALUES ('\x01a213b20595738cb9a9ac7e33e4287b', '\x01a213b1f85f76159ab4b7597bdd4651', 'mail_invite', '01a213b2-0595-738c-b9a9-ac7a4ffc2b64.1.invitation', '{"invite":"01a213b2-0595-738c-b9a9-ac7a4ffc2b64","attempt":1,"occasion":"invitation"}', 'claimed', 1, 1795626763667626, NULL, '\x00000000000000000000000000000000', 0, NULL, NULL, 1795626763667626);



INSERT INTO public.organizations VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', 'Acme', NULL, NULL, NULL, 'v1.test.q2RFgyoLnl6UpGULxc-_6cKj7AxXt_HMME3C7aYjoNm-kYaiJu43Y7ggyKgHr4xyXPD0ZU35bepD_YoiZE-wEpSzLGa9Mmb6', 'v1.test.56F9xE-gxkDZC6ZIo-jggO9V_R1kbeUedw8_nj4NCvrBLUtqIDwfibAi5dRdRbvU84Yv8I4Qh9lM0qpT1PNN38GZiVF7IY399Abzic4jfx1vCPexJ40Mo-Jj', 1795626760287595);



INSERT INTO public.places VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fe407473ba69c9aafeb69167', '\x01a213b1fe407473ba69c9aca0ce2006', 'greenhouse_status', 'http://127.0.0.1:1/take_home_tests/ada', 'retrying', 2, 1795626762510730, 1795626762455379, 'Greenhouse did not answer: it will be tried again');
INSERT INTO public.places VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b204b8752b8e4a6a58504e7cf3', '\x01a213b204b8752b8e4a6a5abfdfc846', 'greenhouse_status', 'http://127.0.0.1:1/take_home_tests/grace', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.places VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b20595738cb9a9ac7a4ffc2b64', '\x01a213b20595738cb9a9ac7cce1b3a02', 'greenhouse_status', 'http://127.0.0.1:1/take_home_tests/joan', 'pending', 1, 1795626763946620, NULL, NULL);



INSERT INTO public.revisions VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fe407473ba69c9aafeb69167', 1, '{"score":81.0,"max_score":100.0,"report_url":null,"summary":null,"recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":false}', 1795626762406489);
INSERT INTO public.revisions VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b1fe407473ba69c9aafeb69167', 2, '{"score":82.0,"max_score":100.0,"report_url":null,"summary":"Good","recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}', 1795626762433667);
INSERT INTO public.revisions VALUES ('\x01a213b1f85f76159ab4b7597bdd4651', '\x01a213b20595738cb9a9ac7a4ffc2b64', 1, '{"score":64.0,"max_score":100.0,"report_url":null,"summary":null,"recommendation":null,"competencies":[],"transcript":null,"outcome":null,"metadata":{},"final":true}', 1795626763946620);









ALTER TABLE ONLY public.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);



ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_public_id_key UNIQUE (public_id);



ALTER TABLE ONLY public.assessment_versions
    ADD CONSTRAINT assessment_versions_pkey PRIMARY KEY (organization_id, assessment_id, version);



ALTER TABLE ONLY public.assessments
    ADD CONSTRAINT assessments_id_key UNIQUE (id);



ALTER TABLE ONLY public.assessments
    ADD CONSTRAINT assessments_pkey PRIMARY KEY (organization_id, id);



ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (organization_id, invite_id, attempt);



ALTER TABLE ONLY public.candidates
    ADD CONSTRAINT candidates_id_key UNIQUE (id);



ALTER TABLE ONLY public.candidates
    ADD CONSTRAINT candidates_pkey PRIMARY KEY (organization_id, email_key);



ALTER TABLE ONLY public.dead_links
    ADD CONSTRAINT dead_links_pkey PRIMARY KEY (link_hash);



ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (organization_id, id);



ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, key, route);



ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_id_key UNIQUE (id);



ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_pkey PRIMARY KEY (organization_id, id);



ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (organization_id, invite_id, id);



ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT revisions_pkey PRIMARY KEY (organization_id, invite_id, revision);



ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);



ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key_key UNIQUE (email_key);



ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_setup_hash_key UNIQUE (setup_hash);



CREATE INDEX api_keys_of_organization ON public.api_keys USING btree (organization_id, kind, created_at);



CREATE UNIQUE INDEX assessments_published_title ON public.assessments USING btree (organization_id, title_key) WHERE (status = 'published'::text);



CREATE INDEX events_of_invite ON public.events USING btree (organization_id, invite_id, id) WHERE (invite_id IS NOT NULL);



CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);



CREATE UNIQUE INDEX invites_ask ON public.invites USING btree (organization_id, ask_key) WHERE (ask_key IS NOT NULL);



CREATE INDEX invites_due ON public.invites USING btree (due_at) WHERE (due_at IS NOT NULL);



CREATE UNIQUE INDEX invites_link ON public.invites USING btree (link_hash);



CREATE INDEX jobs_claimed ON public.jobs USING btree (claimed_until) WHERE (state = 'claimed'::text);



CREATE INDEX jobs_dead ON public.jobs USING btree (id) WHERE (state = 'dead'::text);



CREATE INDEX jobs_ready ON public.jobs USING btree (run_at, id) WHERE (state = 'ready'::text);



CREATE UNIQUE INDEX jobs_waiting ON public.jobs USING btree (organization_id, kind, dedupe_key) WHERE (state = 'ready'::text);



CREATE INDEX places_blocked ON public.places USING btree (organization_id) WHERE (state = 'blocked'::text);



CREATE INDEX sessions_of_user ON public.sessions USING btree (user_id);



ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);



ALTER TABLE ONLY public.assessments
    ADD CONSTRAINT assessments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);



ALTER TABLE ONLY public.candidates
    ADD CONSTRAINT candidates_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);



ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);



ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);



ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);




