//! Each resource, as it was recorded or documented.

use futures_util::TryStreamExt as _;
use lever::client::{Between, Expand, PostingFilter, UserFilter};
use lever::{
    AccessRole, ApplicationKind, ArchiveReasonKind, ArchiveReasonStatus, Confidentiality,
    Expandable, Origin, PostingState, Timestamp, WorkplaceType,
};

use crate::fixtures::{answering, fixture};

#[tokio::test]
async fn an_opportunity_is_read_whole() {
    let (lever, client) = answering(fixture!("opportunity")).await;
    let it = client.opportunity(&"5e1d 0c9a".into()).await.expect("read");
    assert_eq!(lever.lines(), ["GET /v1/opportunities/5e1d%200c9a"]);
    assert_eq!(it.name, "Ada Example");
    assert_eq!(it.emails, ["ada@candidate.example"]);
    assert_eq!(it.tags.len(), 6);
    assert_eq!(it.origin, Some(Origin::Applied));
    assert_eq!(it.confidentiality, Some(Confidentiality::NonConfidential));
    assert!(it.forbids_contact() && !it.is_confidential());
    assert_eq!(it.archived(), None);
    assert_eq!(
        it.entered_stage_at(),
        Some(Timestamp::from_millis(1_790_000_300_000))
    );
    assert_eq!(
        it.updated_at,
        Some(Timestamp::from_millis(1_790_000_500_123))
    );
    let page = it.urls.as_ref().and_then(|urls| urls.show.as_deref());
    assert_eq!(page, Some("https://hire.lever.co/candidates/5e1d0c9a"));
    let shown = format!("{it:?}");
    assert!(!shown.contains("Ada") && !shown.contains("ada@"), "{shown}");
}

#[tokio::test]
async fn expanded_members_are_whole_and_blanks_do_no_harm() {
    let (lever, client) = answering(fixture!("opportunity_expanded")).await;
    let expand = [Expand::Stage, Expand::Contact, Expand::Applications];
    let it = client
        .opportunity_with(&"5e1d".into(), &expand)
        .await
        .expect("read")
        .value;
    assert_eq!(
        lever.lines(),
        ["GET /v1/opportunities/5e1d?expand=stage&expand=contact&expand=applications"]
    );
    assert_eq!(it.stage_id().map(|id| id.as_str()), Some("applicant-new"));
    let stage = it.stage.as_ref().and_then(Expandable::full).expect("whole");
    assert_eq!(stage.text, "New Applicant");
    let contact = it
        .contact
        .as_ref()
        .and_then(Expandable::full)
        .expect("whole");
    assert_eq!(contact.emails, ["ada@candidate.example"]);
    let owner = it.owner.as_ref().and_then(Expandable::full).expect("whole");
    assert_eq!(owner.access_role, Some(AccessRole::SuperAdmin));
    assert!(it.followers[0].full().is_some() && it.followers[1].full().is_none());
    let application = it.applications[0].full().expect("whole");
    assert_eq!(application.kind, Some(ApplicationKind::User));
    assert_eq!(application.email, None);
    assert_eq!(
        application.posting_id().map(|id| id.as_str()),
        Some("p0571f00-0000-4000-8000-000000000003")
    );
    assert_eq!(it.origin, Some(Origin::Other("telepathy".into())));
    assert!(it.tags.is_empty() && it.updated_at.is_none());
    assert_eq!(it.entered_stage_at(), None);
}

#[tokio::test]
async fn an_archived_opportunity_is_known_in_both_forms() {
    for (body, at) in [
        (
            fixture!("opportunity_archived_documented"),
            1_790_000_000_000,
        ),
        (fixture!("opportunity_archived_live"), 1_790_000_000_001),
    ] {
        let (_lever, client) = answering(body).await;
        let it = client.opportunity(&"x".into()).await.expect("read");
        let archived = it.archived().expect("archived");
        assert_eq!(archived.archived_at, Some(Timestamp::from_millis(at)));
        let reason = archived.reason.expect("a reason");
        assert_eq!(reason, "63dd55b2-0000-4000-8000-000000000004");
    }
}

