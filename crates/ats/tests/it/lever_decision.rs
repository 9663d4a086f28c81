//! Whom a move in Lever invites: every ruling, and every edge that others have met, each with what the admin reads.

use ats::lever::{Earlier, Known, Level, Move, Outcome, Reason, Seen, Trigger, decide};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Status;
use proptest::prelude::*;
use rstest::rstest;

use crate::sample::{STAGE, assessment, invite_id, minute, published, seen, texts};

/// What is known: the trigger stage since minute 0, connected since minute -10, four published assessments.
#[derive(Clone)]
struct House {
    triggers: Vec<Trigger>,
    connected_at: DateTime<Utc>,
    now: DateTime<Utc>,
    titles: Vec<&'static str>,
    earlier: Vec<Earlier>,
}

impl House {
    fn new() -> Self {
        Self {
            triggers: vec![Trigger {
                stage: STAGE.to_owned(),
                configured_at: minute(0),
            }],
            connected_at: minute(-10),
            now: minute(50),
            titles: vec!["Rust", "Go", "Onboarding", "Onboarding - Started"],
            earlier: Vec::new(),
        }
    }

    /// With an earlier invite to "Rust" from minute 20, its status tag confirmed.
    fn with(status: Status, change: impl FnOnce(&mut Earlier)) -> Self {
        let level = match status {
            Status::Invited => Level::Invited,
            Status::Started => Level::Started,
            _ => Level::Submitted,
        };
        let mut earlier = Earlier {
            invite: invite_id(1),
            assessment: assessment(1),
            status,
            level,
            title: "Rust".to_owned(),
            entered_at: minute(20),
            is_tagged: true,
            is_sticky: false,
        };
        change(&mut earlier);
        Self {
            earlier: vec![earlier],
            ..Self::new()
        }
    }

    fn decide(&self, seen: &Seen) -> Vec<Outcome> {
        let published = published(&self.titles);
        decide(
            seen,
            &Known {
                triggers: &self.triggers,
                connected_at: self.connected_at,
                now: self.now,
                published: &published,
                earlier: &self.earlier,
            },
        )
    }

    /// In short: `invite Rust`, `again Rust`, `resend Rust`, or the reason's sentence.
    fn says(&self, seen: &Seen) -> Vec<String> {
        let short = |outcome| match outcome {
            Outcome::Invite {
                by,
                instead_of: None,
                ..
            } => format!("invite {}", by.title),
            Outcome::Invite {
                by,
                instead_of: Some(_),
                ..
            } => format!("again {}", by.title),
            Outcome::Resend { by, .. } => format!("resend {}", by.title),
            Outcome::Nothing(reason) => reason.to_string(),
        };
        self.decide(seen).into_iter().map(short).collect()
    }
}

fn changed(tags: &[&str], change: impl FnOnce(&mut Seen)) -> Seen {
    let mut seen = seen(tags);
    change(&mut seen);
    seen
}

/// The opportunity when it came in a second time, at minute 45.
fn back(tags: &[&str]) -> Seen {
    changed(tags, |seen| {
        seen.moves.push(Move {
            to: "offer".to_owned(),
            at: minute(40),
        });
        seen.moves.push(Move {
            to: STAGE.to_owned(),
            at: minute(45),
        });
    })
}

