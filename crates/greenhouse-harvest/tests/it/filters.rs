//! Filters become the query that Greenhouse documents.

use std::collections::BTreeSet;

use greenhouse_harvest::{
    ApplicationFilter, ApplicationStageFilter, ApplicationStatus, AppliedCandidateTagFilter,
    AttachmentFilter, AttachmentKind, BadFilter, CandidateFilter, CandidateTagFilter,
    CustomFieldFilter, CustomFieldOptionFilter, CustomFieldOwner, DepartmentFilter,
    EmailTemplateFilter, Filter, Id, InterviewFilter, InterviewStatus, JobBoardFilter, JobFilter,
    JobId, JobInterviewFilter, JobInterviewStageFilter, JobOwnerFilter, JobOwnerKind,
    JobPostFilter, JobStatus, NoteFilter, NoteKind, OfficeFilter, ProspectDetailFilter,
    ProspectPoolFilter, ProspectPoolStageFilter, ReferrerFilter, RejectionReasonFilter, Resource,
    SchedulingKind, ScorecardFilter, ScorecardStatus, SourceFilter, TimeRange, Timestamp,
    UserEmailFilter, UserFilter, UserJobPermissionFilter, Visibility,
};
use proptest::prelude::*;

use crate::reference::reference;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn span() -> TimeRange {
    TimeRange::since(at("2026-11-01"))
}

fn one<R>() -> [Id<R>; 1] {
    [Id::new(1)]
}

/// Days of interviews that take whole days can be set with `also` alone.
const LEFT_OUT: [&str; 2] = ["all_day_start_on", "all_day_end_on"];

/// What all have, and `filter`'s own: no more and no less than the reference names.
fn covers<R: Resource>(filter: Filter<R>) {
    let filter = filter
        .ids(one())
        .created(span())
        .page_size(5)
        .fields(["id"]);
    let mut set: BTreeSet<String> = names(&filter);
    set.insert("updated_at".into());
    let documented = reference(R::PATH)["query"].clone();
    let mut documented: BTreeSet<String> = serde_json::from_value(documented).expect("names");
    documented.retain(|name| !LEFT_OUT.contains(&name.as_str()));
    assert_eq!(set, documented, "{}", R::PATH);
}

