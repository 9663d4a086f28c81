//! What holds for the markup of every page.

use std::collections::HashSet;

use crate::gallery;

fn each(check: impl Fn(&str, &str)) {
    for (name, html) in gallery::all() {
        check(name, &html);
    }
}

/// The opening tags of `html`, without the angle brackets.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    let opening = html
        .split('<')
        .skip(1)
        .filter(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()));
    opening.map(|part| part.split('>').next().unwrap_or_default())
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

#[test]
fn no_page_carries_inline_scripts_or_styles() {
    each(|name, html| {
        for tag in tags(html) {
            assert!(!tag.starts_with("style"), "{name}: <{tag}>");
            assert!(attribute(tag, "style").is_none(), "{name}: <{tag}>");
            assert!(
                !tag.starts_with("script") || attribute(tag, "src").is_some(),
                "{name}: <{tag}>"
            );
            assert!(!tag.contains(" on"), "{name}: a handler in <{tag}>");
        }
    });
}

#[test]
fn every_asset_that_a_page_names_exists() {
    each(|name, html| {
        for tag in tags(html) {
            let address = attribute(tag, "src").or_else(|| attribute(tag, "href"));
            let Some(asset) = address.filter(|address| address.starts_with("/assets/")) else {
                continue;
            };
            let file = asset.rsplit('/').next().unwrap_or_default();
            assert_eq!(asset, pages::assets::url(file), "{name}");
            assert!(!asset.contains("//"), "{name}: {asset} has no hash");
        }
    });
}

#[test]
fn every_page_has_one_heading_one_main_and_a_way_past_the_navigation() {
    each(|name, html| {
        let count = |what: &str| html.matches(what).count();
        if name != "styleguide" {
            assert_eq!(count("<h1"), 1, "{name}");
        }
        assert_eq!(count("<main id=\"content\""), 1, "{name}");
        assert_eq!(count("href=\"#content\""), 1, "{name}");
        assert_eq!(count("<title>"), 1, "{name}");
    });
}

#[test]
fn every_field_has_a_label_and_every_reference_a_target() {
    each(|name, html| {
        let ids: Vec<&str> = tags(html).filter_map(|tag| attribute(tag, "id")).collect();
        let unique: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{name}: an id twice");
        for tag in tags(html) {
            for reference in ["for", "aria-describedby", "aria-labelledby"] {
                let target = attribute(tag, reference);
                assert!(
                    target.is_none_or(|id| unique.contains(id)),
                    "{name}: <{tag}>"
                );
            }
            let anchor = attribute(tag, "href").and_then(|href| href.strip_prefix('#'));
            assert!(
                anchor.is_none_or(|id| id.is_empty() || unique.contains(id)),
                "{name}: <{tag}>"
            );
            assert!(is_labelled(tag, html), "{name}: <{tag}> has no label");
        }
    });
}

fn is_labelled(tag: &str, html: &str) -> bool {
    let field = ["input", "select", "textarea"]
        .iter()
        .any(|kind| tag.starts_with(kind));
    let inside = matches!(
        attribute(tag, "type"),
        Some("hidden" | "radio" | "checkbox")
    );
    let labelled = attribute(tag, "id").is_some_and(|id| html.contains(&format!("for=\"{id}\"")));
    !field || inside || labelled || attribute(tag, "aria-label").is_some()
}

#[test]
fn every_form_of_the_dashboard_that_changes_something_carries_the_sessions_token() {
    each(|name, html| {
        // Pages for whoever has no session: the link is the token.
        if ["take-", "consent-", "sign-in", "setup", "connect"]
            .iter()
            .any(|begins| name.starts_with(begins))
        {
            return;
        }
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            assert!(
                !form.contains("method=\"post\"") || form.contains("name=\"csrf\""),
                "{name}: {form}"
            );
        }
    });
}

#[test]
fn a_read_only_visitor_is_offered_nothing_to_change() {
    let html = gallery::all()
        .into_iter()
        .find(|(name, _)| *name == "result-shared");
    let (_, html) = html.expect("in the gallery");
    assert!(
        !html.contains("<form") && !html.contains("<button"),
        "{html}"
    );
}

#[test]
fn pages_speak_without_shouting() {
    each(|name, html| {
        let text = html.to_lowercase();
        for word in ["oops", "invalid ", "!</", "please try"] {
            assert!(!text.contains(word), "{name} says {word}");
        }
    });
}

/// Writes every page beside its assets, for a browser to open: `PAGES_TO=folder cargo test -p pages -- --ignored`.
#[test]
#[ignore = "writes files for a person to look at"]
fn write_the_gallery() {
    let folder = std::path::PathBuf::from(std::env::var("PAGES_TO").expect("a folder"));
    for theme in ["light", "dark"] {
        for (name, html) in gallery::all() {
            let themed = html.replace("<html lang", &format!("<html data-theme=\"{theme}\" lang"));
            let themed = beside_its_assets(&themed);
            std::fs::write(folder.join(format!("{name}-{theme}.html")), themed).expect("written");
        }
    }
}

fn beside_its_assets(html: &str) -> String {
    let mut parts = html.split("\"/assets/");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| {
        page + "\"" + part.split_once('/').map_or(part, |(_, rest)| rest)
    })
}
