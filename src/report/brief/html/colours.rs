//! Colours of the two themes as custom properties, the classes that use them, and what paper prints in its margins.

use std::fmt::Write;

use crate::brief::content::Brief;
use crate::figure::ink::{Ink, Theme};

/// Properties of both themes, and a class for each role of a mark (`f-in` fills, `s-in` draws, `c-in` writes).
///
/// The dark theme is for screens alone, by the reader's choice or, until there is one, by the system's.
pub(super) fn properties(out: &mut String, light: &Theme, dark: &Theme) {
    let (light, dark) = (theme(light, "light"), theme(dark, "dark"));
    let _ = writeln!(
        out,
        ":root{{{light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n\
         @media screen{{:root[data-theme=dark]{{{dark}}}}}"
    );
    for ink in Ink::all() {
        let word = ink.word();
        let _ = write!(out, ".f-{word}{{fill:var(--{word})}}.s-{word}{{stroke:var(--{word})}}");
        if !of_a_scale(ink) {
            let _ = write!(out, ".c-{word}{{color:var(--{word})}}");
        }
    }
    out.push('\n');
}

/// Whether a role is one of many on a scale, in which nothing is written outside of figures.
fn of_a_scale(ink: Ink) -> bool {
    use Ink::{Category, Diverging, OnDiverging, OnSequential, Sequential};
    matches!(ink, Category(_) | Diverging(_) | Sequential(_) | OnDiverging(_) | OnSequential(_))
}

fn theme(theme: &Theme, scheme: &str) -> String {
    let mut out = format!("color-scheme:{scheme}");
    for ink in Ink::all() {
        // A template's colour stands in a style sheet here, where nothing but a colour may stand.
        let colour: String =
            theme.colour(ink).chars().filter(|c| *c == '#' || c.is_ascii_alphanumeric()).collect();
        let _ = write!(out, ";--{}:{colour}", ink.word());
    }
    out
}

/// The series at the left foot of every printed page, its number at the right, in one language.
pub(super) fn page_margins(out: &mut String, brief: &Brief) {
    let word = brief.language.word();
    let (left, right) = (quoted(&brief.masthead.series), page_of_pages(&brief.labels.page));
    let how = "font:8pt var(--sans),sans-serif;color:#5D6A76";
    let _ = writeln!(
        out,
        "html[data-lang={word}] body{{page:{word}}}\n\
         @page {word}{{@bottom-left{{content:{left};{how}}}@bottom-right{{content:{right};{how}}}}}"
    );
}

/// `{page}` and `{pages}` of a text as the counters of a style sheet.
fn page_of_pages(text: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        parts.push(quoted(before));
        rest = if let Some(behind) = from.strip_prefix("{pages}") {
            parts.push("counter(pages)".to_owned());
            behind
        } else if let Some(behind) = from.strip_prefix("{page}") {
            parts.push("counter(page)".to_owned());
            behind
        } else {
            parts.push(quoted("{"));
            &from[1..]
        };
    }
    parts.push(quoted(rest));
    parts.join(" ")
}

/// A string of a style sheet that cannot end it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '<' | '>' | '\n' | '\r' | '\u{c}' | '\0' => {
                let _ = write!(out, "\\{:x} ", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_take_the_place_of_words_in_brackets() {
        assert_eq!(
            page_of_pages("第 {page} 页，共 {pages} 页"),
            "\"第 \" counter(page) \" 页，共 \" counter(pages) \" 页\""
        );
        assert_eq!(page_of_pages("{x}"), "\"\" \"{\" \"x}\"");
    }

    #[test]
    fn a_string_cannot_end_its_style_sheet() {
        assert_eq!(quoted("</style>\"\\"), "\"\\3c /style\\3e \\22 \\5c \"");
    }

    #[test]
    fn a_colour_is_only_a_colour() {
        let mut bad = Theme::light();
        bad.set(Ink::In, "#fff}</style>");
        assert!(theme(&bad, "light").contains(";--in:#fffstyle;"));
    }
}
