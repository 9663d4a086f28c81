use domain::{Assessment, AssessmentId, AssessmentStatus, OrganizationId};
use storage::{Error, Page, assessments};
use test_support::each_database;

use crate::house::{House, assessment, id, start};

async fn has(house: &House, assessment: &Assessment) {
    let assessment = assessment.clone();
    house
        .write(move |conn| assessments::insert(conn, &assessment, start()))
        .await;
}

async fn insert(house: &House, assessment: &Assessment) -> storage::Result<()> {
    let assessment = assessment.clone();
    house
        .db
        .write(move |conn| assessments::insert(conn, &assessment, start()))
        .await
}

async fn save(house: &House, assessment: &Assessment) -> storage::Result<()> {
    let assessment = assessment.clone();
    house
        .db
        .write(move |conn| assessments::save(conn, &assessment))
        .await
}

async fn find(house: &House, number: u128) -> Option<Assessment> {
    let ours = house.ours;
    house
        .read(move |conn| assessments::find(conn, ours, id(number)))
        .await
}

async fn at_version(house: &House, number: u128, version: i32) -> Option<Assessment> {
    let ours = house.ours;
    house
        .read(move |conn| assessments::at_version(conn, ours, id(number), version))
        .await
}

fn draft(number: u128, house: &House, title: &str) -> Assessment {
    Assessment {
        status: AssessmentStatus::Draft,
        ..assessment(number, house.ours, title)
    }
}