#[rstest]
#[case::moved_in_with_a_title(seen(&["Rust", "Lisbon"]), &["invite Rust"])]
#[case::each_title_invites_in_the_order_of_titles(seen(&["Rust", "Go"]), &["invite Go", "invite Rust"])]
#[case::a_title_with_a_dash_beside_the_other(seen(&["Onboarding", "Onboarding - Started"]), &["invite Onboarding", "invite Onboarding - Started"])]
#[case::pasted_by_hand(seen(&["  rust "]), &["invite Rust"])]
#[case::no_tag(seen(&["Lisbon"]), &["None of its tags is the title of a published assessment. Add the title as a tag, then move it out of the stage and in again."])]
#[case::no_tags_at_all(seen(&[]), &["None of its tags is the title of a published assessment. Add the title as a tag, then move it out of the stage and in again."])]
#[case::a_status_tag_without_a_row_of_ours(seen(&["Rust - Submitted"]), &["None of its tags is the title of a published assessment. Add the title as a tag, then move it out of the stage and in again."])]
#[case::archived(changed(&["Rust"], |it| it.is_archived = true), &["The opportunity is archived."])]
#[case::anonymized(changed(&["Rust"], |it| it.is_anonymized = true), &["The person's data was removed in Lever."])]
#[case::may_not_be_contacted(changed(&["Rust"], |it| it.may_be_contacted = false), &["Lever says that this person may not be contacted."])]
#[case::moved_on_before_we_looked(changed(&["Rust"], |it| { it.stage = Some("offer".into()); it.moves.push(Move { to: "offer".into(), at: minute(31) }); }), &["By the time Baton looked, the opportunity was no longer in a trigger stage."])]
#[case::in_no_stage(changed(&["Rust"], |it| it.stage = None), &["By the time Baton looked, the opportunity was no longer in a trigger stage."])]
#[case::no_history(changed(&["Rust"], |it| it.moves.clear()), &["Lever's history shows no move into the trigger stage."])]
#[case::history_ends_elsewhere(changed(&["Rust"], |it| it.moves.push(Move { to: "offer".into(), at: minute(31) })), &["Lever's history shows no move into the trigger stage."])]
#[case::was_there_before(changed(&["Rust"], |it| it.moves[1].at = minute(-1)), &["It was in the stage before that became a trigger stage; only those moved there afterwards are invited. Move it out of the stage and in again."])]
#[case::in_the_very_second_counts_as_before(changed(&["Rust"], |it| it.moves[1].at = minute(0)), &["It was in the stage before that became a trigger stage; only those moved there afterwards are invited. Move it out of the stage and in again."])]
#[case::a_millisecond_later_counts(changed(&["Rust"], |it| it.moves[1].at = minute(0) + TimeDelta::milliseconds(1)), &["invite Rust"])]
#[case::without_an_address(changed(&["Rust", "Go"], |it| it.emails.clear()), &["The opportunity has no e-mail address. Add one in Lever, then move it out of the stage and in again."])]
#[case::with_an_address_that_is_none(changed(&["Rust"], |it| it.emails = texts(&["n/a", "zoe@candidate.example"])), &["The opportunity's first e-mail address is not one that mail can be sent to. Correct it in Lever, then move the opportunity out of the stage and in again."])]
#[case::without_a_name(changed(&["Rust"], |it| it.name.clear()), &["invite Rust"])]
#[case::confidential_and_readable(changed(&["Rust"], |it| it.is_confidential = true), &["invite Rust"])]
fn a_first_move_is_judged(#[case] seen: Seen, #[case] says: &[&str]) {
    assert_eq!(House::new().says(&seen), says);
}

#[test]
fn without_trigger_stages_nobody_is_invited() {
    let house = House {
        triggers: Vec::new(),
        ..House::new()
    };
    assert_eq!(
        house.says(&seen(&["Rust"])),
        ["There is no trigger stage. Add one on the Integrations page."]
    );
}

#[test]
fn a_stage_with_a_word_for_an_id_is_a_stage_like_any_other() {
    let mut house = House::new();
    house.triggers[0].stage = "applicant-new".to_owned();
    let seen = changed(&["Rust"], |it| {
        it.stage = Some("applicant-new".into());
        it.moves = vec![Move {
            to: "applicant-new".into(),
            at: minute(3),
        }];
    });
    assert_eq!(house.says(&seen), ["invite Rust"]);
}

#[test]
fn each_trigger_stage_counts_from_its_own_moment() {
    let mut house = House::new();
    house.triggers.push(Trigger {
        stage: "offer".to_owned(),
        configured_at: minute(60),
    });
    let seen = changed(&["Rust"], |it| {
        it.stage = Some("offer".into());
        it.moves.push(Move {
            to: "offer".into(),
            at: minute(50),
        });
    });
    assert_eq!(
        house.decide(&seen),
        [Outcome::Nothing(Reason::AlreadyThere)]
    );
    assert_eq!(house.says(&back(&["Rust"])), ["invite Rust"]);
}

#[test]
fn moves_from_before_the_connection_do_not_count() {
    let at = |connected_at| {
        House {
            connected_at,
            ..House::new()
        }
        .says(&seen(&["Rust"]))
    };
    assert_eq!(at(minute(29)), ["invite Rust"]);
    assert_eq!(
        at(minute(30)),
        ["It was moved there before Lever was connected. Move it out of the stage and in again."]
    );
}

#[test]
fn a_connection_that_was_broken_reaches_back_seven_days_and_no_further() {
    let week = minute(30) + TimeDelta::days(7);
    let at = |now| {
        House {
            now,
            ..House::new()
        }
        .says(&seen(&["Rust"]))
    };
    assert_eq!(at(week - TimeDelta::milliseconds(1)), ["invite Rust"]);
    assert_eq!(
        at(week),
        [
            "It was moved there more than 7 days ago, too long for an invitation that nobody expects any more. Move it out of the stage and in again."
        ]
    );
}

#[test]
fn an_ambiguous_tag_is_said_and_hinders_no_other() {
    let house = House {
        titles: vec!["Rust", "rust", "Go"],
        ..House::new()
    };
    let said = "The tag \"RUST\" could mean several assessments (Rust, rust). Give the tag exactly as one of the titles.";
    assert_eq!(house.says(&seen(&["RUST", "Go"])), ["invite Go", said]);
}

