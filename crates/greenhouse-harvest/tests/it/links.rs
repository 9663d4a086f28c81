//! The `Link` header.

use greenhouse_harvest::link::{BadLink, parse};
use proptest::prelude::*;
use rstest::rstest;

/// `target: relations` of each link.
fn seen(header: &str) -> Result<Vec<String>, BadLink> {
    let links = parse(header)?;
    let shown = links
        .iter()
        .map(|link| format!("{}: {}", link.target, link.relations.join(" ")));
    Ok(shown.collect())
}

#[rstest]
#[case::documented(r#"<https://h.example/v3/jobs?cursor=eyJ9>; rel="next""#, &["https://h.example/v3/jobs?cursor=eyJ9: next"])]
#[case::two(r#"</a>; rel="prev", </b>; rel="next""#, &["/a: prev", "/b: next"])]
#[case::without_quotes("</a>;rel=next", &["/a: next"])]
#[case::several_relations(r#"</a>; rel="Next last""#, &["/a: next last"])]
#[case::other_parameters(r#"</a>; title="a, b; c\"d"; rel=next; foo"#, &["/a: next"])]
#[case::first_counts("</a>; rel=prev; rel=next", &["/a: prev"])]
#[case::upper_case(r#"</a>; REL="NEXT""#, &["/a: next"])]
#[case::spaces("  </a>  ;  rel  =  next  ,  ", &["/a: next"])]
#[case::comma_in_target("</a,b;c>; rel=next", &["/a,b;c: next"])]
#[case::no_relation("</a>", &["/a: "])]
#[case::blank("", &[])]
#[case::commas(" , ,", &[])]
#[case::stray_semicolon("</a>; ; rel=next;", &["/a: next"])]
fn links_are_read(#[case] header: &str, #[case] expected: &[&str]) {
    assert_eq!(
        seen(header).as_deref(),
        Ok(expected
            .iter()
            .map(|&it| it.to_owned())
            .collect::<Vec<_>>()
            .as_slice())
    );
}

#[rstest]
#[case("next")]
#[case("</a")]
#[case(r#"</a>; rel="next"#)]
#[case("</a> rel=next")]
#[case("</a>; rel=next </b>; rel=next")]
#[case("https://h.example/v3/jobs; rel=next")]
fn what_is_no_list_of_links_is_refused(#[case] header: &str) {
    assert_eq!(seen(header), Err(BadLink));
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(header in ".*") {
        let _ = parse(&header);
    }

    #[test]
    fn what_is_written_is_read(links in proptest::collection::vec(("[!-=?-~]{0,20}", proptest::collection::vec("[a-z.]{1,8}", 0..3)), 0..4)) {
        let written: Vec<_> = links
            .iter()
            .map(|(target, relations)| format!(r#"<{target}>; title="x, \"y"; rel="{}""#, relations.join(" ")))
            .collect();
        let read = parse(&written.join(", ")).expect("it was well written");
        let read: Vec<_> = read.into_iter().map(|link| (link.target, link.relations)).collect();
        prop_assert_eq!(read, links);
    }
}
