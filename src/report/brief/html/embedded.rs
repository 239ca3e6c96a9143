//! Results files in the page: each stands in it once, as a link from which it is saved byte for byte.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, GzBuilder};

use super::{each, joint};
use crate::brief::content::Brief;
use crate::figure::canvas::escaped;

/// Bytes of a file up to which it stands in the page as it is. Larger ones are packed, so that a page of 30 regions
/// stays within 2 MB; the script unpacks them, and without it they are saved as `NAME.gz`.
const PLAIN: usize = 40_000;

/// The files of a page by name.
pub(super) struct Embedded<'a>(&'a BTreeMap<String, String>);

impl<'a> Embedded<'a> {
    pub(super) fn new(files: &'a BTreeMap<String, String>) -> Self {
        Embedded(files)
    }

    /// A link that saves a file, in the words of a language; its bare name where the page does not have it.
    pub(super) fn link(&self, name: &str, words: &str) -> String {
        let shown = format!("<code>{}</code>", escaped(name));
        match self.0.keys().position(|key| key == name) {
            Some(at) => {
                let (id, words) = (address(at), escaped(words));
                format!("<a href=\"#{id}\" data-file=\"{id}\">{words} {shown}</a>")
            }
            None => shown,
        }
    }

    /// The end of the page: who publishes it, and the files themselves.
    pub(super) fn footer(&self, out: &mut String, briefs: &[&Brief]) {
        out.push_str("<footer class=\"foot\"><div class=\"wrap\">");
        let imprint = each(briefs, "p", |brief| {
            let mast = &brief.masthead;
            let parts = [&mast.institution, &mast.series, &mast.issue];
            let kept: Vec<String> = parts
                .into_iter()
                .filter(|part| !part.is_empty())
                .map(|part| escaped(part))
                .collect();
            kept.join(" · ")
        });
        out.push_str(&imprint);
        if !self.0.is_empty() {
            let label = joint(briefs, |brief| &brief.labels.download);
            let _ = write!(out, "\n<nav class=\"files\" aria-label=\"{label}\">");
            out.push_str(&each(briefs, "p", |brief| escaped(&brief.labels.download)));
            for (at, (name, text)) in self.0.iter().enumerate() {
                let (id, name) = (address(at), escaped(name));
                let target = match packed(text) {
                    Some(body) => format!(
                        "data-name=\"{name}\" download=\"{name}.gz\" href=\"data:application/gzip;base64,{body}\""
                    ),
                    None => format!("download=\"{name}\" href=\"{}\"", data_address(text)),
                };
                let _ = writeln!(out, "<a id=\"{id}\" {target}><code>{name}</code></a>");
            }
            out.push_str("</nav>");
        }
        out.push_str("</div></footer>\n");
    }
}

/// Where a file stands in the page.
fn address(at: usize) -> String {
    format!("file_{}", at + 1)
}

/// A large text as gzip in base64; the same bytes for the same text, since the head has neither name nor time.
fn packed(text: &str) -> Option<String> {
    if text.len() <= PLAIN {
        return None;
    }
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    // Writing into memory does not fail; if it did, the text would stand as it is.
    gzip.write_all(text.as_bytes()).ok()?;
    gzip.finish().ok().map(|bytes| STANDARD.encode(bytes))
}

/// A text as an address that is the text.
fn data_address(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    out.push_str("data:text/csv;charset=utf-8,");
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b',' | b'.' | b'-' | b'_' | b':' | b'/' => {
                out.push(char::from(byte));
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn large_files_are_packed_without_loss() {
        assert_eq!(packed(&"x".repeat(PLAIN)), None);
        let text = "北京,1.5\n".repeat(PLAIN);
        let body = packed(&text).unwrap();
        assert!(body.len() < text.len() / 50);
        let mut back = String::new();
        let bytes = STANDARD.decode(body).unwrap();
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut back).unwrap();
        assert_eq!(back, text);
    }

    #[test]
    fn an_address_has_every_byte_of_its_file() {
        let text = "\u{feff}region,\"值\"\r\n</script>,1.5%\n";
        let address = data_address(text);
        let body = address.strip_prefix("data:text/csv;charset=utf-8,").unwrap();
        let mut bytes = Vec::new();
        let mut rest = body.bytes();
        while let Some(byte) = rest.next() {
            let digit = |byte: Option<u8>| char::from(byte.unwrap()).to_digit(16).unwrap() as u8;
            bytes.push(match byte {
                b'%' => digit(rest.next()) * 16 + digit(rest.next()),
                byte => byte,
            });
        }
        assert_eq!(bytes, text.as_bytes());
        assert!(!body.contains(['<', '>', '"', '&', ' ']));
    }
}