each_database! {
    async fn what_was_stored_is_found_as_it_was(database: Database) {
        let house = House::on(&database).await;
        let rust = assessment(10, house.ours, "Rust “basics” 🦀");
        has(&house, &rust).await;
        assert_eq!(find(&house, 10).await, Some(rust.clone()));
        assert_eq!(at_version(&house, 10, 1).await, Some(rust));
        assert_eq!(find(&house, 99).await, None);
    }

    async fn two_published_ones_cannot_have_titles_that_read_alike(database: Database) {
        let house = House::on(&database).await;
        has(&house, &assessment(10, house.ours, "Straße")).await;
        let outcome = insert(&house, &assessment(11, house.ours, " STRASSE ")).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
        assert_eq!(find(&house, 11).await, None);
        assert_eq!(at_version(&house, 11, 1).await, None);
        has(&house, &assessment(12, house.foreign, "Straße")).await;
    }

    async fn drafts_and_archived_ones_may_be_alike_until_they_are_published(database: Database) {
        let house = House::on(&database).await;
        has(&house, &assessment(10, house.ours, "Rust")).await;
        has(&house, &draft(11, &house, "Rust")).await;
        has(&house, &draft(12, &house, "rust")).await;
        let archived = Assessment { status: AssessmentStatus::Archived, ..assessment(13, house.ours, "RUST") };
        has(&house, &archived).await;
        let published = Assessment { status: AssessmentStatus::Published, ..draft(11, &house, "Rust") };
        assert!(matches!(save(&house, &published).await, Err(Error::Taken(_))));
        assert_eq!(find(&house, 11).await.map(|it| it.status), Some(AssessmentStatus::Draft));
    }

    async fn the_one_in_the_way_is_named(database: Database) {
        let house = House::on(&database).await;
        has(&house, &assessment(10, house.ours, "Rust")).await;
        has(&house, &draft(11, &house, "Rust")).await;
        has(&house, &assessment(12, house.foreign, "Go")).await;
        let ours = house.ours;
        let alike = async |title: &'static str, but: u128| {
            let found = house.read(move |conn| assessments::published_alike(conn, ours, title, id(but))).await;
            found.map(|it| it.id)
        };
        assert_eq!(alike(" RUST ", 11).await, Some(id(10)));
        assert_eq!(alike("Rust", 10).await, None);
        assert_eq!(alike("Go", 11).await, None);
    }

    async fn a_version_stays_as_it_was_when_the_next_one_comes(database: Database) {
        let house = House::on(&database).await;
        let first = assessment(10, house.ours, "Rust");
        has(&house, &first).await;
        let second = Assessment { version: 2, title: "Rust, again".into(), ..first.clone() };
        save(&house, &second).await.expect("the second version is stored");
        assert_eq!(find(&house, 10).await, Some(second.clone()));
        assert_eq!(at_version(&house, 10, 1).await, Some(first));
        assert_eq!(at_version(&house, 10, 2).await, Some(second));
        assert_eq!(at_version(&house, 10, 3).await, None);
    }

    async fn a_draft_changes_within_its_version(database: Database) {
        let house = House::on(&database).await;
        has(&house, &draft(10, &house, "Rust")).await;
        let changed = draft(10, &house, "Rust basics");
        save(&house, &changed).await.expect("the draft is stored");
        assert_eq!(find(&house, 10).await, Some(changed.clone()));
        assert_eq!(at_version(&house, 10, 1).await, Some(changed));
    }

    async fn saving_what_is_not_there_is_stale_and_keeps_no_version(database: Database) {
        let house = House::on(&database).await;
        let unknown = assessment(99, house.ours, "Rust");
        assert!(matches!(save(&house, &unknown).await, Err(Error::Stale)));
        assert_eq!(at_version(&house, 99, 1).await, None);
    }

    async fn two_changes_at_the_same_moment_become_two_versions(database: Database) {
        let house = House::on(&database).await;
        has(&house, &assessment(10, house.ours, "Rust")).await;
        let rename = async |title: &'static str| {
            let ours = house.ours;
            house.write(move |conn| {
                let before = assessments::find_to_change(conn, ours, id(10))?.expect("it is there");
                let after = Assessment { version: before.version + 1, title: title.into(), ..before };
                assessments::save(conn, &after)?;
                Ok(after)
            }).await
        };
        for round in 0..10 {
            let (one, other) = tokio::join!(rename("One"), rename("Other"));
            assert_ne!(one.version, other.version, "in round {round}");
            for kept in [one, other] {
                assert_eq!(at_version(&house, 10, kept.version).await, Some(kept));
            }
        }
        assert_eq!(find(&house, 10).await.map(|it| it.version), Some(21));
    }

    async fn a_foreign_organization_sees_nothing(database: Database) {
        let house = House::on(&database).await;
        has(&house, &assessment(10, house.ours, "Rust")).await;
        let foreign = house.foreign;
        assert_eq!(house.read(move |conn| assessments::find(conn, foreign, id(10))).await, None);
        assert_eq!(house.read(move |conn| assessments::at_version(conn, foreign, id(10), 1)).await, None);
        assert!(house.read(move |conn| assessments::list(conn, foreign, Page::default())).await.is_empty());
        assert!(house.read(move |conn| assessments::published(conn, &[foreign])).await.is_empty());
        let asked = [(foreign, id(10))];
        assert!(house.read(move |conn| assessments::published_among(conn, &asked)).await.is_empty());
    }

    async fn the_published_ones_are_listed_by_title(database: Database) {
        let house = House::on(&database).await;
        for (number, title) in [(10, "Rust"), (11, "Algorithms"), (12, "Go")] {
            has(&house, &assessment(number, house.ours, title)).await;
        }
        has(&house, &draft(13, &house, "Draft")).await;
        has(&house, &Assessment { status: AssessmentStatus::Archived, ..assessment(14, house.ours, "Archived") }).await;
        has(&house, &assessment(15, house.foreign, "Foreign")).await;
        let (ours, foreign) = (house.ours, house.foreign);
        let wanted: Vec<(OrganizationId, AssessmentId, String)> =
            vec![(ours, id(11), "Algorithms".into()), (ours, id(12), "Go".into()), (ours, id(10), "Rust".into())];
        assert_eq!(house.read(move |conn| assessments::published(conn, &[ours])).await, wanted);
        let of_both = house.read(move |conn| assessments::published(conn, &[ours, foreign])).await;
        let wanted: Vec<_> = [&wanted[..1], &[(foreign, id(15), "Foreign".into())], &wanted[1..]].concat();
        assert_eq!(of_both, wanted);
    }

    async fn of_those_asked_for_only_the_pairs_that_are_published_come(database: Database) {
        let house = House::on(&database).await;
        has(&house, &assessment(10, house.ours, "Rust")).await;
        has(&house, &draft(11, &house, "Draft")).await;
        has(&house, &assessment(12, house.foreign, "Foreign")).await;
        let asked = [(house.ours, id(10)), (house.ours, id(11)), (house.foreign, id(10)), (house.ours, id(12))];
        let found = house.read(move |conn| assessments::published_among(conn, &asked)).await;
        let found: Vec<_> = found.into_iter().map(|it| (it.organization, it.id)).collect();
        assert_eq!(found, [(house.ours, id(10))]);
        assert!(house.read(|conn| assessments::published_among(conn, &[])).await.is_empty());
    }

    async fn a_page_holds_every_status_newest_first(database: Database) {
        let house = House::on(&database).await;
        has(&house, &assessment(10, house.ours, "Rust")).await;
        has(&house, &draft(11, &house, "Draft")).await;
        has(&house, &assessment(12, house.ours, "Go")).await;
        let ours = house.ours;
        let list = async |page| {
            let found = house.read(move |conn| assessments::list(conn, ours, page)).await;
            found.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        assert_eq!(list(Page { limit: 2, before: None }).await, [id(12), id(11)]);
        assert_eq!(list(Page { limit: 2, before: Some(id(11)) }).await, [id(10)]);
    }
}
