//! As much of `multipart/form-data` as an uploaded file needs.

/// One part with a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) file_name: String,
    pub(super) content_type: String,
    pub(super) content: &'a [u8],
}

/// The part called `name`; none where there is no such part or the body is something else.
pub(super) fn part<'a>(content_type: &str, body: &'a [u8], name: &str) -> Option<Part<'a>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim().trim_matches('"'))
    })?;
    let delimiter = format!("--{boundary}");
    let mut rest = &body[find(body, delimiter.as_bytes())? + delimiter.len()..];
    // Each round stands behind a delimiter: two dashes would end the body.
    while let Some(after) = rest.strip_prefix(b"\r\n") {
        let end = find(after, format!("\r\n{delimiter}").as_bytes())?;
        if let Some(part) = read(&after[..end], name) {
            return Some(part);
        }
        rest = &after[end + 2 + delimiter.len()..];
    }
    None
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn read<'a>(part: &'a [u8], name: &str) -> Option<Part<'a>> {
    let head_end = find(part, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part[..head_end]);
    let header = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    let parameter = |wanted: &str| {
        disposition.split(';').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            (name.trim() == wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    (parameter("name")? == name).then(|| Part {
        file_name: parameter("filename").unwrap_or_default(),
        content_type: header("content-type")
            .unwrap_or_else(|| "application/octet-stream".to_owned()),
        content: &part[head_end + 4..],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_among_other_parts() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"cv.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
            %PDF\r\n\r\nend\r\n--x--\r\n";
        let found = part("multipart/form-data; boundary=x", body.as_bytes(), "file");
        let expected = Part {
            file_name: "cv.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            content: b"%PDF\r\n\r\nend",
        };
        assert_eq!(found, Some(expected));
        let other = part("multipart/form-data; boundary=x", body.as_bytes(), "cv");
        assert_eq!(other, None);
    }
}
