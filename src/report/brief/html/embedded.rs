//! Results files in the page: each stands in it once, as a link from which it is saved byte for byte.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{each, joint};
use crate::brief::content::Brief;
use crate::figure::canvas::escaped;

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
                let _ = writeln!(
                    out,
                    "<a id=\"{id}\" download=\"{name}\" href=\"{}\"><code>{name}</code></a>",
                    data_address(text)
                );
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
    use super::*;

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
