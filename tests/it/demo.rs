//! What `cargo run` shows, with nobody at the keyboard.

use crate::harness::run_program;

#[tokio::test]
async fn the_demo_walks_through_a_whole_round_trip_with_each_ats_and_ends() {
    let walked = run_program("baton-demo", &["--walk"], &[]).await;
    let told = String::from_utf8_lossy(&walked.stdout);
    assert!(walked.status.success(), "{walked:?}");
    for page in ["Play recruiter", "Play candidate", "See it in Baton"] {
        assert!(told.contains(page), "{told}");
    }
    assert!(told.contains("Greenhouse: Complete, 80."), "{told}");
    assert!(told.contains("?grant="), "{told}");
    for status in ["Invited", "Started", "Submitted"] {
        let tag = format!("Lever: the tag is now “Reading a table - {status}”.");
        assert!(told.contains(&tag), "{told}");
    }
    assert!(told.contains("is imported as a draft"), "{told}");
    let note = "Interviewed on Baton by Grace Hopper on 11/20/26 (all numeric scores out of 4, where 4 is best):";
    assert!(told.contains(note), "{told}");
    let note = "Result: 85 of 100";
    assert!(told.contains(note) && told.contains(" r2"), "{told}");
    assert!(
        told.contains("80 of 100") && told.contains("ref: "),
        "{told}"
    );
}
