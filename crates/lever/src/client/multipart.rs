//! One file as `multipart/form-data` (RFC 7578), held in memory so that it can be sent once more.

use super::NewFile;

/// The content type and the body.
pub(super) fn form(file: &NewFile) -> (String, Vec<u8>) {
    let boundary = boundary(&file.bytes);
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
        quoted(&file.name),
        one_line(&file.content_type),
    );
    let mut body = head.into_bytes();
    body.extend_from_slice(&file.bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// A line that the content does not hold. It need not be a secret, so it needs no chance: it is lengthened until it fits.
fn boundary(bytes: &[u8]) -> String {
    let mut boundary = String::from("lever-file");
    while holds(bytes, boundary.as_bytes()) {
        boundary.push('-');
    }
    boundary + "end"
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// As browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_boundary_stands_only_at_the_ends(bytes in prop::collection::vec(any::<u8>(), 0..200), decoys in 0..5_usize) {
            let mut content = bytes;
            content.extend(b"\r\n--lever-file---end".repeat(decoys));
            let file = NewFile::new("a\"b\r\n.pdf", "application/pdf\r\nX: y", content.clone());
            let (content_type, body) = form(&file);
            let boundary = content_type.rsplit('=').next().expect("a boundary");
            let found = body.windows(boundary.len()).filter(|window| *window == boundary.as_bytes());
            prop_assert_eq!(found.count(), 2);
            let head_end = body.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
            prop_assert_eq!(&body[head_end..head_end + content.len()], &content[..]);
            let head = String::from_utf8_lossy(&body[..head_end]);
            prop_assert_eq!(head.lines().count(), 4);
        }
    }
}