const SENT: &str = "This opportunity already has an invite to \"Rust\".";
const LATE: &str = "It came back before its tag \"Rust\" was changed, so the tag asks for nothing new. To invite again, put the plain title in the place of the status tag, then move it out of the stage and in again.";
const STANDS: &str = "The tag \"Rust - Submitted\" shows that \"Rust\" was sent before. To invite again, remove that tag, leave \"Rust\", then move the opportunity out of the stage and in again.";
const INHERITED: &str = "The tag \"Rust\" is inherited from the posting and cannot be taken off, so it asks for no second invite. Invite again from the candidate's page here.";

#[rstest]
#[case::a_duplicate_after_the_swap(&["Rust - Invited"], Status::Invited, SENT)]
#[case::a_duplicate_before_the_swap(&["Rust"], Status::Invited, SENT)]
#[case::a_rerun_after_all_is_over(&["Rust"], Status::Completed, SENT)]
#[case::both_tags_after_a_crash(&["Rust", "Rust - Invited"], Status::Invited, SENT)]
#[case::the_recruiter_took_our_tag_off(&["Lisbon"], Status::Started, SENT)]
fn the_same_move_again_invites_nobody(
    #[case] tags: &[&str],
    #[case] status: Status,
    #[case] says: &str,
) {
    let house = House::with(status, |it| it.entered_at = minute(30));
    assert_eq!(house.says(&seen(tags)), [says]);
}

#[rstest]
#[case::with_the_status_tag_alone(&["Rust - Submitted"], Status::Submitted, SENT)]
#[case::without_any_tag(&["Lisbon"], Status::Submitted, SENT)]
#[case::with_title_and_status_tag(&["Rust", "Rust - Submitted"], Status::Submitted, STANDS)]
#[case::with_the_plain_title_while_open(&["Rust"], Status::Invited, "resend Rust")]
#[case::with_the_plain_title_while_sitting(&["Rust"], Status::Started, "resend Rust")]
#[case::with_the_plain_title_after_submission(&["Rust"], Status::Submitted, "again Rust")]
#[case::with_the_plain_title_after_the_result(&["Rust"], Status::Completed, "again Rust")]
#[case::with_the_plain_title_after_it_expired(&["Rust"], Status::Expired, "again Rust")]
#[case::with_the_plain_title_after_it_was_cancelled(&["Rust"], Status::Cancelled, "again Rust")]
#[case::with_another_title_too(&["Rust - Submitted", "Go"], Status::Submitted, "invite Go")]
fn coming_back_in_is_judged_by_the_recruiter_s_hand(
    #[case] tags: &[&str],
    #[case] status: Status,
    #[case] says: &str,
) {
    let house = House::with(status, |_| ());
    assert_eq!(house.says(&back(tags)), [says]);
}

#[test]
fn an_inherited_title_asks_for_nothing_again() {
    let house = House::with(Status::Completed, |it| it.is_sticky = true);
    assert_eq!(house.says(&back(&["Rust"])), [INHERITED]);
    assert_eq!(
        house.says(&back(&["Rust", "Rust - Submitted"])),
        [INHERITED]
    );
}

#[test]
fn a_title_that_we_had_yet_to_replace_is_nobody_s_wish() {
    let house = House::with(Status::Invited, |it| it.is_tagged = false);
    assert_eq!(house.says(&back(&["Rust"])), [LATE]);
}

#[test]
fn a_late_look_after_a_resend_resends_nothing() {
    let house = House::with(Status::Invited, |it| it.entered_at = minute(45));
    assert_eq!(house.says(&back(&["Rust"])), [SENT]);
}

#[test]
fn after_a_rename_the_new_title_asks_and_the_old_status_tag_counts() {
    let mut house = House::with(Status::Submitted, |it| it.title = "Old".to_owned());
    assert_eq!(house.says(&back(&["Rust"])), ["again Rust"]);
    house.earlier[0].entered_at = minute(20);
    let stands = house.says(&back(&["Rust", "Old - Submitted"]));
    assert!(
        stands[0].starts_with("The tag \"Old - Submitted\" shows that \"Rust\" was sent before."),
        "{stands:?}"
    );
}

#[test]
fn our_own_status_tag_is_no_title_even_where_it_reads_like_one() {
    let mut house = House::with(Status::Started, |it| {
        it.assessment = assessment(3);
        it.title = "Onboarding".to_owned();
        it.entered_at = minute(30);
    });
    assert_eq!(
        house.says(&seen(&["Onboarding - Started"])),
        ["This opportunity already has an invite to \"Onboarding\"."]
    );
    house.earlier[0].level = Level::Submitted;
    assert_eq!(
        house.says(&seen(&["Onboarding - Started"])),
        ["invite Onboarding - Started"]
    );
}

