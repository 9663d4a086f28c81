//! HTML from outside, made harmless.

use std::collections::{HashMap, HashSet};

const TAGS: [&str; 12] = [
    "p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "a", "h3", "h4",
];

/// What is harmless in `source`: paragraphs, lists, emphasis, small headings and links, with all its text; `None` where nothing
/// is left to read.
pub fn clean_html(source: &str) -> Option<String> {
    let clean = cleaner().clean(source).to_string();
    let readable = ammonia::Builder::empty().clean(&clean).to_string();
    (!readable.replace("&nbsp;", " ").trim().is_empty()).then_some(clean)
}

fn cleaner() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .clean_content_tags(HashSet::from([
            "script", "style", "noscript", "iframe", "template",
        ]))
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn clean(source: &str) -> String {
        clean_html(source).unwrap_or_default()
    }

    #[test]
    fn what_a_job_post_needs_stays() {
        let source = "<h3>Role</h3><p>We <strong>build</strong> <em>things</em>.<br>Join</p><ul><li>Rust</li></ul>";
        assert_eq!(clean(source), source);
        assert_eq!(
            clean(
                r#"<a href="https://example.com/a?b=1&amp;c=2" onclick="x()" target="_blank">more</a>"#
            ),
            r#"<a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">more</a>"#
        );
        assert!(clean(r#"<a href="mailto:jobs@example.com">ask</a>"#).contains("mailto:"));
    }

    #[test]
    fn hostile_html_loses_its_teeth() {
        for source in HOSTILE {
            assert_harmless(source, &clean(source));
        }
    }

    pub(crate) fn assert_harmless(source: &str, shown: &str) {
        let shown = shown.to_lowercase();
        for tooth in TEETH {
            assert!(!shown.contains(tooth), "{source} became {shown}");
        }
        assert_only_allowed_tags(&shown);
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        for source in HOSTILE {
            let once = clean(source);
            assert_eq!(clean(&once), once, "{source}");
        }
    }

    #[test]
    fn nothing_to_read_is_nothing() {
        for source in [
            "",
            "  ",
            "<p></p>",
            "<p>&nbsp;</p>",
            "<img src=x>",
            "<script>1</script>",
        ] {
            assert_eq!(clean_html(source), None, "{source}");
        }
    }

    /// Live markup, as opposed to text that merely talks about it (which is escaped: `&lt;script`).
    const TEETH: [&str; 22] = [
        "<script",
        "<img",
        "<svg",
        "<math",
        "<style",
        "<iframe",
        "<object",
        "<embed",
        "<form",
        "<input",
        "<textarea",
        "<title",
        "<noscript",
        "<template",
        "<base",
        "<meta",
        "<link",
        "<!--",
        "javascript:",
        "data:",
        "vbscript:",
        " style=",
    ];

    pub(crate) const HOSTILE: [&str; 40] = [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<img src=https://tracker.example/pixel.gif width=1>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<math><mi xlink:href=\"data:x,<script>alert(1)</script>\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<style>@import 'https://evil.example/x.css';</style>",
        "<p style=\"background:url(https://evil.example)\">x</p>",
        "<title><a title=\"</title><img src=x onerror=alert(1)>\">",
        "<textarea><p title=\"</textarea><img src onerror=alert(1)>\">",
        "<iframe src=\"javascript:alert(1)\"></iframe>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
        "<a href=\"java\nscript:alert(1)\">x</a>",
        "<a href=\" &#14; javascript:alert(1)\">x</a>",
        "<a href=\"&#x6A;avascript:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<a href=\"vbscript:msgbox(1)\">x</a>",
        "<a href=\"//evil.example\">x</a>",
        "<a href=\"/sign-out\">x</a>",
        "<a href=\"http://plain.example\">x</a>",
        "<a href=https://ok.example onmouseover=alert(1)>x</a>",
        "<p onclick=alert(1) id=content class=skip>x</p>",
        "<form action=https://evil.example><input name=password></form>",
        "<object data=x></object><embed src=x>",
        "<base href=https://evil.example>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
        "<link rel=stylesheet href=https://evil.example>",
        "<template><script>alert(1)</script></template>",
        "<!--><script>alert(1)</script-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<p><b><script>alert(1)//</b></p>",
        "<select><style></select><img src=x onerror=alert(1)></style>",
        "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
        "<table><td background=https://evil.example><details open ontoggle=alert(1)>x",
    ];

    fn assert_only_allowed_tags(html: &str) {
        for tag in html.split('<').skip(1) {
            let name: String = tag
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            assert!(TAGS.contains(&name.as_str()), "<{name}> in {html}");
            let opening = tag.split('>').next().unwrap_or_default();
            assert!(!opening.contains(" on"), "a handler in {html}");
        }
    }
}
