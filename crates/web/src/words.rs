//! Faults of a body in words for people. What was sent is never repeated: it may be personal.

/// Field and problem from where serde stopped and what it said.
pub(crate) fn of(path: &str, said: &str) -> (String, String) {
    let path = if path == "." { "" } else { path };
    // "… at line 1 column 20" helps nobody who built the body with a program.
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    if let Some(member) = between(said, "missing field `") {
        return (join(path, member), "is missing".into());
    }
    if let Some(member) = between(said, "duplicate field `") {
        return (join(path, member), "is there twice".into());
    }
    if let Some(member) = between(said, "unknown field `") {
        return (join(path, member), unknown_member(said));
    }
    let field = if path.is_empty() { "body" } else { path };
    (field.to_owned(), problem(said))
}

fn between<'a>(said: &'a str, start: &str) -> Option<&'a str> {
    let rest = said.strip_prefix(start)?;
    rest.split_once('`').map(|(name, _)| name)
}

/// The member's path, whether or not serde has put its name there already.
fn join(path: &str, member: &str) -> String {
    if path.is_empty() {
        return member.to_owned();
    }
    match path.rsplit_once('.') {
        Some((_, last)) if last == member => path.to_owned(),
        None if path == member => path.to_owned(),
        _ => format!("{path}.{member}"),
    }
}

fn unknown_member(said: &str) -> String {
    match said.split_once("expected ") {
        Some((_, known)) => format!("is not known here; known are {}", names(known)),
        None => "is not known here, nothing is".into(),
    }
}

/// The names between back-ticks, as a list.
fn names(text: &str) -> String {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.collect::<Vec<_>>().join(", ")
}

fn problem(said: &str) -> String {
    if let Some((_, known)) = said.split_once("unknown variant `") {
        let known = known.split_once("expected ").map_or("", |(_, known)| known);
        return format!("has to be one of {}", names(known));
    }
    if said.starts_with("invalid type") || said.starts_with("invalid value") {
        let expected = said.rsplit_once("expected ").map_or("", |(_, kind)| kind);
        return format!("has to be {}", kind(expected));
    }
    if said.starts_with("UUID parsing failed") {
        return "is not an id that Baton gave".into();
    }
    if is_of_chrono(said) {
        return "has to be a time such as 2026-12-09T14:00:00Z".into();
    }
    said.to_owned()
}

fn is_of_chrono(said: &str) -> bool {
    [
        "input contains invalid characters",
        "premature end of input",
        "input is out of range",
        "trailing input",
        "no possible date and time matching input",
    ]
    .contains(&said)
}

fn kind(expected: &str) -> &'static str {
    match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "f64" | "f32" => "a number",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        expected if expected.contains("UUID") => "an id that Baton gave",
        expected if expected.contains("date and time") => "a time such as 2026-12-09T14:00:00Z",
        expected if expected.starts_with("struct") || expected == "a map" => "an object",
        expected if expected.contains("enum") || expected == "variant identifier" => {
            "one of the names in /docs"
        }
        _ => "of another type; /docs shows which",
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn what_serde_says_becomes_words_without_what_was_sent() {
        for (path, said, field, problem) in [
            (
                ".",
                "missing field `name` at line 1 column 2",
                "name",
                "is missing",
            ),
            (
                "questions[2]",
                "missing field `kind`",
                "questions[2].kind",
                "is missing",
            ),
            (
                "colour",
                "unknown field `colour`, expected `name` or `reply_to` at line 1 column 9",
                "colour",
                "is not known here; known are name, reply_to",
            ),
            (
                "questions[0]",
                "unknown field `x`, expected one of `id`, `kind`, `prompt`",
                "questions[0].x",
                "is not known here; known are id, kind, prompt",
            ),
            (
                "kind",
                "unknown variant `zoe@x.org`, expected `questionnaire` or `external`",
                "kind",
                "has to be one of questionnaire, external",
            ),
            (
                "title",
                "invalid type: integer `5`, expected a string",
                "title",
                "has to be a text",
            ),
            (
                ".",
                "invalid type: sequence, expected struct Body",
                "body",
                "has to be an object",
            ),
            (
                "candidate.email",
                "is not an e-mail address such as name@example.com at line 3 column 1",
                "candidate.email",
                "is not an e-mail address such as name@example.com",
            ),
        ] {
            assert_eq!(of(path, said), (field.to_owned(), problem.to_owned()));
        }
    }
}
