//! The text of a job: which of its posts is taken, and what of that post.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use greenhouse_harvest::JobPost;

use crate::clean_html;

/// Block elements that mean much the same as one that is kept.
const MEANT: [(&str, &str); 13] = [
    ("h1", "h3"),
    ("h2", "h3"),
    ("h5", "h4"),
    ("h6", "h4"),
    ("div", "p"),
    ("section", "p"),
    ("article", "p"),
    ("blockquote", "p"),
    ("pre", "p"),
    ("tr", "p"),
    ("dt", "p"),
    ("dd", "p"),
    ("figcaption", "p"),
];

/// The post that speaks for a job: a live external one, else an active external one, else a live internal one, else none. Among
/// equals the one that was published last, then the newest.
pub fn chosen_post(posts: &[JobPost]) -> Option<&JobPost> {
    posts
        .iter()
        .filter_map(|post| Some((rank(post)?, post)))
        .min_by_key(|(rank, post)| (*rank, Reverse(post.first_published_at), Reverse(post.id)))
        .map(|(_, post)| post)
}

fn rank(post: &JobPost) -> Option<u8> {
    match (post.internal, post.live, post.active) {
        (false, true, _) => Some(0),
        (false, false, true) => Some(1),
        (true, true, _) => Some(2),
        _ => None,
    }
}

/// A post's text, harmless, with all its words; none where there is nothing to read. Some posts are written with their tags
/// escaped: where there is no tag at all, they are read once more.
pub fn description(post: &JobPost) -> Option<String> {
    let content = post.content.as_deref()?;
    let decoded = (!content.contains('<') && content.contains("&lt;")).then(|| decode(content));
    let blocks = ammonia::Builder::default()
        .add_tags(MEANT.map(|(tag, _)| tag))
        .clean_content_tags(HashSet::from([
            "script", "style", "noscript", "iframe", "template",
        ]))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .clean(decoded.as_deref().unwrap_or(content))
        .to_string();
    clean_html(&renamed(blocks))
}

fn decode(text: &str) -> String {
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", "\u{a0}"),
        ("&amp;", "&"),
    ];
    signs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// The tags have no attributes by now, and what is text has none of these signs.
fn renamed(mut html: String) -> String {
    for (from, to) in MEANT {
        html = html
            .replace(&format!("<{from}>"), &format!("<{to}>"))
            .replace(&format!("</{from}>"), &format!("</{to}>"));
    }
    // Cells go, and what stood in them stays apart.
    html.replace("</td>", " </td>").replace("</th>", " </th>")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::clean::tests::{HOSTILE, assert_harmless};

    fn post(id: i64, more: &Value) -> JobPost {
        let mut post = json!({
            "id": id, "job_id": 1, "title": format!("Post {id}"), "internal": false, "active": true, "live": true,
            "created_at": "2026-11-01T09:00:00Z", "updated_at": "2026-11-01T09:00:00Z",
        });
        for (name, value) in more.as_object().expect("an object") {
            post[name] = value.clone();
        }
        serde_json::from_value(post).expect("a post")
    }

    #[rstest]
    #[case::the_only_one(&[json!({})], Some(1))]
    #[case::live_before_active(&[json!({ "live": false }), json!({})], Some(2))]
    #[case::active_external_before_live_internal(&[json!({ "internal": true }), json!({ "live": false })], Some(2))]
    #[case::live_internal_before_none(&[json!({ "internal": true })], Some(1))]
    #[case::an_internal_one_that_is_not_live(&[json!({ "internal": true, "live": false })], None)]
    #[case::a_deleted_one(&[json!({ "live": false, "active": false })], None)]
    #[case::published_last(&[json!({ "first_published_at": "2026-11-03T00:00:00Z" }), json!({ "first_published_at": "2026-11-02T00:00:00Z" }), json!({})], Some(1))]
    #[case::the_newest(&[json!({}), json!({})], Some(2))]
    #[case::none(&[], None)]
    fn one_post_speaks_for_a_job(#[case] posts: &[Value], #[case] expected: Option<i64>) {
        let posts: Vec<JobPost> = posts.iter().zip(1..).map(|(it, id)| post(id, it)).collect();
        assert_eq!(chosen_post(&posts).map(|it| it.id.get()), expected);
    }

    fn described(content: &str) -> String {
        description(&post(1, &json!({ "content": content }))).unwrap_or_default()
    }

    #[test]
    fn what_a_post_says_is_kept_in_our_own_elements() {
        let shown = described(
            "<div class=\"intro\"><h1>Acme</h1><h2 style='x'>Who we are</h2></div><div>We <u>build</u> <span>things</span>.</div>\
             <table><tr><td>Pay</td><td>good</td></tr></table><ul><li>Rust</li></ul><h6>Small</h6>",
        );
        for kept in [
            "<h3>Acme</h3>",
            "<h3>Who we are</h3>",
            "We build things.",
            "Pay",
            "good",
            "<li>Rust</li>",
            "<h4>Small</h4>",
        ] {
            assert!(shown.contains(kept), "{kept} is missing: {shown}");
        }
    }

    #[test]
    fn a_post_with_escaped_tags_is_read_once_more_and_only_once() {
        assert_eq!(
            described("&lt;p&gt;Come &amp;amp; build&lt;/p&gt;"),
            "<p>Come &amp; build</p>"
        );
        assert_eq!(
            described("<p>Write &lt;b&gt; like this</p>"),
            "<p>Write &lt;b&gt; like this</p>"
        );
        assert_eq!(described("Fish & chips"), "Fish &amp; chips");
    }

    #[test]
    fn a_post_without_text_has_no_description() {
        assert_eq!(description(&post(1, &json!({ "content": null }))), None);
        assert_eq!(
            description(&post(1, &json!({ "content": "<p> </p>" }))),
            None
        );
    }

    #[test]
    fn hostile_posts_come_out_harmless() {
        for source in HOSTILE {
            assert_harmless(source, &described(source));
            let escaped = source.replace('&', "&amp;").replace('<', "&lt;");
            assert_harmless(&escaped, &described(&escaped));
        }
    }

    proptest! {
        #[test]
        fn plain_words_come_through_whatever_stands_around_them(words in prop::collection::vec("[a-zA-Z0-9äöü.,!]{1,12}", 1..12), tag in prop::sample::select(vec!["p", "div", "h2", "li", "td", "span", "section", "b", "custom"])) {
            let text = words.join(" ");
            let shown = described(&format!("<{tag} class=x onclick=y()>{text}</{tag}>"));
            prop_assert!(shown.contains(&text), "{}", shown);
        }

        #[test]
        fn whatever_comes_is_harmless(source in ".{0,200}") {
            assert_harmless(&source, &described(&source));
        }
    }
}
