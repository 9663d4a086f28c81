//! The pages that people outside rely on most, word by word.

use askama::Template;
use domain::Status;

use crate::gallery;

// The hash in an asset's address changes with every touch of the style sheet.
fn assert_page(name: &str, page: &impl Template) {
    let html = page.render().expect("the page renders");
    insta::with_settings!({ filters => vec![("/assets/[A-Za-z0-9]+/", "/assets/HASH/")] }, {
        insta::assert_snapshot!(name, html);
    });
}

#[test]
fn a_candidate_is_welcomed() {
    assert_page("welcome", &gallery::welcome());
}

#[test]
fn a_candidate_answers_all_five_kinds_of_question() {
    assert_page("questionnaire", &gallery::questionnaire());
}

#[test]
fn a_candidate_is_asked_whether_they_want_to_go_on() {
    let page = gallery::interviews::consent(pages::consent::ConsentAnswer::Open);
    assert_page("consent", &page);
}

#[test]
fn an_operator_reads_who_asks_for_what() {
    assert_page("requests", &gallery::requests::requests());
}

#[test]
fn a_super_admin_whom_a_vendor_sent_reads_what_is_left_to_do() {
    assert_page("connected", &gallery::connect::connected());
}

#[test]
fn a_recruiter_reads_a_result() {
    assert_page("result", &gallery::shared_result(Status::Completed));
}
