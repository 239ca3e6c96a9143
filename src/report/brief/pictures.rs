//! Pictures beside a text: figures as SVG files of their own, and the logo.

use std::fmt::Write;

use crate::brief::content::{Block, Brief};
use crate::figure::Width;
use crate::figure::canvas::Alt;
use crate::numerals::Language;

/// A picture in a folder beside a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name in the folder: `fig1-net-transfer-zh.svg`.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A figure as a text refers to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The file.
    pub picture: Picture,
    /// Width and height in px.
    pub size: [f64; 2],
    /// What it is and shows.
    pub alt: Alt,
}

/// The first view of a block, drawn wide, with one list of font families; `at` is its number in the brief.
pub fn draw(brief: &Brief, at: usize, family: &str) -> Option<Drawn> {
    let block = &brief.blocks[at];
    let figure = &block.views.first()?.figure;
    let (drawing, alt) = (figure.draw(&brief.style, Width::Wide), figure.alt(&brief.style));
    let bytes = drawing.svg("figure", family, &alt).into_bytes();
    let name = format!("{}-{}.svg", name(block, at), brief.language.word());
    Some(Drawn { picture: Picture { name, bytes }, size: [drawing.width, drawing.height], alt })
}

/// A file name from a block's word, whatever that word is: `fig1-net-transfer`.
fn name(block: &Block, at: usize) -> String {
    let mut name = format!("fig{}", at + 1);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let word: String = block.id.chars().map(plain).take(40).collect();
    if word.chars().any(|c| c != '-') {
        let _ = write!(name, "-{}", word.trim_matches('-'));
    }
    name
}

/// The logo of a masthead, if its address holds a picture that texts can show.
///
/// # Examples
/// ```
/// use irio::report::brief::pictures::logo;
/// let picture = logo("data:image/svg+xml;base64,PHN2Zy8+").unwrap();
/// assert_eq!((picture.name.as_str(), picture.bytes.as_slice()), ("logo.svg", &b"<svg/>"[..]));
/// assert_eq!(logo("https://example.org/logo.svg"), None);
/// ```
pub fn logo(address: &str) -> Option<Picture> {
    let (kind, data) = address.strip_prefix("data:image/")?.split_once(',')?;
    let (kind, coded) = match kind.strip_suffix(";base64") {
        Some(kind) => (kind, true),
        None => (kind, false),
    };
    let ending = match kind.split(';').next()? {
        "svg+xml" => "svg",
        "png" => "png",
        "jpeg" => "jpg",
        "gif" => "gif",
        "webp" => "webp",
        _ => return None,
    };
    let bytes = if coded { from_base64(data) } else { from_percents(data) }?;
    Some(Picture { name: format!("logo.{ending}"), bytes })
}

/// Adds a picture of a brief in a language, once for all languages that have the same, and tells its name.
pub(super) fn keep(pictures: &mut Vec<Picture>, picture: Picture, language: Language) -> String {
    let same = |one: &&Picture| one.bytes == picture.bytes;
    if let Some(known) = pictures.iter().find(same) {
        return known.name.clone();
    }
    let taken = pictures.iter().any(|one| one.name == picture.name);
    let name = match taken {
        true => format!("{}-{}", language.word(), picture.name),
        false => picture.name.clone(),
    };
    pictures.push(Picture { name: name.clone(), bytes: picture.bytes });
    name
}

/// Bytes of a text in base64; nothing if it is none.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

/// Bytes of a text in which `%41` stands for `A`; nothing if it is none.
fn from_percents(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            byte => byte,
        });
    }
    Some(bytes)
}

/// A drawing for print in one of the Noto Sans families for Chinese. A text with a character that the font lacks
/// would be shown in another font as a whole: indices become small digits, what is not seen goes. In English the
/// font's quotes and dots are as wide as a Han character, so plain ones take their place.
pub fn printable(svg: &str, language: Language) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(start) = rest.find("<text") {
        let end = rest[start..].find("</text>").map_or(rest.len(), |length| start + length);
        out.push_str(&rest[..start]);
        let mut inside = false;
        for c in rest[start..end].chars() {
            inside = match c {
                '<' => false,
                '>' => true,
                _ => inside,
            };
            if inside { letter(c, language, &mut out) } else { out.push(c) }
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn letter(c: char, language: Language, out: &mut String) {
    let english = language == Language::English;
    match c {
        '₀'..='₉' => {
            let digit = char::from(b'0' + (c as u32 - '₀' as u32) as u8);
            let _ = write!(out, "<tspan baseline-shift=\"-25%\" font-size=\"70%\">{digit}</tspan>");
        }
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        '‘' | '’' if english => out.push('\''),
        '“' | '”' if english => out.push_str("&quot;"),
        '…' if english => out.push_str("..."),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::sample;

    #[test]
    fn figures_have_names_for_any_file_system() {
        let mut brief = sample::brief(Language::Chinese);
        assert_eq!(draw(&brief, 0, "Noto").unwrap().picture.name, "fig1-net-transfer-zh.svg");
        brief.blocks[1].id = "../净 Transfer".to_owned();
        assert_eq!(draw(&brief, 1, "Noto").unwrap().picture.name, "fig2-transfer-zh.svg");
        brief.blocks[1].id = "净".to_owned();
        assert_eq!(draw(&brief, 1, "Noto").unwrap().picture.name, "fig2-zh.svg");
        brief.blocks[1].views.clear();
        assert_eq!(draw(&brief, 1, "Noto"), None);
    }

    #[test]
    fn logos_are_told_by_their_address() {
        let bytes = |address: &str| logo(address).map(|picture| picture.bytes);
        assert_eq!(
            bytes("data:image/png;base64,iVBORw0KGgo="),
            Some(b"\x89PNG\r\n\x1a\n".to_vec())
        );
        assert_eq!(bytes("data:image/svg+xml;utf8,%3Csvg/%3e"), Some(b"<svg/>".to_vec()));
        for wrong in ["data:image/png;base64,***", "data:image/svg+xml,%4", "data:text/plain,a", ""]
        {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn logos_are_kept_once_and_others_beside_them() {
        let mut pictures = Vec::new();
        let mut keep = |bytes: &[u8], language| {
            let picture = Picture { name: "logo.svg".to_owned(), bytes: bytes.to_vec() };
            keep(&mut pictures, picture, language)
        };
        assert_eq!(keep(b"a", Language::Chinese), "logo.svg");
        assert_eq!(keep(b"a", Language::English), "logo.svg");
        assert_eq!(keep(b"b", Language::English), "en-logo.svg");
        assert_eq!(pictures.len(), 2);
    }

    #[test]
    fn letters_that_the_font_lacks_are_replaced_in_texts_only() {
        let svg =
            "<svg><desc>CO₂ “a”</desc><text x=\"₂\">CO₂ “a”…</text><text>b\u{2060}～</text></svg>";
        let english = printable(svg, Language::English);
        let index = "<tspan baseline-shift=\"-25%\" font-size=\"70%\">2</tspan>";
        assert_eq!(
            english,
            format!(
                "<svg><desc>CO₂ “a”</desc><text x=\"₂\">CO{index} &quot;a&quot;...</text><text>b～</text></svg>"
            )
        );
        assert!(printable(svg, Language::Chinese).contains("“a”…</text>"));
    }
}