#[tokio::test]
async fn deleted_opportunities_are_listed_by_when() {
    let (lever, client) = answering(fixture!("opportunity_deleted")).await;
    let since = Between {
        start: Some(Timestamp::from_millis(5)),
        end: None,
    };
    let deleted: Vec<_> = client
        .deleted_opportunities(since)
        .try_collect()
        .await
        .expect("read");
    assert_eq!(
        deleted[0].deleted_at,
        Some(Timestamp::from_millis(1_790_000_000_000))
    );
    assert_eq!(
        lever.lines(),
        ["GET /v1/opportunities/deleted?deleted_at_start=5&limit=100"]
    );
}

#[tokio::test]
async fn stages_keep_the_order_of_the_pipeline() {
    let (lever, client) = answering(fixture!("stages")).await;
    let stages = client.stages().await.expect("read");
    let ids: Vec<_> = stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(ids[..2], ["lead-new", "applicant-new"]);
    assert_eq!(ids[3], "offer");
    assert_eq!(lever.lines(), ["GET /v1/stages?limit=100"]);
    let (_lever, client) = answering(fixture!("stage")).await;
    assert_eq!(
        client.stage(&"offer".into()).await.expect("read").text,
        "Offer"
    );
}

#[tokio::test]
async fn tags_that_differ_in_case_are_two() {
    let (_lever, client) = answering(fixture!("tags")).await;
    let tags: Vec<_> = client.tags().try_collect().await.expect("read");
    let texts: Vec<_> = tags
        .iter()
        .map(|tag| (tag.text.as_str(), tag.count))
        .collect();
    assert_eq!(
        texts,
        [
            ("Full-Time", Some(3)),
            ("Full-time", Some(12)),
            ("Rust Basics", Some(4))
        ]
    );
}

#[tokio::test]
async fn sources_and_archive_reasons_are_read() {
    let (_lever, client) = answering(fixture!("sources")).await;
    let sources: Vec<_> = client.sources().try_collect().await.expect("read");
    assert_eq!(
        (sources[1].text.as_str(), sources[1].count),
        ("Job board", None)
    );
    let (lever, client) = answering(fixture!("archive_reasons")).await;
    let kind = ArchiveReasonKind::NonHired;
    let reasons = client.archive_reasons(Some(&kind)).await.expect("read");
    assert_eq!(
        lever.lines(),
        ["GET /v1/archive_reasons?type=non-hired&limit=100"]
    );
    assert_eq!(reasons[0].kind, Some(ArchiveReasonKind::NonHired));
    assert_eq!(reasons[1].kind, None);
    assert_eq!(reasons[1].status, Some(ArchiveReasonStatus::Inactive));
}

#[tokio::test]
async fn users_are_found_and_those_switched_off_are_known() {
    let (lever, client) = answering(fixture!("users")).await;
    let filter = UserFilter::new()
        .with_email("rea@employer.example")
        .include_deactivated();
    let users: Vec<_> = client.users(&filter).try_collect().await.expect("read");
    assert_eq!(
        lever.lines(),
        ["GET /v1/users?email=rea%40employer.example&includeDeactivated=true&limit=100"]
    );
    assert!(users[0].is_active() && !users[1].is_active());
    assert_eq!(
        users[1].access_role,
        Some(AccessRole::Other("0f0f0f0f-role".into()))
    );
    assert!(!format!("{users:?}").contains("Rea"));
}

#[tokio::test]
async fn a_posting_names_all_that_its_opportunities_inherit() {
    let (lever, client) = answering(fixture!("postings")).await;
    let filter = PostingFilter::new()
        .in_state(PostingState::Internal)
        .tagged("Rust Basics");
    let postings: Vec<_> = client.postings(&filter).try_collect().await.expect("read");
    assert_eq!(
        lever.lines(),
        ["GET /v1/postings?state=internal&tag=Rust+Basics&limit=100"]
    );
    let it = &postings[0];
    assert_eq!(it.workplace_type, Some(WorkplaceType::Hybrid));
    assert!(it.distribution_channels.is_empty());
    assert_eq!(
        it.inherited_tags(),
        [
            "Engineering",
            "Full-time",
            "Lisbon",
            "Platform",
            "Porto",
            "Rust Basics",
            "Systems Engineer"
        ]
    );
}