fn names<R: Resource>(filter: &Filter<R>) -> BTreeSet<String> {
    let query = filter.query().expect("a good filter");
    query.into_iter().map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn people_are_filtered_by_what_is_documented() {
    covers(
        UserFilter::new()
            .primary_email("ada@example.org")
            .deactivated(false)
            .show_service_accounts(true)
            .employee_ids(["E1"])
            .offices(one())
            .departments(one())
            .agencies([1])
            .linked_candidates(one())
            .interviewer_tags([1])
            .external_office_id("x")
            .external_department_id("x")
            .custom_field_option(Id::new(1)),
    );
    covers(
        UserEmailFilter::new()
            .users(one())
            .emails(["ada@example.org"])
            .verified(true)
            .verification_token_sent(span()),
    );
    covers(
        CandidateFilter::new()
            .email("ada@example.org")
            .tag("Rust")
            .private(false)
            .last_activity(span())
            .custom_field_option(Id::new(1)),
    );
    covers(ReferrerFilter::new().users(one()));
    covers(
        UserJobPermissionFilter::new()
            .jobs(one())
            .users(one())
            .roles([1]),
    );
}

#[test]
fn jobs_are_filtered_by_what_is_documented() {
    covers(
        JobFilter::new()
            .status(JobStatus::Open)
            .requisition_id("R-1")
            .department(Id::new(1))
            .office(Id::new(1))
            .confidential(false)
            .opened(span())
            .closed(span())
            .custom_field_option(Id::new(1)),
    );
    covers(
        JobOwnerFilter::new()
            .jobs(one())
            .users(one())
            .kind(JobOwnerKind::Recruiter),
    );
    covers(
        JobPostFilter::new()
            .jobs(one())
            .job_boards(one())
            .active(true)
            .live(true)
            .internal(false)
            .featured(false),
    );
    covers(JobBoardFilter::new().internal(false).live(true));
    covers(JobInterviewStageFilter::new().jobs(one()).active(true));
    covers(
        JobInterviewFilter::new()
            .jobs(one())
            .job_interview_stages(one())
            .active(true)
            .scheduling_type(SchedulingKind::TakeHomeTest),
    );
    covers(DepartmentFilter::new().parent(Id::new(1)).external_id("x"));
    covers(OfficeFilter::new().parent(Id::new(1)).external_id("x"));
}

#[test]
fn applications_are_filtered_by_what_is_documented() {
    covers(
        ApplicationFilter::new()
            .status(&ApplicationStatus::InProcess)
            .candidates(one())
            .jobs(one())
            .prospective_jobs(one())
            .job_posts(one())
            .sources(one())
            .referrers(one())
            .job_interview_stages(one())
            .stages(one())
            .stage_name("Offer")
            .prospect(false)
            .last_activity(span())
            .custom_field_option(Id::new(1)),
    );
    covers(
        ApplicationStageFilter::new()
            .applications(one())
            .job_interview_stages(one())
            .current(true),
    );
    covers(
        InterviewFilter::new()
            .jobs(one())
            .applications(one())
            .job_interviews(one())
            .organizers(one())
            .status(InterviewStatus::Sent)
            .starts(span())
            .ends(span())
            .external_event_id("x"),
    );
    covers(
        ScorecardFilter::new()
            .applications(one())
            .interviewers(one())
            .submitters(one())
            .interview_kits([1])
            .status(ScorecardStatus::Complete)
            .interviewed(span())
            .submitted(span()),
    );
    covers(
        ProspectDetailFilter::new()
            .applications(one())
            .pools(one())
            .pool_stages(one())
            .prospect_owners(one())
            .departments(one())
            .offices(one()),
    );
}

#[test]
fn notes_files_and_tags_are_filtered_by_what_is_documented() {
    covers(
        NoteFilter::new()
            .candidates(one())
            .applications(one())
            .users(one())
            .kind(NoteKind::Note)
            .visibility(Visibility::Private),
    );
    covers(
        AttachmentFilter::new()
            .applications(one())
            .candidates(one())
            .kind(AttachmentKind::Resume),
    );
    covers(CandidateTagFilter::new());
    covers(
        AppliedCandidateTagFilter::new()
            .candidates(one())
            .candidate_tags(one()),
    );
}

#[test]
fn lookups_are_filtered_by_what_is_documented() {
    covers(
        CustomFieldFilter::new()
            .field_type(CustomFieldOwner::Candidate)
            .active(true)
            .name("Score")
            .name_key("score"),
    );
    covers(
        CustomFieldOptionFilter::new()
            .custom_fields(one())
            .custom_field_key("score")
            .active(true),
    );
    covers(SourceFilter::new());
    covers(RejectionReasonFilter::new().include_defaults(true));
    covers(
        ProspectPoolFilter::new()
            .jobs(one())
            .departments(one())
            .offices(one())
            .active(true),
    );
    covers(ProspectPoolStageFilter::new().prospect_pools(one()));
    covers(
        EmailTemplateFilter::new()
            .email_type("stage_transition")
            .from_type("inviter"),
    );
}

#[test]
fn values_are_written_as_greenhouse_reads_them() {
    let filter = ApplicationFilter::new()
        .status(&ApplicationStatus::InProcess)
        .jobs([JobId::new(7), JobId::new(8)])
        .jobs([JobId::new(9)])
        .prospect(false)
        .updated(TimeRange::between(
            at("2026-11-01"),
            at("2026-11-02T03:04:05.25Z"),
        ));
    let query = filter.query().expect("a good filter");
    let written: Vec<_> = query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        written,
        [
            "status=active",
            "job_ids=7,8,9",
            "prospect=false",
            "updated_at=gte|2026-11-01T00:00:00Z|lte|2026-11-02T03:04:05.250Z",
        ]
    );
    let notes = NoteFilter::new().visibility(Visibility::Public);
    let query = notes.query().expect("a good filter");
    assert_eq!(query, [("visibility", "publicly_visible".to_owned())]);
}

#[test]
fn a_member_set_twice_holds_what_was_set_last() {
    let filter = JobFilter::new()
        .status(JobStatus::Draft)
        .status(JobStatus::Open);
    let query = filter.query().expect("a good filter");
    assert_eq!(query, [("status", "open".to_owned())]);
}

#[test]
fn what_greenhouse_would_refuse_is_refused_here() {
    let ids = |count: i64| JobFilter::new().ids((0..count).map(JobId::new)).query();
    assert!(ids(50).is_ok());
    assert_eq!(ids(51), Err(BadFilter::TooMany("ids")));
    let sizes = |size| JobFilter::new().page_size(size).query().is_ok();
    assert_eq!([0, 1, 500, 501].map(sizes), [false, true, true, false]);
    let both = JobFilter::new().created(span()).updated(span());
    assert_eq!(both.query(), Err(BadFilter::BothTimes));
    let comma = UserFilter::new().employee_ids(["E1,E2"]);
    assert_eq!(comma.query(), Err(BadFilter::Comma("employee_ids")));
}

#[test]
fn a_filter_shows_no_value() {
    let filter = CandidateFilter::new().email("ada@example.org");
    assert_eq!(format!("{filter:?}"), r#"{"email"}"#);
}

proptest! {
    #[test]
    fn ids_are_written_one_by_one(ids in proptest::collection::vec(any::<i64>(), 1..50)) {
        let filter = JobFilter::new().ids(ids.iter().copied().map(JobId::new));
        let query = filter.query().expect("fifty at most");
        let read: Vec<i64> = query[0].1.split(',').map(|id| id.parse().expect("a number")).collect();
        prop_assert_eq!(read, ids);
    }
}
