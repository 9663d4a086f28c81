//! The `Link` header (RFC 8288), in which Greenhouse names the next page.

/// One link of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// Where it leads, as it was written; may be relative.
    pub target: String,
    /// What is there (`rel`), in lower case.
    pub relations: Vec<String>,
}

/// A header that can't be read. The text repeats nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the Link header can't be read")]
pub struct BadLink;

/// Reads a header's value: any number of links, none where it is blank.
///
/// ```
/// use greenhouse_harvest::link;
///
/// let links = link::parse(r#"<https://harvest.greenhouse.io/v3/jobs?cursor=eyJ>; rel="next""#)?;
/// assert_eq!(links[0].target, "https://harvest.greenhouse.io/v3/jobs?cursor=eyJ");
/// assert!(links[0].is("next"));
/// # Ok::<(), link::BadLink>(())
/// ```
///
/// # Errors
///
/// [`BadLink`] for what is no list of links: a list cut short must not look like the last page.
pub fn parse(header: &str) -> Result<Vec<Link>, BadLink> {
    let mut links = Vec::new();
    let mut rest = skip(header, SPACE_OR_COMMA);
    while !rest.is_empty() {
        let (target, after) = target(rest)?;
        let (relations, after) = parameters(after)?;
        links.push(Link { target, relations });
        rest = skip(after, SPACE_OR_COMMA);
    }
    Ok(links)
}

impl Link {
    /// Whether it leads to what `relation` names; case does not count.
    pub fn is(&self, relation: &str) -> bool {
        self.relations
            .iter()
            .any(|known| known.eq_ignore_ascii_case(relation))
    }
}

const SPACE: &[char] = &[' ', '\t'];
const SPACE_OR_COMMA: &[char] = &[' ', '\t', ','];
/// What ends a name or an unquoted value.
const STOPS: &[char] = &[' ', '\t', ',', ';', '=', '"', '<', '>'];

fn skip<'a>(text: &'a str, set: &[char]) -> &'a str {
    text.trim_start_matches(set)
}

fn target(text: &str) -> Result<(String, &str), BadLink> {
    let inside = text.strip_prefix('<').ok_or(BadLink)?;
    let (target, after) = inside.split_once('>').ok_or(BadLink)?;
    Ok((target.trim().to_owned(), after))
}

/// The relations among the parameters of one link: those of the first `rel`.
fn parameters(mut rest: &str) -> Result<(Vec<String>, &str), BadLink> {
    let mut relations = None;
    loop {
        rest = skip(rest, SPACE);
        let Some(after) = rest.strip_prefix(';') else {
            break;
        };
        let (name, value, after) = parameter(skip(after, SPACE))?;
        if name.eq_ignore_ascii_case("rel") && relations.is_none() {
            let words = value.split_ascii_whitespace();
            relations = Some(words.map(str::to_ascii_lowercase).collect());
        }
        rest = after;
    }
    if rest.is_empty() || rest.starts_with(',') {
        Ok((relations.unwrap_or_default(), rest))
    } else {
        Err(BadLink)
    }
}

/// Name, value and what follows. Both may be blank: a stray semicolon does no harm.
fn parameter(text: &str) -> Result<(&str, String, &str), BadLink> {
    let (name, rest) = token(text);
    let rest = skip(rest, SPACE);
    let Some(value) = rest.strip_prefix('=') else {
        return Ok((name, String::new(), rest));
    };
    let value = skip(value, SPACE);
    if let Some(quoted) = value.strip_prefix('"') {
        let (value, rest) = quoted_string(quoted)?;
        return Ok((name, value, rest));
    }
    let (value, rest) = token(value);
    Ok((name, value.to_owned(), rest))
}

fn token(text: &str) -> (&str, &str) {
    text.split_at(text.find(STOPS).unwrap_or(text.len()))
}

/// From behind the opening quote to behind the closing one.
fn quoted_string(text: &str) -> Result<(String, &str), BadLink> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((value, &text[at + 1..])),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    Err(BadLink)
}
