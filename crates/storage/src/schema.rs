//! The tables, as both databases have them. A test holds it against the migrations.
#![allow(unreachable_pub, missing_docs)]

diesel::table! {
    organizations (id) {
        id -> Binary,
        name -> Text,
        logo_url -> Nullable<Text>,
        privacy_url -> Nullable<Text>,
        reply_to -> Nullable<Text>,
        link_key -> Text,
        signing_secret -> Text,
        created_at -> BigInt,
        note_visibility -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Binary,
        organization_id -> Nullable<Binary>,
        email -> Text,
        email_key -> Text,
        role -> Text,
        password_hash -> Nullable<Text>,
        setup_hash -> Nullable<Binary>,
        setup_expires_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Binary,
        user_id -> Binary,
        csrf -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Binary,
        organization_id -> Binary,
        kind -> Text,
        name -> Text,
        scopes -> Text,
        public_id -> Text,
        secret_hash -> Binary,
        encrypted_key -> Nullable<Text>,
        created_at -> BigInt,
        ends_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    assessments (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        status -> Text,
        version -> Integer,
        title -> Text,
        title_key -> Text,
        definition -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    assessment_versions (organization_id, assessment_id, version) {
        organization_id -> Binary,
        assessment_id -> Binary,
        version -> Integer,
        definition -> Text,
    }
}

diesel::table! {
    candidates (organization_id, email_key) {
        organization_id -> Binary,
        email_key -> Text,
        id -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    invites (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        assessment_id -> Binary,
        assessment_version -> Integer,
        assessment_title -> Text,
        complete_on -> Text,
        candidate_id -> Binary,
        candidate -> Text,
        email_key -> Text,
        search_text -> Text,
        origin -> Text,
        ask_key -> Nullable<Text>,
        ats -> Text,
        status -> Text,
        attempt -> Integer,
        attempt_started_at -> Nullable<BigInt>,
        attempt_ends_at -> Nullable<BigInt>,
        link_hash -> Binary,
        launch_url -> Nullable<Text>,
        mails -> Bool,
        email_state -> Text,
        resends -> Integer,
        result -> Nullable<Text>,
        grant_number -> Integer,
        created_at -> BigInt,
        submitted_at -> Nullable<BigInt>,
        completed_at -> Nullable<BigInt>,
        expires_at -> BigInt,
        due_at -> Nullable<BigInt>,
        edition -> Integer,
    }
}

diesel::table! {
    attempts (organization_id, invite_id, attempt) {
        organization_id -> Binary,
        invite_id -> Binary,
        attempt -> Integer,
        answers -> Text,
        seq -> BigInt,
        marks -> Text,
    }
}

diesel::table! {
    dead_links (link_hash) {
        link_hash -> Binary,
        organization_id -> Binary,
        invite_id -> Binary,
    }
}

diesel::table! {
    revisions (organization_id, invite_id, revision) {
        organization_id -> Binary,
        invite_id -> Binary,
        revision -> Integer,
        body -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    places (organization_id, invite_id, id) {
        organization_id -> Binary,
        invite_id -> Binary,
        id -> Binary,
        target -> Text,
        subject -> Text,
        state -> Nullable<Text>,
        revision -> Nullable<Integer>,
        at -> Nullable<BigInt>,
        seen_at -> Nullable<BigInt>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    events (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        invite_id -> Nullable<Binary>,
        name -> Text,
        detail -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    jobs (id) {
        id -> Binary,
        organization_id -> Binary,
        kind -> Text,
        dedupe_key -> Text,
        payload -> Text,
        state -> Text,
        attempt -> Integer,
        run_at -> BigInt,
        first_tried_at -> Nullable<BigInt>,
        claim_token -> Nullable<Binary>,
        claimed_until -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        traceparent -> Nullable<Text>,
        created_at -> BigInt,
        ordering_key -> Nullable<Text>,
        seq -> BigInt,
        strict -> Bool,
        parked_under -> Nullable<Text>,
        worker_id -> Nullable<Binary>,
        crashes -> Integer,
        died_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    circuits (organization_id, name) {
        organization_id -> Binary,
        name -> Text,
        failures -> BigInt,
        open_until -> Nullable<BigInt>,
        wait -> BigInt,
        trial -> Bool,
        why -> Text,
    }
}

diesel::table! {
    parkings (organization_id, name) {
        organization_id -> Binary,
        name -> Text,
        until -> BigInt,
        why -> Text,
    }
}

diesel::table! {
    workers (id) {
        id -> Binary,
        name -> Text,
        beat -> BigInt,
        started_at -> BigInt,
        beat_at -> BigInt,
    }
}

diesel::table! {
    schedules (name) {
        name -> Text,
        slot -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (organization_id, key, route) {
        organization_id -> Binary,
        key -> Text,
        route -> Text,
        body_hash -> Binary,
        status -> Integer,
        answer -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    schema_floor (version) {
        version -> Text,
    }
}

diesel::table! {
    write_probes (id) {
        id -> Integer,
        filler -> Text,
    }
}

diesel::table! {
    mails (organization_id, invite_id, attempt, occasion) {
        organization_id -> Binary,
        invite_id -> Binary,
        attempt -> Integer,
        occasion -> Text,
        state -> Text,
        tries -> Integer,
        at -> BigInt,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    mail_days (organization_id, day) {
        organization_id -> Binary,
        day -> Integer,
        mails -> BigInt,
    }
}

diesel::table! {
    reminders (organization_id, invite_id) {
        organization_id -> Binary,
        invite_id -> Binary,
        attempt -> Integer,
        deadline -> BigInt,
        remind_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_events (organization_id, number) {
        organization_id -> Binary,
        number -> BigInt,
        id -> Binary,
        actor -> Text,
        action -> Text,
        object -> Text,
        address -> Nullable<Text>,
        request -> Nullable<Text>,
        detail -> Text,
        at -> BigInt,
        previous -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    audit_chains (organization_id) {
        organization_id -> Binary,
        number -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    inbox (organization_id, connection_id, token_hash) {
        organization_id -> Binary,
        connection_id -> Binary,
        token_hash -> Binary,
        received_at -> BigInt,
    }
}

diesel::table! {
    activities (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        kind -> Text,
        source -> Text,
        event -> Nullable<Text>,
        subject -> Nullable<Text>,
        decision -> Text,
        reason -> Nullable<Text>,
        detail -> Nullable<Text>,
        invite_id -> Nullable<Binary>,
        at -> BigInt,
    }
}

diesel::table! {
    invite_sources (organization_id, connection_id, source, invite_id) {
        organization_id -> Binary,
        connection_id -> Binary,
        source -> Text,
        invite_id -> Binary,
    }
}

diesel::table! {
    partings (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        connection_id -> Binary,
        kind -> Text,
        account_id -> Nullable<Text>,
        tokens -> Text,
        access_ends_at -> BigInt,
        begun_at -> BigInt,
    }
}

diesel::table! {
    sweeps (organization_id, connection_id) {
        organization_id -> Binary,
        connection_id -> Binary,
        swept_to -> BigInt,
    }
}

diesel::table! {
    erasures (organization_id, candidate_id) {
        organization_id -> Binary,
        candidate_id -> Binary,
        asked_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    connections (organization_id, kind) {
        organization_id -> Binary,
        kind -> Text,
        id -> Binary,
        offered -> Bool,
        standing -> Text,
        detail -> Nullable<Text>,
        account_id -> Nullable<Text>,
        account_name -> Nullable<Text>,
        requested_at -> Nullable<BigInt>,
        connected_at -> Nullable<BigInt>,
        connected_at_there -> Nullable<BigInt>,
        settings -> Text,
        webhook_id -> Nullable<Text>,
        webhook_url -> Nullable<Text>,
        webhook_token -> Nullable<Text>,
        webhook_received_at -> Nullable<BigInt>,
        shared -> Bool,
    }
}

diesel::table! {
    grants (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        connection_id -> Binary,
        kind -> Text,
        held -> Nullable<Text>,
        lost_at -> Nullable<BigInt>,
        account_id -> Nullable<Text>,
        account_name -> Nullable<Text>,
        granted_at -> BigInt,
        granted_at_there -> Nullable<BigInt>,
        access_token -> Text,
        refresh_token -> Text,
        version -> BigInt,
        access_ends_at -> BigInt,
        refresh_at -> BigInt,
        refreshed_at -> BigInt,
        lease -> Nullable<Binary>,
        leased_until -> Nullable<BigInt>,
        failing_since -> Nullable<BigInt>,
        failures -> Integer,
        retry_at -> Nullable<BigInt>,
        after_refusal -> Bool,
        told_ending -> Bool,
    }
}

diesel::table! {
    oauth_states (state_hash) {
        state_hash -> Binary,
        organization_id -> Binary,
        kind -> Text,
        purpose -> Text,
        session_hash -> Nullable<Binary>,
        link_hash -> Nullable<Binary>,
        grant_id -> Nullable<Binary>,
        ends_at -> BigInt,
    }
}

diesel::table! {
    connect_links (link_hash) {
        link_hash -> Binary,
        organization_id -> Binary,
        kinds -> Text,
        made_at -> BigInt,
        ends_at -> BigInt,
    }
}

diesel::table! {
    trigger_stages (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        stage_id -> Text,
        name -> Text,
        missing -> Bool,
        configured_at -> BigInt,
        checked_at -> BigInt,
    }
}

diesel::table! {
    allowances (organization_id, name) {
        organization_id -> Binary,
        name -> Text,
        used_up_to -> BigInt,
    }
}

diesel::table! {
    stage_mappings (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        stage_id -> Text,
        stage_name -> Text,
        job_id -> Text,
        job_name -> Text,
        assessment_id -> Binary,
        configured_at -> BigInt,
    }
}

diesel::table! {
    job_imports (organization_id, job_id) {
        organization_id -> Binary,
        job_id -> Text,
        assessment_id -> Binary,
        post_id -> Nullable<Text>,
        description_hash -> Binary,
        imported_at -> BigInt,
    }
}

diesel::table! {
    call_windows (organization_id, name) {
        organization_id -> Binary,
        name -> Text,
        call_limit -> Integer,
        calls_left -> Integer,
        ends_at -> BigInt,
    }
}

diesel::table! {
    referrals (organization_id, id) {
        organization_id -> Binary,
        id -> Binary,
        candidate_id -> Binary,
        candidate -> Text,
        interview -> Text,
        greenhouse_job_id -> Nullable<Text>,
        link_hash -> Binary,
        mails -> Bool,
        email_state -> Text,
        advance -> Bool,
        interested -> Nullable<Bool>,
        answered_at -> Nullable<BigInt>,
        begun -> Bool,
        passing -> Nullable<Text>,
        passing_at -> Nullable<BigInt>,
        detail -> Nullable<Text>,
        steps -> Text,
        created_at -> BigInt,
        edition -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    users,
    sessions,
    api_keys,
    assessments,
    assessment_versions,
    candidates,
    invites,
    attempts,
    dead_links,
    revisions,
    places,
    events,
    jobs,
    circuits,
    parkings,
    partings,
    workers,
    schedules,
    idempotency_keys,
    mails,
    mail_days,
    reminders
);