#[test]
fn a_missing_address_does_not_keep_an_open_link_from_being_sent_again() {
    let house = House::with(Status::Invited, |_| ());
    let mut seen = back(&["Rust"]);
    seen.emails.clear();
    assert_eq!(house.says(&seen), ["resend Rust"]);
}

#[test]
fn the_person_is_read_from_the_opportunity() {
    let mut seen = seen(&["Rust"]);
    seen.links = texts(&["https://zoe.example", "https://www.linkedin.com/in/zoe"]);
    let person = seen.candidate().expect("an address");
    assert_eq!(
        (person.first_name.as_str(), person.last_name.as_str()),
        ("Zoë", "Nguyễn Okafor")
    );
    assert_eq!(person.email.as_str(), "zoe@candidate.example");
    assert_eq!(
        person.linkedin_url.as_deref(),
        Some("https://www.linkedin.com/in/zoe")
    );
    seen.name = String::new();
    assert_eq!(seen.candidate().expect("an address").first_name, "");
    seen.links = texts(&["https://linkedin.com.evil.example/in/zoe"]);
    assert_eq!(seen.candidate().expect("an address").linkedin_url, None);
}

#[test]
fn every_reason_has_a_name_and_a_sentence() {
    let title = || "Rust".to_owned();
    let reasons = [
        Reason::SameStage,
        Reason::NotATrigger,
        Reason::OtherEvent,
        Reason::NoOpportunity,
        Reason::Disconnected,
        Reason::Gone,
        Reason::NotReadable,
        Reason::Archived,
        Reason::Anonymized,
        Reason::MayNotBeContacted,
        Reason::NoTriggerStages,
        Reason::MovedOn,
        Reason::NoMove,
        Reason::AlreadyThere,
        Reason::NotConnected,
        Reason::TooLongAgo,
        Reason::NoTag,
        Reason::Ambiguous(ats::lever::Ambiguous {
            tag: title(),
            titles: texts(&["Rust"]),
        }),
        Reason::NoEmail,
        Reason::EmailUnusable,
        Reason::AlreadyInvited(title()),
        Reason::NotYetTagged(title()),
        Reason::StatusTagStands {
            title: title(),
            tag: "Rust - Invited".to_owned(),
        },
        Reason::Inherited(title()),
    ];
    let mut codes: Vec<&str> = reasons.iter().map(Reason::code).collect();
    for reason in &reasons {
        let sentence = reason.to_string();
        assert!(
            sentence.ends_with('.') && sentence.len() > 20,
            "{sentence:?}"
        );
        assert!(
            !sentence.contains("  ") && !sentence.contains('!'),
            "{sentence:?}"
        );
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), reasons.len());
}

fn any_tags() -> impl Strategy<Value = Vec<String>> {
    let tags = [
        "Rust",
        "Go",
        "rust",
        "Rust - Invited",
        "Rust - Submitted",
        "Onboarding - Started",
        "Lisbon",
    ];
    prop::collection::vec(
        prop::sample::select(tags.to_vec()).prop_map(str::to_owned),
        0..6,
    )
}

proptest! {
    /// Whatever the first look invited to, a second look at the same move invites to nothing.
    #[test]
    fn one_move_invites_once(tags in any_tags(), later in any_tags(), tagged: bool, over: bool) {
        let mut house = House::new();
        let mut seen = seen(&[]);
        seen.tags = tags;
        let first = house.decide(&seen);
        for (number, outcome) in first.iter().enumerate() {
            if let Outcome::Invite { by, entered_at, .. } = outcome {
                house.earlier.push(Earlier {
                    invite: invite_id(number as u128),
                    assessment: by.assessment,
                    status: if over { Status::Completed } else { Status::Invited },
                    level: if over { Level::Submitted } else { Level::Invited },
                    title: by.title.clone(),
                    entered_at: *entered_at,
                    is_tagged: tagged,
                    is_sticky: false,
                });
            }
        }
        let invited: Vec<_> = house.earlier.iter().map(|it| it.assessment).collect();
        seen.tags = later;
        for outcome in house.decide(&seen) {
            match outcome {
                Outcome::Invite { by, .. } => prop_assert!(!invited.contains(&by.assessment)),
                Outcome::Resend { .. } => prop_assert!(false, "nothing is sent again for the same move"),
                Outcome::Nothing(_) => {}
            }
        }
    }

    #[test]
    fn there_is_always_an_answer(tags in any_tags(), archived: bool, emails in prop::collection::vec("[a-z@.]{0,12}", 0..2)) {
        let mut seen = seen(&[]);
        (seen.tags, seen.is_archived, seen.emails) = (tags, archived, emails);
        prop_assert!(!House::new().decide(&seen).is_empty());
    }
}
